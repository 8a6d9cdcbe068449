"""Tying a person to an account elsewhere, by a code that is made for one person and used once.

    open ─► scanned ─► bound        the first account that scans it is the one; its owner confirms on the page
      └────────┴─────► expired

A binding that is suspended (the account follows us no longer, or the provider refuses it) stays
with its person and is not sent to; only binding anew, which is a consent, brings it back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LIFE = timedelta(minutes=5)
"""How long a code may be scanned, and after that be confirmed."""

SCENE_PREFIX = "qrscene_"
SHOWN = 4


class CodeState(StrEnum):
    OPEN = "open"
    SCANNED = "scanned"
    BOUND = "bound"
    EXPIRED = "expired"


class BindingState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


@dataclass(frozen=True, kw_only=True)
class Code:
    """``external_id`` is the account that scanned it; ``address`` is what its picture says."""

    code: str
    person: str
    channel: str
    expires_at: datetime
    external_id: str | None = None
    bound_at: datetime | None = None
    address: str = ""

    def state(self, now: datetime) -> CodeState:
        if self.bound_at is not None:
            return CodeState.BOUND
        if now >= self.expires_at:
            return CodeState.EXPIRED
        return CodeState.SCANNED if self.external_id else CodeState.OPEN


def scene_of(code: str) -> str:
    """What the picture carries: 122 random bits that nobody else is told."""
    return code.replace("-", "")


def scanned_scene(event: str, key: str) -> str | None:
    """The scene of a scan; None for an event that is none, such as following without a code."""
    if event == "SCAN":
        return key
    return key.removeprefix(SCENE_PREFIX) if event == "subscribe" and key.startswith(SCENE_PREFIX) else None


def hint(external_id: str) -> str:
    """The end of an external id: enough to tell two of one's own apart, too little to misuse."""
    return f"…{external_id[-SHOWN:]}"
