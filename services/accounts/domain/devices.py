"""Screens at doors and in the hall: paired by a code that lives for minutes, known by a secret afterwards."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without what is mistaken for something else: no I and O, no 0 and 1."""

CODE_LENGTH = 8
CODE_LIVES = timedelta(minutes=10)
DOOR = "door."
HALL = "hall"


@dataclass(frozen=True, kw_only=True)
class Device:
    """``hash`` stands for its secret, None until it is paired; ``code_hash`` for the code that pairs it, until then."""

    device: str
    name: str
    facility: str | None
    created_by: str
    created_at: datetime
    code_hash: str | None
    code_until: datetime
    hash: str | None = None
    paired_at: datetime | None = None
    revoked_at: datetime | None = None

    def can_be_paired(self, now: datetime) -> bool:
        return self.paired_at is None and self.revoked_at is None and now < self.code_until

    def paired(self, secret: str, now: datetime) -> "Device":
        return replace(self, hash=hash_of(secret), code_hash=None, paired_at=now)


def code_of(random_bytes: bytes) -> str:
    """A code of eight letters and digits from as many random bytes."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in random_bytes[:CODE_LENGTH])


def normal(code: str) -> str:
    """As it was made, however it was typed."""
    return code.upper().replace(" ", "").replace("-", "")


def hash_of(secret: str) -> str:
    """SHA-256 is enough: what is hashed is random."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_of(facility: str | None) -> str:
    """As whom a screen acts; the services give such a name the rights of a door, or of looking only."""
    return HALL if facility is None else f"{DOOR}{facility}"


def is_reserved(person: str) -> bool:
    """Whether a sign-in name would be taken for a screen."""
    return person == HALL or person.startswith(DOOR)


def may_look_after(roles: frozenset[str], manages: tuple[str, ...], facility: str | None) -> bool:
    """Base managers and admins look after all screens, facility managers after those at their facilities."""
    return bool(roles & {"admin", "base_manager"}) or (facility is not None and facility in manages)


def identity_of(device: Mapping[str, Any]) -> dict[str, Any]:
    """A screen as the portal knows who asks."""
    return {
        "person": actor_of(device["facility"]), "name": device["name"], "language": "zh-Hans", "active": True,
        "roles": [], "manages": [], "teams": [], "device": device["device"], "facility": device["facility"],
    }
