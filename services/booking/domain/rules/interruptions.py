"""When nothing can be run there, because of an outage, maintenance, or the base being closed."""

from collections.abc import Iterator
from datetime import datetime

from services.booking.domain.facility import Facility
from services.booking.domain.interruption import interruptions_on, usable_again
from services.booking.domain.rules.violation import Violation
from services.booking.domain.units import required_unit
from services.booking.domain.wish import Wish


def interruption_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    """Told when no unit that would do can be used; the one that is usable again first is told of, with why."""
    if not facility.interruptions:
        return
    required, period = required_unit(wish, facility), facility.period(wish.whole)
    ends = {}
    for unit in (required,) if required else facility.units:
        ends[unit] = usable_again(unit, period, facility.interruptions)
        if ends[unit] is None:
            return
    unit = min(ends, key=ends.__getitem__)
    hitting = interruptions_on(unit, period, facility.interruptions)[-1]
    yield Violation("interrupted", {
        "kind": hitting.kind, "reason": dict(hitting.reason), "until": ends[unit], "unit": hitting.unit,
        "open_end": any(each.open_end for each in interruptions_on(unit, period, facility.interruptions)),
    })
