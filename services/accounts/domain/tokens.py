"""API tokens: how one looks, and what is kept of it.

    pbb_ Qm3xT0v...(32 or more random characters)  482913
    mark                                           check digits

The mark lets a secret scanner find a token that leaked; the check digits tell a mistyped
one from a revoked one without a look into the database.
"""

import hashlib
import re
import zlib
from dataclasses import dataclass
from datetime import datetime

SHAPE = re.compile(r"pbb_([A-Za-z0-9_-]{32,100})([0-9]{6})")
PREFIX_LENGTH = 10


@dataclass(frozen=True, kw_only=True)
class Token:
    """What is stored: ``hash`` stands for the secret, ``prefix`` lets its owner recognise it."""

    token: str
    person: str
    name: str
    prefix: str
    hash: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


def compose(random_text: str) -> str:
    """The secret around at least 32 random url-safe characters."""
    return f"pbb_{random_text}{check_digits(random_text)}"


def check_digits(text: str) -> str:
    return f"{zlib.crc32(text.encode()) % 1_000_000:06}"


def is_well_formed(secret: str) -> bool:
    match = SHAPE.fullmatch(secret)
    return bool(match) and check_digits(match[1]) == match[2]


def prefix_of(secret: str) -> str:
    return secret[:PREFIX_LENGTH]


def hash_of(secret: str) -> str:
    """SHA-256 is enough: what is hashed is random, and nobody can guess through 192 bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
