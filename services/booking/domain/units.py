"""Which unit of a facility a reservation gets."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from services.booking.domain.facility import Facility
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish


class Held(NamedTuple):
    """Time that is taken on a unit, buffers included. A tuple, because sweeps make thousands."""

    starts_at: datetime
    ends_at: datetime


Claims = Mapping[tuple[str, str], Sequence[Held]]
"""What stands on each unit, in order, by facility and unit; no entry where nothing does."""

FITTING = timedelta(days=1)
"""How far from a reservation idle time is counted; what is further away is as good as empty."""


class SlotHeld(Exception):
    """The database refused a claim that the decision allowed: somebody wrote without the lock."""


def obstacles(wish: Wish, facility: Facility, unit: str, claims: Claims) -> list[Span]:
    """When ``wish`` cannot be on ``unit``, its own buffers not counted; in order of the starts.

    Everything that looks for room looks through this: what two runs may share, and how far
    they have to keep apart, is decided here and nowhere else.
    """
    return [Span(held.starts_at, held.ends_at) for held in claims.get((facility.code, unit), ())]


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
    idle = {unit: idle_beside(period, obstacles(wish, facility, unit, claims)) for unit in units}
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
