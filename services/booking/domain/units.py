"""Which unit of a facility a reservation gets."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from services.booking.domain.facility import Facility
from services.booking.domain.rules import Wish
from services.booking.domain.spans import Span

Claims = Mapping[tuple[str, str], Sequence[Span]]
"""Held periods, buffers included, in order, by facility and unit; no entry where nothing is held."""

FITTING = timedelta(days=1)
"""How far from a reservation idle time is counted; what is further away is as good as empty."""


class SlotHeld(Exception):
    """The database refused a claim that the decision allowed: somebody wrote without the lock."""


def required_unit(wish: Wish, facility: Facility) -> str | None:
    """The only unit that will do: the one asked for, or where choice matters the present one."""
    wanted = wish.unit or (wish.former_unit if facility.unit_choice else None)
    return wanted if wanted in facility.units else None


def choose_unit(wish: Wish, facility: Facility, claims: Claims) -> str | None:
    """The unit for ``wish``, or None when none is free, buffers included.

    1. The unit that is required, if any, or none at all.
    2. The present unit of a reservation that moves.
    3. The best fit: the free unit that leaves the least idle time beside the reservation, up
       to a day on either side, so that long stretches stay whole for long runs. Among equals
       the first in the facility's order.
    """
    required = required_unit(wish, facility)
    units = (required,) if required else facility.units
    period = facility.period(wish.span)
    idle = {unit: idle_beside(period, claims.get((facility.code, unit), ())) for unit in units}
    free = [unit for unit in units if idle[unit] is not None]
    if wish.former_unit in free:
        return wish.former_unit
    return min(free, key=lambda unit: idle[unit], default=None)


def idle_beside(period: Span, taken: Sequence[Span]) -> timedelta | None:
    """The idle time that ``period`` leaves to its neighbours on one unit; None when it overlaps one."""
    before = after = FITTING
    for span in taken:
        if span.overlaps(period):
            return None
        if span.ends_at <= period.starts_at:
            before = min(before, period.starts_at - span.ends_at)
        else:
            after = min(after, span.starts_at - period.ends_at)
    return before + after
