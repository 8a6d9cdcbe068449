"""Which unit of a facility a reservation gets."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from services.booking.domain.changeover import kept_apart
from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims, Held
from services.booking.domain.sharing import crowded, has_places, numbered, partners, shares
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish

FITTING = timedelta(days=1)
"""How far from a reservation idle time is counted; what is further away is as good as empty.

No changeover is longer, so what stands within it is all that can be in the way.
"""


class Room(NamedTuple):
    """Where a wish is placed: the unit, what it will hold there, and the rules from which it has to be excused."""

    unit: str
    claims: tuple[Held, ...]
    waivers: tuple[Mapping[str, Any], ...] = ()


class SlotHeld(Exception):
    """The database refused a claim that the decision allowed: somebody wrote without the lock."""


def obstacles(wish: Wish, facility: Facility, unit: str, claims: Claims) -> list[Span]:
    """When ``wish`` cannot be on ``unit``, its own buffers not counted; in order of the starts.

    Everything that looks for room looks through this: what two runs may share, and how far
    they have to keep apart, is decided here and nowhere else.
    """
    taken = claims.get((facility.code, unit), ())
    if not facility.families and not facility.sharing:
        return [Span(held.starts_at, held.ends_at) for held in taken]
    beside = partners(wish.run, facility, unit, taken)
    apart = [kept_apart(wish.run, facility, held) for held in taken if held not in beside]
    return sorted([*apart, *crowded(wish.run.places or 0, facility.places_on(unit), beside)])


def possible_units(wish: Wish, facility: Facility) -> list[str]:
    """Where the wish might be at all, in the facility's order."""
    required = required_unit(wish, facility)
    units = (required,) if required else facility.units
    return [unit for unit in units if has_places(wish.run, facility, unit)]


def required_unit(wish: Wish, facility: Facility) -> str | None:
    """The only unit that will do: the one asked for, or where choice matters the present one."""
    wanted = wish.unit or (wish.former_unit if facility.unit_choice else None)
    return wanted if wanted in facility.units else None


def choose_unit(wish: Wish, facility: Facility, claims: Claims) -> str | None:
    """The unit for ``wish``, or None when none is free, buffers included.

    1. The unit that is required, if any, or none at all.
    2. The present unit of a reservation that moves.
    3. One where it joins a run with which it may share, so that other units stay whole.
    4. The best fit: the free unit that leaves the least idle time beside the reservation, up
       to a day on either side, so that long stretches stay whole for long runs; a changeover is
       idle time too. Among equals the first in the facility's order.
    """
    idle = {unit: idle_on(wish, facility, unit, claims) for unit in possible_units(wish, facility)}
    free = [unit for unit in idle if idle[unit] is not None]
    if wish.former_unit in free:
        return wish.former_unit
    return min(free, key=lambda unit: (not joins(wish, facility, unit, claims), idle[unit]), default=None)


def idle_on(wish: Wish, facility: Facility, unit: str, claims: Claims) -> timedelta | None:
    """The idle time that ``wish`` leaves beside it on a unit; None when there is no room for it."""
    period = facility.period(wish.whole)
    idle = idle_beside(period, obstacles(wish, facility, unit, claims))
    if idle is None or not facility.families:
        return idle
    return idle_beside(period, [held.period for held in claims.get((facility.code, unit), ())])


def joins(wish: Wish, facility: Facility, unit: str, claims: Claims) -> bool:
    """Whether a run is there at the same time with which ``wish`` would share the unit."""
    if not facility.sharing:
        return False
    period = facility.period(wish.whole)
    beside = partners(wish.run, facility, unit, claims.get((facility.code, unit), ()))
    return any(held.period.overlaps(period) for held in beside)


def follows_similar(wish: Wish, facility: Facility, unit: str, claims: Claims) -> bool:
    """Whether ``wish`` would begin as soon as a run of its own family has been cleared down."""
    if not wish.run.family or wish.run.family not in facility.family_codes:
        return False
    starts_at = facility.period(wish.whole).starts_at
    taken = claims.get((facility.code, unit), ())
    return any(held.ends_at == starts_at and held.family == wish.run.family for held in taken)


def room_on(wish: Wish, facility: Facility, unit: str, claims: Claims) -> Room:
    """What ``wish`` takes on a unit that has room for it."""
    period, run = facility.period(wish.whole), wish.run
    if shares(run, facility, unit):
        taken = partners(run, facility, unit, claims.get((facility.code, unit), ()))
        pieces = numbered(period, run.places or 0, facility.places_on(unit), taken)
        return Room(unit, tuple(
            Held(*span, first=first, beyond=beyond, profile=run.profile) for span, first, beyond in pieces
        ))
    if facility.families:
        runs_from, runs_to = wish.whole
        return Room(unit, (Held(*period, family=run.family, runs_from=runs_from, runs_to=runs_to),))
    return Room(unit, (Held(*period),))


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
