"""stack.json: where the running stack is and which processes do its work."""

import json
import os
from pathlib import Path
from typing import Any

from deploy.local.environment import local, verify_urls
from deploy.local.processes import LIVE, MAILBOX, PORTAL, WECHAT
from deploy.local.servers import Servers
from deploy.local.settings import Passwords, Settings, write_private
from deploy.local.supervisor import Supervisor


def addresses(settings: Settings, servers: Servers, passwords: Passwords, port: int) -> dict[str, Any]:
    """The part that does not change while the stack runs."""
    return {
        "portal": local(port + PORTAL),
        "live": local(port + LIVE),
        "mailbox": local(port + MAILBOX),
        "wechat": local(port + WECHAT),
        "amqp": servers.amqp_url,
        "redis": servers.redis_url,
        "databases": verify_urls(servers, passwords),
        "logs": str(settings.logs),
        "supervisor": os.getpid(),
    }


def write(path: Path, known: dict[str, Any], supervisor: Supervisor, ready: bool) -> None:
    now = {
        "ready": ready,
        "processes": supervisor.workers(servers=False),
        "servers": supervisor.workers(servers=True),
    }
    write_private(path, json.dumps(known | now, indent=1))


def read(settings: Settings) -> dict[str, Any]:
    """The description, or nothing while there is none."""
    try:
        return json.loads(settings.description.read_text())
    except (OSError, ValueError):
        return {}
