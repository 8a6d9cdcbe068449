"""Coming, staying longer, leaving, and not coming at all."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from services.booking.domain import using
from services.booking.domain.alternatives import Alternative
from services.booking.domain.facility import Facility
from services.booking.domain.fault import Fault
from services.booking.domain.reservation import Reservation, step
from services.booking.domain.rights import Person, is_at_door
from services.booking.domain.spans import Span
from services.booking.domain.states import Action
from services.booking.domain.units import FITTING
from services.booking.domain.wish import Wish
from services.booking.handlers.campaigns.neighbours import beside_steps
from services.booking.handlers.placing import check_place, placed, refuse
from services.booking.handlers.recording import opened, standing, write
from services.contracts.commands import CheckInReservation, CheckOutReservation, ExtendReservation, MarkNoShow
from services.contracts.errors import NotAllowed
from services.contracts.events import (
    ReservationExtended,
    ReservationFinished,
    ReservationNoShow,
    ReservationOverran,
    ReservationStarted,
)

BATCH = 100
MOST_TRIES = 5
"""How often a PIN may be tried at the door; after that the team checks in on its own page."""


def check_in_reservation(message: CheckInReservation, uow: Any, now: datetime) -> dict[str, Any]:
    """The team has come. Who was here before and has forgotten to check out is checked out now.

    Raises NotFound, NotAllowed (also for a wrong PIN), StaleVersion, WrongState (also when it is too
    early, or the unit is not free before the start).
    """
    former, person = opened(message, Action.CHECK_IN, uow)
    facility = facility_of(former, uow)
    reservation = using.checked_in(former, facility, now)
    check_pin(message, person, uow)
    if now < former.span.starts_at:
        claims = uow.reservations.claims([facility.code], Span(now, former.span.starts_at), [former.id])
        using.require_free_before(former, facility, claims, now)
    if not facility.sharing:
        for left in uow.reservations.left_behind(former, now):
            check_out_forgotten(left, uow, now)
    return write(
        uow, Action.CHECK_IN, former, reservation, ReservationStarted, now, actor=message.actor,
        basis=at(person, former),
    )


def check_out_reservation(message: CheckOutReservation, uow: Any, now: datetime) -> dict[str, Any]:
    """The team has gone and has cleared the place: what is left of the time is free at once.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    former, person = opened(message, Action.CHECK_OUT, uow)
    reservation, fault = using.checked_out(former, now), message.fault.strip()
    if fault:
        uow.faults.add(Fault(
            fault=str(uuid.uuid4()), facility=former.facility, unit=former.unit, text=fault, reporter=message.actor,
            reported_at=now, reservation=former.id,
        ))
    answer = write(
        uow, Action.CHECK_OUT, former, reservation, ReservationFinished, now, actor=message.actor, reason=fault,
        basis=at(person, former), used_minutes=reservation.used_minutes, fault=fault,
    )
    return answer | {"used_minutes": reservation.used_minutes}


def extend_reservation(message: ExtendReservation, uow: Any, now: datetime) -> dict[str, Any]:
    """A run that has begun goes on, on its unit, if the time after it is free; the rules are those of a move.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput, and RuleBroken or SlotTaken
    with the latest end that would do, if there is one, as the only alternative.
    """
    former, person = opened(message, Action.EXTEND, uow)
    asking = uow.copies.asking(message.actor, former.team, former.facility, former.run.operator or former.requester)
    facility = asking.facility
    using.require_usable(former, Action.EXTEND, facility, now)
    later = {} if message.ends_at > former.span.ends_at else {"ends_at": ["not_later"]}
    refuse(later | check_place(former.unit, facility))
    wish = beside_steps(using.longer(former, message.ends_at, asking.party(former.project)), former, uow)
    places = {"locking": [facility.code], "moving": [former.id], "offering": shorter}
    with placed(wish, facility, uow, now, **places) as room:
        reservation = using.extended(former, message.ends_at)
        return write(
            uow, Action.EXTEND, former, reservation, ReservationExtended, now, actor=message.actor,
            claims=room.claims, basis=at(person, former), former_ends_at=former.span.ends_at,
        )


