"""The pieces of a run, as forms and addresses carry them."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.portal.pages import local_time
from services.portal.pages.draft import local_moment

MOST_PIECES = 8


def pieces_of(pieces: Iterable[Mapping[str, Any]]) -> list[str]:
    """Each as ``unit|start|end``, the way a form sends it."""
    found = []
    for piece in pieces:
        times = [local_time.local_text(local_time.instant(piece[name])) for name in ("starts_at", "ends_at")]
        found.append("|".join([piece["unit"] or "", *times]))
    return found


def pieces_in(values: Any) -> list[dict[str, Any]]:
    """The pieces of an address or a form; those that cannot be read are left out."""
    texts = [text for value in values.getlist("piece")[:MOST_PIECES] for text in value.split()]
    found = []
    for text in texts[:MOST_PIECES]:
        unit, start, end = ([*text.split("|"), "", ""])[:3]
        starts_at, ends_at = local_moment(start), local_moment(end)
        if starts_at and ends_at:
            found.append({"unit": unit or None, "starts_at": starts_at, "ends_at": ends_at})
    return found
