"""Who asks for something, and the key under which a repeat is recognised."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from services.contracts.values import Code, Key


@dataclass(frozen=True, kw_only=True)
class Command:
    """Who asks, and the key under which a repeat is recognised."""

    service: ClassVar[str] = ""

    actor: Code
    request_key: Key


class Answer(NamedTuple):
    """What a command came to, and whether this is the answer to an earlier call with the same key."""

    value: Any
    replayed: bool = False