def mark_no_show(message: MarkNoShow, uow: Any, now: datetime) -> dict[str, Any]:
    """Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    former, person = opened(message, Action.MARK_NO_SHOW, uow)
    using.require_usable(former, Action.MARK_NO_SHOW, facility_of(former, uow), now)
    reservation = step(former, Action.MARK_NO_SHOW, now)
    return write(
        uow, Action.MARK_NO_SHOW, former, reservation, ReservationNoShow, now, actor=message.actor,
        basis=at(person, former),
    )


def shorter(wish: Wish, facility: Facility, uow: Any, now: datetime, moving: Collection[str]) -> list[dict[str, Any]]:
    """The longest time for which a run may go on, if any, in place of the usual alternatives."""
    ends = using.possible_ends(wish, facility, claims_after(wish, facility, uow, now, moving), now)
    found = [Alternative(
        facility=facility.code, unit=wish.unit, starts_at=wish.span.starts_at, ends_at=end, why="shorter"
    ) for end in ends[-1:]]
    return [each.to_dict() for each in found]


def claims_after(wish: Wish, facility: Facility, uow: Any, now: datetime, moving: Collection[str]) -> Any:
    """What stands where a run might go on to."""
    latest = max(now, wish.span.ends_at) + using.LONGEST_EXTENSION
    window = facility.period(Span(wish.span.starts_at, latest)).widened(FITTING, FITTING)
    return uow.reservations.claims([facility.code], window, moving)


def count_pin_try(uow: Any, now: datetime, message: CheckInReservation) -> None:
    """Count a PIN before it is judged, in a transaction of its own: a refusal must not take the count back."""
    uow.reservations.count_pin_try(message.reservation)


def check_pin(message: CheckInReservation, person: Person, uow: Any) -> None:
    """Raises NotAllowed. Who is signed in needs none."""
    if "door" not in person.roles:
        return
    pin, tries = uow.reservations.pin(message.reservation)
    if tries > MOST_TRIES:
        raise NotAllowed(reason="pin_locked")
    if message.pin != pin:
        raise NotAllowed(reason="wrong_pin")


def facility_of(reservation: Reservation, uow: Any) -> Facility:
    (facility,) = uow.copies.facilities([reservation.facility])
    return facility


def at(person: Person, reservation: Reservation) -> dict[str, Any]:
    """In which role a step was taken, the door being one."""
    return {"role": "door"} if is_at_door(person, reservation.facility) else standing(person, reservation)


def check_out_forgotten(former: Reservation, uow: Any, now: datetime) -> None:
    reservation = using.forgotten(former, now)
    write(
        uow, Action.CHECK_OUT, former, reservation, ReservationFinished, now, actor="",
        basis={"forgotten": True, "checked_out_at": reservation.checked_out_at},
        used_minutes=reservation.used_minutes, forgotten=True,
    )


# due work: a batch at a time; what another worker or a person holds locked is left to them


def release_no_shows(uow: Any, now: datetime) -> int:
    """Give time free to which nobody came, where the facility says after how long. Returns how many.

    Not while those before are still in use of the unit: then it is not the team that is late.
    """
    due = uow.reservations.not_come(now, uow.time_scale, BATCH)
    for former, minutes in due:
        reservation = step(former, Action.MARK_NO_SHOW, now)
        basis = {"no_show_minutes": minutes}
        write(uow, Action.MARK_NO_SHOW, former, reservation, ReservationNoShow, now, actor="", basis=basis)
    return len(due)


def tell_overruns(uow: Any, now: datetime) -> int:
    """Tell once of each end that a run is in use past it, and who comes next on the unit. Returns how many."""
    due = uow.reservations.overrunning(now, BATCH)
    for former in due:
        reservation = using.overrun(former, now)
        following = uow.reservations.next_on_unit(former, now + using.FORGOTTEN)
        write(
            uow, Action.OVERRUN, former, reservation, ReservationOverran, now, actor="", **named(following),
        )
    return len(due)


def check_out_all_forgotten(uow: Any, now: datetime) -> int:
    """Check out those who have long gone. Returns how many."""
    due = uow.reservations.in_use_since_end(now - using.FORGOTTEN / uow.time_scale, BATCH)
    for former in due:
        check_out_forgotten(former, uow, now)
    return len(due)


def named(following: Reservation | None) -> dict[str, Any]:
    if following is None:
        return {}
    return {
        "next_reservation": following.id, "next_team": following.team, "next_requester": following.requester,
        "next_starts_at": following.span.starts_at,
    }
