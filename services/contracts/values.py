"""Limits that a field of a command may carry, written as ``Annotated`` metadata.

The standard library only, so that a pure domain may read them. ``schemas.py`` turns each
into the check that runs at the door of a service.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated


@dataclass(frozen=True)
class Text:
    """How long a text may be, in characters, and whether it may have several lines.

    Control characters are always refused: a title with a carriage return would be accepted
    here and break the mail that quotes it much later.
    """

    longest: int
    shortest: int = 0
    lines: bool = False


@dataclass(frozen=True)
class Between:
    """The least and the greatest whole number, both allowed."""

    least: int
    greatest: int


@dataclass(frozen=True)
class OneOf:
    """The only texts that are allowed."""

    choices: tuple[str, ...]


@dataclass(frozen=True)
class Pattern:
    """A regular expression that the whole text must match."""

    expression: str


Code = Annotated[str, Pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")]
"""A short public name of a thing: LAB-1, team-07, lead01."""

Key = Annotated[str, Pattern(r"[\x21-\x7e]{1,255}")]
"""An idempotency key: 1 to 255 visible ASCII characters."""

Day = Annotated[str, Pattern(r"20(0[1-9]|[1-9]\d)-\d{2}-\d{2}")]
"""A local date: 2026-11-26; of the years in which instants lie."""

Clock = Annotated[str, Pattern(r"([01]\d|2[0-3]):[0-5]\d")]
"""A local time of day: 09:30."""

Identifier = Annotated[str, Pattern(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
"""A UUID as text."""

Instant = datetime
"""An aware time; UTC inside the services."""

Language = Annotated[str, OneOf(("zh-Hans", "en"))]
Line = Annotated[str, Text(200)]
Name = Annotated[str, Text(80, shortest=1)]
Paragraph = Annotated[str, Text(2000, lines=True)]
Version = Annotated[int, Between(1, 2**31 - 1)]
