"""Moving a reservation: it keeps its identity and its history, and holds only the new time."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain import approval
from services.booking.domain.facility import Facility
from services.booking.domain.reservation import Reservation, is_only_shorter, require
from services.booking.domain.rights import Person, decides, is_own, led
from services.booking.domain.spans import Span
from services.booking.domain.states import Action, State
from services.booking.domain.units import Room
from services.booking.domain.wish import Party, Wish
from services.booking.handlers.placing import check_place, check_times, placed, refuse
from services.booking.handlers.recording import (
    answer_of,
    opened,
    route_taken,
    rules_used,
    standing,
    waiting,
    write,
)
from services.contracts.commands import MoveReservation
from services.contracts.events import ReservationMoved


def move_reservation(message: MoveReservation, uow: Any, now: datetime) -> dict[str, Any]:
    """Another time, facility or unit. Moving to where it is already changes nothing.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput, RuleBroken, SlotTaken.
    """
    former, person = opened(message, Action.MOVE, uow)
    require(former, Action.MOVE, now)
    span = Span(message.starts_at or former.span.starts_at, message.ends_at or former.span.ends_at)
    target = message.facility or former.facility
    asking = uow.copies.asking(message.actor, former.team, target, former.run.operator or former.requester)
    facility = asking.facility
    refuse(check_times(*span) | check_place(message.unit, facility))
    if (target, message.unit or former.unit, span) == (former.facility, former.unit, former.span):
        return answer_of(former)
    wish = wish_of(former, facility, span, message.unit, asking.party(former.project))
    with placed(wish, facility, uow, now, locking={former.facility, facility.code}, moving=[former.id]) as room:
        return put(former, facility, room, span, person, uow, now)


def put(
    former: Reservation, facility: Facility, room: Room, span: Span, person: Person, uow: Any, now: datetime,
    **told: Any,
) -> dict[str, Any]:
    """Keep a reservation that is locked where room was found for it. ``told`` goes into the fact. Raises SlotHeld."""
    reservation = moved(former, facility, room.unit, span, person, now, uow.time_scale)
    return write(
        uow, Action.MOVE, former, reservation, ReservationMoved, now, actor=person.person,
        claims=room.claims, basis=rules_used(facility) | route_taken(reservation) | standing(person, former),
        former_facility=former.facility, former_unit=former.unit, former_starts_at=former.span.starts_at,
        former_ends_at=former.span.ends_at, **waiting(reservation), **told,
    )


def wish_of(
    former: Reservation, facility: Facility, span: Span, unit: str | None, party: Party | None,
) -> Wish:
    """What a reservation wants that moves to ``span``; on another facility it starts afresh."""
    wish = Wish(span=span, unit=unit, run=former.run, party=party)
    if former.facility == facility.code:
        wish = replace(wish, former=former.span, former_unit=former.unit)
    return wish


def moved(
    former: Reservation, facility: Facility, unit: str, span: Span, person: Person, now: datetime, time_scale: float,
) -> Reservation:
    """The reservation elsewhere, at the first stage of approval that it needs there.

    Who only gives time back changes nothing about its approval, nor about the one it waits for.
    """
    there = replace(former, version=former.version + 1, facility=facility.code, unit=unit, span=span)
    if is_only_shorter(former, facility.code, unit, span):
        return there
    return approval.begun(there, facility, now, time_scale, agreed(former, facility, person))


def agreed(former: Reservation, facility: Facility, person: Person) -> set[str]:
    """The stages at which the one who moves it would decide, and so has decided.

    What still waits is moved by managers without a decision: they approve it when they mean to.
    """
    if is_own(person, former.requester):
        return set()
    if former.state is State.REQUESTED:
        return {"lead"} if former.team in led(person) else set()
    return {stage for stage in approval.STAGES if decides(person, stage, former.team, facility.code)}
