"""Whom fewer places would leave too little room: asked before they are saved."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.booking.domain.held import Held
from services.booking.domain.rights import capacity
from services.booking.domain.sharing import crowded as crowded_spans
from services.booking.queries.arguments import asking, load, sight
from services.booking.queries.reservations import NAMED, WITH_NAMES, plain
from services.contracts.errors import NotAllowed
from services.contracts.values import Code

STANDING = """
    SELECT c.reservation::text, u.unit, lower(c.period), upper(c.period), lower(c.places), upper(c.places)
      FROM units u JOIN claims c ON c.unit_id = u.id
     WHERE u.facility = %(facility)s AND c.held AND upper(c.period) > %(now)s AND NOT upper_inf(c.places)"""
CROWDED = f"""
    SELECT {NAMED} FROM {WITH_NAMES} WHERE r.reservation = ANY(%(hit)s::uuid[])
     ORDER BY r.unit, r.starts_at, r.reservation LIMIT 200"""


@dataclass(frozen=True, kw_only=True)
class Fewer:
    """How many places each unit of a facility would have."""

    facility: Code
    places: dict[Code, int]


def crowded(connection: Any, now: datetime, actor: str, **wanted: Any) -> dict[str, Any]:
    """The reservations that hold more places together than there would be. Raises InvalidInput, NotAllowed."""
    given = load(Fewer, **wanted)
    person = asking(connection, actor)
    if capacity(person, given.facility) is None:
        raise NotAllowed
    standing = defaultdict(list)
    for reservation, unit, *held in connection.exec_driver_sql(STANDING, {"facility": given.facility, "now": now}):
        standing[unit].append((reservation, Held(*held)))
    hit = sorted({each for unit, found in standing.items() for each in too_many(found, given.places.get(unit))})
    rows = connection.exec_driver_sql(CROWDED, {"hit": hit, **sight(person)})
    return {"items": [plain(row, person) for row in rows]}


def too_many(standing: list[tuple[str, Held]], places: int | None) -> set[str]:
    if places is None:
        return set()
    spans = list(crowded_spans(0, places, [held for _, held in standing]))
    return {reservation for reservation, held in standing if any(held.period.overlaps(span) for span in spans)}
