"""A delivery: one fact, told to one person on one channel, its text frozen when it is written."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notify.domain.outcomes import State, Trial

NAMESPACE = uuid.UUID("6f5c0d7e-2f0a-5d7b-9a39-6f4f3ad0f2b4")


@dataclass(frozen=True)
class Cause:
    """The fact that people are told of: its id, the thread it belongs to, and when it was heard."""

    event_id: str
    correlation_id: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """``content`` is what the channel sends, in the recipient's language; ``address`` where to, as of then.

    It is due at ``due_at`` and of no use from ``expires_at`` on; ``held`` waits for the recipient's digest.
    ``only_while`` names what must still hold of the reservation: its states, starts_at and ends_at.
    ``fallback`` is the mail, ``{address, content}``, that goes out instead when this one is dead
    or did not arrive; None when the person is told by mail anyway, or has no address.
    """

    id: str
    event_id: str
    event_type: str
    reservation: str | None
    version: int
    recipient: str
    channel: str
    address: str
    content: dict[str, Any]
    correlation_id: str
    created_at: datetime
    step: str = ""
    category: str = ""
    critical: bool = False
    state: str = State.PENDING
    due_at: datetime | None = None
    expires_at: datetime | None = None
    only_while: dict[str, Any] | None = None
    fallback: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Claimed(Delivery):
    """A delivery that this sender alone may send until its lease ends."""

    attempt: int
    trial: Trial


def identity(event_id: str, recipient: str, channel: str) -> str:
    """The same id whenever the same delivery is written, and the name under which providers recognise a repeat."""
    return str(uuid.uuid5(NAMESPACE, f"{event_id} {recipient} {channel}"))


def fallback_for(delivery: Delivery, address: str, now: datetime) -> Delivery:
    """The mail in place of a delivery that could not be made. Its identity is that of the fact's only mail."""
    told = vars(delivery) | (delivery.fallback or {})
    told |= {"id": identity(delivery.event_id, delivery.recipient, "email"), "channel": "email", "fallback": None}
    told |= {"state": State.PENDING, "due_at": None}
    names = Delivery.__dataclass_fields__
    return Delivery(**{name: told[name] for name in names} | {"address": address, "created_at": now})
