"""Moving a reservation: it keeps its identity and its history, and holds only the new time."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain import approval
from services.booking.domain.answers import wrong_answers
from services.booking.domain.facility import Facility
from services.booking.domain.reservation import Reservation, is_only_shorter, require
from services.booking.domain.rights import Person, capacity, decides, is_own, led
from services.booking.domain.spans import Span
from services.booking.domain.states import Action, State
from services.booking.domain.units import Room
from services.booking.domain.wish import Left, Party, Wish
from services.booking.handlers.answers import answered, is_offered, may_answer
from services.booking.handlers.campaigns.neighbours import beside_steps
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
    wrong = wrong_answers(message.answers or {}, facility) if facility else {}
    refuse(check_times(*span) | check_place(message.unit, facility) | wrong)
    if (target, message.unit or former.unit, span) == (former.facility, former.unit, former.span):
        return answer_of(former)
    run = former.run if message.answers is None else replace(former.run, answers=message.answers)
    wish = replace(
        wish_of(former, facility, span, message.unit, asking.party(former.project)),
        run=run, left=leaving(former, facility, person, uow, now), exception=message.exception,
    )
    wish = beside_steps(wish, former, uow)
    with placed(wish, facility, uow, now, locking={former.facility, facility.code}, moving=[former.id]) as room:
        return put(former, facility, room, wish, person, uow, now)


def put(
    former: Reservation, facility: Facility, room: Room, wish: Wish, person: Person, uow: Any, now: datetime,
    **told: Any,
) -> dict[str, Any]:
    """Keep a reservation that is locked where room was found for it. ``told`` goes into the fact. Raises SlotHeld."""
    offered = is_offered(former, person, facility.code, uow, now)
    reservation = moved(former, facility, room, wish, person, now, uow.time_scale, offered)
    answered(former, person, "chosen", uow, now)
    return write(
        uow, Action.MOVE, former, reservation, ReservationMoved, now, actor=person.person,
        claims=room.claims, basis=rules_used(facility) | route_taken(reservation) | standing(person, former),
        former_facility=former.facility, former_unit=former.unit, former_starts_at=former.span.starts_at,
        former_ends_at=former.span.ends_at, **waiting(reservation), **told,
    )


def wish_of(
    former: Reservation, facility: Facility, span: Span, unit: str | None, party: Party | None,
) -> Wish:
    """What a reservation wants that moves to ``span``; on another facility it starts afresh.

    What it was excused from counts as long as it only gives time back, and while nobody has decided about it yet.
    """
    party = party and replace(party, person=former.requester)
    wish = Wish(span=span, unit=unit, run=former.run, party=party, left=Left(former.span, 0), at_once=True)
    if former.facility == facility.code:
        left = Left(former.span, facility.change_notice_minutes)
        wish = replace(wish, former=former.span, former_unit=former.unit, left=left)
    if wish.gives_back or former.state is State.REQUESTED:
        wish = replace(wish, waived=frozenset(rules_of(former.waivers)))
    return wish


def leaving(former: Reservation, facility: Facility, person: Person, uow: Any, now: datetime) -> Left:
    """What a move gives up, and the notice that its facility wants of it.

    The base itself needs none, nor does a team that answers to a re-plan.
    """
    is_of_base = former.team not in person.teams and capacity(person, former.facility) is not None
    if is_of_base or may_answer(former, person, uow, now):
        return Left(former.span, 0)
    there = facility if former.facility == facility.code else uow.copies.facilities([former.facility])[0]
    return Left(former.span, there.change_notice_minutes)


def moved(
    former: Reservation, facility: Facility, room: Room, wish: Wish, person: Person, now: datetime, time_scale: float,
    is_offered: bool = False,
) -> Reservation:
    """The reservation elsewhere, at the first stage of approval that it needs there.

    Who only gives time back changes nothing about its approval, nor about the one it waits for. What needs
    an exception is looked at, whoever moves it. A time that the base offers needs no further approval.
    """
    there = replace(
        former, version=former.version + 1, facility=facility.code, unit=room.unit, span=wish.span, run=wish.run,
        waivers=room.waivers, exception=(wish.exception.strip() or former.exception) if room.waivers else "",
    )
    is_new = not rules_of(room.waivers) <= rules_of(former.waivers)
    is_shorter = is_only_shorter(former, facility.code, room.unit, wish.span) and wish.run == former.run
    if is_shorter and not is_new:
        return there
    has_agreed = agreed(former, facility, person)
    if is_offered and former.state is State.APPROVED:
        has_agreed |= set(approval.STAGES)
    return approval.begun(there, facility, now, time_scale, has_agreed & {"lead"} if room.waivers else has_agreed)


def rules_of(waivers: Iterable[Mapping[str, Any]]) -> set[str]:
    return {waiver["rule"] for waiver in waivers}


def agreed(former: Reservation, facility: Facility, person: Person) -> set[str]:
    """The stages at which the one who moves it would decide, and so has decided.

    What still waits is moved by managers without a decision: they approve it when they mean to.
    """
    if is_own(person, former.requester):
        return set()
    if former.state is State.REQUESTED:
        return {"lead"} if former.team in led(person) else set()
    return {stage for stage in approval.STAGES if decides(person, stage, former.team, facility.code)}
