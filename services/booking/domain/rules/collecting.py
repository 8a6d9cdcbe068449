"""Time for which requests are still collected cannot be had at once: on no road but by asking with the others."""

from collections.abc import Iterator
from datetime import datetime

from services.booking.domain.contention.rivals import collected_until
from services.booking.domain.facility import Facility
from services.booking.domain.rules.violation import Violation
from services.booking.domain.wish import Wish


def collecting_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    """What is held already, and only made shorter or kept where it is, takes nothing from rivals."""
    if not wish.at_once or wish.gives_back:
        return
    until = collected_until(wish.span.starts_at, facility)
    if until is not None and now < until:
        yield Violation("still_collected", {"until": until, "hours": facility.allocation_hours})
