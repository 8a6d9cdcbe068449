"""How long it may last, and where on the grid it begins and ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.booking.domain.facility import Facility
from services.booking.domain.rules.violation import Violation
from services.booking.domain.wish import Wish


def length_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    if any(facility.grid_before(instant) != instant for instant in wish.span):
        yield Violation("not_whole_grid", {"granularity_minutes": facility.granularity_minutes})
    if wish.span.length < timedelta(minutes=facility.shortest_minutes):
        yield Violation("too_short", {"shortest_minutes": facility.shortest_minutes})
    if wish.span.length > timedelta(minutes=facility.longest_minutes):
        yield Violation("too_long", {"longest_minutes": facility.longest_minutes})
