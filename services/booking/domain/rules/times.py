"""When it may begin."""

from collections.abc import Iterator
from datetime import datetime

from services.booking.domain.facility import Facility
from services.booking.domain.rules.violation import Violation
from services.booking.domain.wish import Wish


def time_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    """A start that is held already stays good, also after it has come."""
    if wish.keeps_start:
        if wish.span.ends_at <= now:
            yield Violation("in_the_past")
        return
    if wish.asked_at is not None:
        if wish.span.ends_at <= now:
            yield Violation("in_the_past")
        now = wish.asked_at
    starts_at = wish.span.starts_at
    earliest, latest = facility.bookable(now, wish.party)
    if starts_at < now:
        yield Violation("in_the_past")
    if starts_at < earliest and facility.notice_minutes:
        told = {"notice_minutes": facility.notice_minutes, "earliest": facility.grid_after(earliest)}
        yield Violation("too_little_notice", told)
    if starts_at > latest:
        told = {"horizon_days": facility.horizon(wish.party), "latest": facility.grid_before(latest)}
        yield Violation("beyond_horizon", told)
