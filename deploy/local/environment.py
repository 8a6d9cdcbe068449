"""What the processes are told: the variables of deploy/env.example, worked out for this stack."""

import base64
import hashlib
import os
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from deploy.local.processes import FIRST_SERVICE, LIVE, MAILBOX, PORTAL, PROCESSES, SMTP, WECHAT
from deploy.local.program import STACK_MARK
from deploy.local.servers import Servers
from deploy.local.settings import Passwords, Settings
from services.contracts.messaging.topology import PERMISSIONS, SERVICES

ADMINISTRATORS = ("DATABASE_URL", "AMQP_URL")


def local(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def with_account(url: str, user: str, password: str, path: str | None = None) -> str:
    """The same server for somebody else."""
    parts = urlsplit(url)
    address = f"{user}:{quote(password, safe='')}@{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    return parts._replace(netloc=address, path=parts.path if path is None else path).geturl()


def databases(servers: Servers, passwords: Passwords) -> dict[str, str]:
    url = servers.database_url
    told = {
        f"{service.upper()}_DATABASE_URL": with_account(url, service, passwords[f"database.{service}"], f"/{service}")
        for service in SERVICES
    }
    return told | {
        "SENDER_DATABASE_URL": told["NOTIFY_DATABASE_URL"],
        "SOLVER_DATABASE_URL": told["BOOKING_DATABASE_URL"],
    }


def brokers(servers: Servers, passwords: Passwords, own: bool) -> dict[str, str]:
    """A user each on our own broker. On another, which takes no users from us, they share the one given."""
    url = servers.amqp_url
    return {
        f"{user.upper()}_AMQP_URL": with_account(url, user, passwords[f"broker.{user}"]) if own else url
        for user in PERMISSIONS
    }


def addresses(port: int) -> dict[str, str]:
    """Where things listen, and where others find them."""
    health = {
        f"{process.name.removesuffix('-feed').upper()}_HTTP_ADDRESS": f"127.0.0.1:{port + process.health}"
        for process in PROCESSES
        if process.health >= FIRST_SERVICE
    }
    return health | {
        "PORT": str(port + PORTAL),
        "PUBLIC_URL": local(port + PORTAL),
        "LIVE_URL": f"{local(port + LIVE)}/live",
        "MAILBOX_HTTP_PORT": str(port + MAILBOX),
        "MAILBOX_SMTP_PORT": str(port + SMTP),
        "WECHAT_PORT": str(port + WECHAT),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port + SMTP),
        "SMTP_SENDER": "pilot-base@localhost",
        "SMTP_TLS": "no",
        "WECHAT_API_BASE": local(port + WECHAT),
        "WECOM_API_BASE": local(port + WECHAT),
        "WECHAT_OPEN_BASE": local(port + WECHAT),
        "WECHAT_CALLBACK_URL": f"{local(port + PORTAL)}/wechat/callback",
    }


def aes_key(password: str) -> str:
    """43 characters that are 32 bytes in base64, as the platform's EncodingAESKey is."""
    return base64.b64encode(hashlib.sha256(password.encode()).digest()).decode().rstrip("=")


def verify_urls(servers: Servers, passwords: Passwords) -> dict[str, str]:
    """Read-only addresses, by service."""
    url = servers.database_url
    return {service: with_account(url, "verify", passwords["database.verify"], f"/{service}") for service in SERVICES}


def secrets(passwords: Passwords) -> dict[str, str]:
    """What processes sign with, and what the stand-ins know them by."""
    return {
        "SECRET_KEY": passwords["secret-key"],
        "LINK_SECRET": passwords["links"],
        "WEBHOOK_SECRET": passwords["webhook"],
        "WECHAT_APP_ID": "wx-stand-in",
        "WECHAT_APP_SECRET": passwords["wechat"],
        "WECHAT_CALLBACK_TOKEN": passwords["wechat.callback"],
        "WECHAT_CALLBACK_KEY": aes_key(passwords["wechat.callback-key"]),
        "WECOM_CORP_ID": "ww-stand-in",
        "WECOM_SECRET": passwords["wecom"],
        "WECOM_AGENT_ID": "1000002",
        "WECOM_ROBOT_KEY": passwords["wecom-robot"],
        "WECOM_ROBOT_KEYS": f"base={passwords['wecom-robot']}",
    }


def everything(
    settings: Settings, servers: Servers, passwords: Passwords, port: int, given: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """For all processes together; what was given by hand wins over what is worked out here."""
    worked_out = {
        **addresses(port),
        **databases(servers, passwords),
        **brokers(servers, passwords, own=settings.amqp_url is None),
        **secrets(passwords),
        "REDIS_URL": servers.redis_url,
        "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
        "SECURE_COOKIES": "no",
        "PROMETHEUS_MULTIPROC_DIR": str(settings.state_dir / "metrics"),
    }
    ours = {
        "STATE_DIR": str(settings.state_dir),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        STACK_MARK: settings.identity,
    }
    inherited = {name: value for name, value in given.items() if name not in ADMINISTRATORS}
    return worked_out | inherited | ours


def for_tools(told: Mapping[str, str], servers: Servers, passwords: Passwords) -> dict[str, str]:
    """For an operator's commands: the administrators' addresses as well, and no mark of the stack."""
    mine = {name: value for name, value in told.items() if name != STACK_MARK}
    return mine | {
        "DATABASE_URL": servers.database_url,
        "AMQP_URL": servers.amqp_url,
        "VERIFY_DATABASE_URL": with_account(servers.database_url, "verify", passwords["database.verify"]),
    }
