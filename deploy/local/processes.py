"""Every process of the product, at a glance."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

SERVICE_RUNNER = "services.contracts.messaging.run"

PORTAL, LIVE, MAILBOX, SMTP, WECHAT, FIRST_SERVICE = 0, 1, 2, 3, 4, 11
"""Distances from PORT; the health ports of the services begin at the last."""


@dataclass(frozen=True)
class Process:
    """One row of the table.

    ``health`` is the distance of its HTTP port from PORT, ``path`` what answers there when it
    is ready. ``owns`` are the prefixes of the secret addresses it is told; it sees no others.
    ``forks``: its workers are its children. Lower ``stage`` starts no earlier but stops later.
    """

    name: str
    command: tuple[str, ...]
    health: int
    path: str = "/readyz"
    owns: tuple[str, ...] = ()
    nice: int = 0
    forks: bool = False
    stage: int = 1


def service(name: str, health: int, *words: str, **more) -> Process:
    """A nameko service; ``words`` are what its runner is told unless that follows from the name."""
    words = words or (f"services.{name}.service:{name.capitalize()}Service",)
    return Process(name, (SERVICE_RUNNER, *words), health, **{"owns": (f"{name.upper()}_",)} | more)


# What nobody waits for yields to what somebody waits for: on two cores the messages of a burst
# would otherwise halve the speed of the requests that cause it.
PATIENT = 15

MESSAGING = ("SENDER_", "LINK_", "SMTP_", "WECHAT_APP_", "WECHAT_TEMPLATE_", "WECOM_", "WEBHOOK_")

PROCESSES = (
    Process("mailbox", ("deploy.standins.mailbox",), MAILBOX, "/api/messages", nice=PATIENT, stage=0),
    Process(
        "wechat", ("deploy.standins.wechat",), WECHAT, "/api/messages", nice=PATIENT,
        owns=("WECHAT_", "WECOM_"), stage=0,
    ),
    service("accounts", 11),
    service("facilities", 12),
    service("booking", 13),
    Process("solver", ("services.booking.solving",), 17, nice=PATIENT, owns=("SOLVER_",)),
    service("notify", 14, nice=PATIENT, owns=("NOTIFY_", "LINK_", "WECHAT_APP_", "WECOM_SECRET", "WEBHOOK_")),
    service(
        "sender", 15, "services.notify.service:SenderService", "--config", "services/notify/sender.yml",
        nice=PATIENT, owns=MESSAGING,
    ),
    service("live-feed", 16, "services.portal.live.service:LiveService", nice=PATIENT, owns=("LIVE_",)),
    Process(
        "live",
        ("deploy.local.lifeline", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", "{live_port}",
         "--workers", "1", "--no-ws", "--log-level", "warning", "services.portal.live.stream:app"),
        LIVE, "/healthz", forks=True, stage=2,
    ),
    Process(
        "portal",
        ("deploy.local.lifeline", "gunicorn", "--config", "deploy/gunicorn.conf.py",
         "services.portal.app:create_app()"),
        PORTAL, owns=("PORTAL_", "SECRET_KEY", "WECHAT_CALLBACK_"), forks=True, stage=2,
    ),
)  # fmt: skip

PORT_OFFSETS = (SMTP, *(process.health for process in PROCESSES))
SECRETS = (
    "_DATABASE_URL", "_AMQP_URL", "_PASSWORD", "_SECRET", "SECRET_KEY", "_ROBOT_KEY", "_ROBOT_KEYS",
    "_CALLBACK_TOKEN", "_CALLBACK_KEY",
)  # fmt: skip


def command_of(process: Process, port: int) -> list[str]:
    return [sys.executable, "-m", *(word.format(live_port=port + LIVE) for word in process.command)]


def environment_of(process: Process, everything: Mapping[str, str]) -> dict[str, str]:
    """All settings but the other processes' secrets."""
    mine = {
        name: value
        for name, value in everything.items()
        if not name.endswith(SECRETS) or name.startswith(process.owns or ("-",))
    }
    if process.name == "portal":
        # Sixteen threads with a heap each would keep what each once needed for a large board.
        mine.setdefault("MALLOC_ARENA_MAX", "2")
    else:
        mine.pop("PROMETHEUS_MULTIPROC_DIR", None)  # only its workers share their counts
    return mine
