"""Lists within a message: what is told of many things at once."""

from datetime import datetime
from typing import Any

from services.notify.rendering.words import LABELS

MOST_ITEMS = 30
"""More would not be read; the page has them all."""

Words = dict[str, Any]
"""What the templates and layouts may name."""


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def listed(lines: list[str], language: str) -> list[str]:
    """At most so many lines, the rest as a number."""
    if len(lines) <= MOST_ITEMS:
        return lines
    more = LABELS[language]["more"].format(number=len(lines) - MOST_ITEMS + 1)
    return [*lines[: MOST_ITEMS - 1], more]
