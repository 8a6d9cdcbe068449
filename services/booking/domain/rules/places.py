"""Where it may be: open, in service, and on a unit of one's choice."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from services.booking.domain.facility import Facility, midnights
from services.booking.domain.rules.violation import Violation
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish

WEEK = timedelta(days=7)
MOST_DAYS_TOLD = 7


def place_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    if not is_open_throughout(wish.span, facility):
        days = islice(midnights(wish.span), MOST_DAYS_TOLD)
        yield Violation("outside_opening_hours", {"opens": [facility.hours_on(midnight) for midnight in days]})
    if not facility.active:
        yield Violation("facility_inactive")
    if wish.unit not in (None, wish.former_unit) and not facility.unit_choice:
        yield Violation("unit_not_choosable")


def is_open_throughout(span: Span, facility: Facility) -> bool:
    """Open at every instant: a night's closing time ends what may be reserved in one piece."""
    # Opening hours repeat weekly: what is open for a week on end is open for ever.
    piece = Span(span.starts_at, min(span.ends_at, span.starts_at + WEEK))
    return any(opening.contains(piece) for opening in facility.opening_spans(piece))
