"""Coming, staying longer, leaving, and not coming at all.

    check-in opens     starts_at          ends_at     latest_end          forgotten
         |----------------|==================|............|-----------------|
           early, if free      reserved        elastic       overrun (told once)   checked out by the system

Use is metered from check-in to check-out, beside the reserved time, which stays as it is.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims
from services.booking.domain.reservation import Reservation, is_possible, require, step
from services.booking.domain.rights import Person, may
from services.booking.domain.rules import broken_rules
from services.booking.domain.spans import Span
from services.booking.domain.states import Action, State
from services.booking.domain.units import obstacles
from services.booking.domain.wish import Party, Wish
from services.contracts.errors import WrongState

OFFERED = (Action.CHECK_IN, Action.EXTEND, Action.CHECK_OUT, Action.MARK_NO_SHOW)

FORGOTTEN = timedelta(hours=4)
"""How long after its latest end a run that nobody checked out is checked out by the system."""

LONGEST_EXTENSION = timedelta(days=1)
"""How far beyond the present end, or now, a longer time is looked for."""


def opens_at(reservation: Reservation, facility: Facility) -> datetime:
    """From when the team may check in."""
    return reservation.span.starts_at - timedelta(minutes=facility.check_in_minutes)


def is_usable(reservation: Reservation, action: Action, facility: Facility, now: datetime) -> bool:
    """Whether a step of its use is possible now."""
    if not is_possible(reservation, action, now):
        return False
    match action:
        case Action.CHECK_IN:
            return now >= opens_at(reservation, facility)
        case Action.MARK_NO_SHOW:
            return now >= reservation.span.starts_at
        case Action.EXTEND:
            return reservation.state is State.IN_USE or reservation.span.starts_at <= now < reservation.span.ends_at
    return True


def usable_actions(person: Person, reservation: Reservation, facility: Facility, now: datetime) -> list[str]:
    """What a person may do about the use of a reservation as it is."""
    whose = (reservation.team, reservation.facility, reservation.requester)
    return [
        str(action) for action in OFFERED
        if is_usable(reservation, action, facility, now) and may(person, action, *whose)
    ]


def require_usable(reservation: Reservation, action: Action, facility: Facility, now: datetime) -> None:
    """Raises WrongState, with the moment when check-in opens if it does not yet."""
    require(reservation, action, now)
    if is_usable(reservation, action, facility, now):
        return
    more = {"opens_at": opens_at(reservation, facility)} if action is Action.CHECK_IN else {}
    raise WrongState(state=str(reservation.state), action=str(action), reason="too_early", **more)


def checked_in(reservation: Reservation, facility: Facility, now: datetime) -> Reservation:
    """Raises WrongState."""
    require_usable(reservation, Action.CHECK_IN, facility, now)
    return replace(step(reservation, Action.CHECK_IN, now), checked_in_at=now)


def require_free_before(reservation: Reservation, facility: Facility, claims: Claims, now: datetime) -> None:
    """Who comes early finds the unit empty. Raises WrongState when the time up to the start is somebody else's."""
    early = Wish(span=Span(now, reservation.span.starts_at), run=reservation.run)
    if any(taken.overlaps(early.span) for taken in obstacles(early, facility, reservation.unit, claims)):
        raise WrongState(state=str(reservation.state), action=str(Action.CHECK_IN), reason="occupied")


def checked_out(reservation: Reservation, now: datetime) -> Reservation:
    """Raises WrongState."""
    return replace(step(reservation, Action.CHECK_OUT, now), checked_out_at=now)


def forgotten(reservation: Reservation, now: datetime) -> Reservation:
    """Checked out by the system: nobody knows when they left, so it counts until the end that they had."""
    left_at = max(reservation.checked_in_at or reservation.span.starts_at, min(reservation.latest_end, now))
    return replace(step(reservation, Action.CHECK_OUT, now), checked_out_at=left_at)


def overrun(reservation: Reservation, now: datetime) -> Reservation:
    """Raises WrongState."""
    return replace(step(reservation, Action.OVERRUN, now), overran=reservation.latest_end)


def extended(reservation: Reservation, ends_at: datetime) -> Reservation:
    span = Span(reservation.span.starts_at, ends_at)
    return replace(reservation, version=reservation.version + 1, span=span, overran=None)


def longer(reservation: Reservation, ends_at: datetime, party: Party | None = None) -> Wish:
    """What a run wants that goes on: the same place, no other start, a later end."""
    return Wish(
        span=Span(reservation.span.starts_at, ends_at), unit=reservation.unit, former=reservation.span,
        former_unit=reservation.unit, is_running=True, run=reservation.run, party=party, at_once=True,
    )


def possible_ends(wish: Wish, facility: Facility, claims: Claims, now: datetime) -> Sequence[datetime]:
    """The later ends that a running ``wish`` may have as it stands, in order; ``claims`` without its own."""
    assert wish.former
    found: list[datetime] = []
    ends_at = facility.grid_after(max(now, wish.former.ends_at) + timedelta(minutes=1))
    furthest = ends_at + LONGEST_EXTENSION
    while ends_at <= furthest:
        longer = replace(wish, span=Span(wish.span.starts_at, ends_at))
        period = facility.period(longer.whole)
        if any(taken.overlaps(period) for taken in obstacles(longer, facility, wish.unit or "", claims)):
            return found
        if not broken_rules(longer, facility, now):
            found.append(ends_at)
        elif found:
            return found
        ends_at = facility.grid_after(ends_at + timedelta(minutes=1))
    return found
