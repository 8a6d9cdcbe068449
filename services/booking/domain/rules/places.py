"""Where it may be: open, in service, and on a unit of one's choice."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from services.booking.domain.days import DAY, midnights
from services.booking.domain.facility import Facility
from services.booking.domain.rules.violation import Violation
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish

LONGEST = timedelta(days=367)
"""Longer than any facility's longest time: what goes on beyond it is refused as too long."""

MOST_DAYS_TOLD = 7


def place_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    if not is_open_throughout(wish.whole, facility):
        days = list(islice(midnights(wish.span), MOST_DAYS_TOLD))
        yield Violation("outside_opening_hours", {
            "opens": [facility.hours_on(midnight) for midnight in days],
            "special": [day for midnight in days if (day := facility.special_on(midnight))],
        })
    if not facility.active:
        yield Violation("facility_inactive")
    if wish.unit not in (None, wish.former_unit) and not facility.unit_choice:
        yield Violation("unit_not_choosable")


def is_open_throughout(span: Span, facility: Facility) -> bool:
    """Open at every instant: a night's closing time ends what may be reserved in one piece."""
    open_until = span.starts_at
    ends_at = min(span.ends_at, span.starts_at + LONGEST)
    for midnight in midnights(Span(span.starts_at, ends_at)):
        for opens, closes in facility.hours_on(midnight):
            if midnight + timedelta(minutes=opens) <= open_until:
                open_until = max(open_until, midnight + timedelta(minutes=closes))
        if open_until >= ends_at:
            return True
        if open_until < midnight + DAY:
            return False
    return False
