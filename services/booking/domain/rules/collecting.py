"""Time for which requests are still collected cannot be had at once: on no road but by asking with the others."""

from collections.abc import Iterator
from datetime import datetime

from services.booking.domain.contention.rivals import collected_until
from services.booking.domain.facility import Facility
from services.booking.domain.rules.violation import Violation
from services.booking.domain.spans import Span, gaps
from services.booking.domain.wish import Wish


def collecting_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    """What is held already, and only made shorter or kept where it is, takes nothing from rivals.

    Time that begins too early to be collected may still reach into time for which others compete.
    """
    if not wish.at_once or wish.gives_back:
        return
    until = collected_until(wish.span.starts_at, facility)
    if until is None or until <= now:
        until = min(decisions_on(wish, facility), default=None)
    if until is not None and now < until:
        yield Violation("still_collected", {"until": until, "hours": facility.allocation_hours})


def decisions_on(wish: Wish, facility: Facility) -> Iterator[datetime]:
    """When it is decided who gets the time that the wish would take from those who compete for it."""
    taken = newly_taken(wish, facility)
    for unit, span, decide_by in facility.contended:
        is_there = unit is None or wish.unit in (None, unit)
        if is_there and any(facility.period(span).overlaps(piece) for piece in taken):
            yield decide_by


def newly_taken(wish: Wish, facility: Facility) -> list[Span]:
    """What it would hold beyond what it holds already."""
    period = facility.period(wish.whole)
    if wish.former is None or wish.unit not in (None, wish.former_unit):
        return [period]
    return gaps(period, [facility.period(wish.former)])
