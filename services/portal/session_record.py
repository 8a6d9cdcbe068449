"""What a session is: a random id in the browser's cookie, and in Redis a record under its hash.

Only the hash is kept, so that whoever reads Redis cannot take over a session. The record
ends after an hour without a request, and after a day in any case.
"""

import hashlib
import json
import re
import secrets
from dataclasses import asdict, dataclass

IDLE_SECONDS = 60 * 60
LONGEST_SECONDS = 24 * 60 * 60
ENDED_CHANNEL = "sessions-ended"

SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Session:
    """Somebody is signed in; ``began`` is in seconds since 1970."""

    person: str
    began: float

    def is_over(self, now: float) -> bool:
        return now - self.began >= LONGEST_SECONDS

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_text(text: str | bytes) -> "Session":
        return Session(**json.loads(text))


def new_id() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def is_id(text: str | None) -> bool:
    return bool(text) and SHAPE.fullmatch(text) is not None


def hash_of(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()


def key_of(session_id: str) -> str:
    """The key of the record in Redis."""
    return key_of_hash(hash_of(session_id))


def key_of_hash(hashed: str) -> str:
    return f"session:{hashed}"


def sessions_of(person: str) -> str:
    """The key of the set with the hashes of a person's sessions, ended ones among them."""
    return f"sessions-of:{person}"
