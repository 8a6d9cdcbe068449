"""How an ask ends: both sides change in one step, or nothing does."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain.judging import Verdict
from services.booking.domain.reservation import Reservation, Route, require
from services.booking.domain.rights import Person, may_request_for
from services.booking.domain.states import Action, State
from services.booking.domain.swapping import Ask, AskState, Place, basis_of, ended, has_changed, hindrances, over
from services.booking.domain.units import SlotHeld
from services.booking.handlers.deciding import decided
from services.booking.handlers.moving import moved
from services.booking.handlers.placing import check_place, check_times, refuse
from services.booking.handlers.quotas import warn_of_use
from services.booking.handlers.recording import route_taken, rules_used, standing, waiting, write
from services.booking.handlers.requesting import begun
from services.booking.handlers.swaps.exchanging import (
    elsewhere_of,
    fits_beside,
    give_way_sides,
    refuse_if,
    settled,
    swap_sides,
)
from services.booking.handlers.swaps.recording import answer_of, locked_in_order, opened, tell_end
from services.contracts.commands import AcceptAsk, DeclineAsk, WithdrawAsk
from services.contracts.errors import SlotTaken, WrongState
from services.contracts.events import ReservationCancelled, ReservationSwapped

BATCH = 100


def accept_ask(message: AcceptAsk, uow: Any, now: datetime) -> dict[str, Any]:
    """The holder agrees, and the exchange is made as a whole.

    Raises NotFound, NotAllowed, StaleVersion, WrongState (it is over, what it is about has changed, or nobody needs
    to give way),
    InvalidInput, RuleBroken, SlotTaken.
    """
    ask, person = opened(message, "asked", uow)
    accepted = ended(ask, AskState.ACCEPTED)
    kept = locked_in_order(filter(None, [ask.holder, ask.reservation]), message.actor, uow)
    holder, mine = kept.get(ask.holder), kept.get(ask.reservation)
    asker = uow.copies.person(ask.requester)
    may_ask = asker is not None and asker.active and may_request_for(asker, ask.team)
    if ask.expires_at <= now or has_changed(ask, holder, mine) or not may_ask:
        raise over(AskState.LAPSED)
    if mine:
        state, told = swap(ask, (mine, asker), (holder, person), uow, now)
    else:
        elsewhere = elsewhere_of(message, holder)
        wrong_place(elsewhere, uow)
        if elsewhere is None and fits_beside(ask, holder, uow, now):
            raise WrongState(reason="room_beside", state=str(ask.state))
        accepted, state, told = give_way(accepted, asker, (holder, person), elsewhere, uow, now)
    uow.swaps.change(accepted)
    tell_end(accepted, uow, state)
    return answer_of(accepted, told)


def wrong_place(elsewhere: Place | None, uow: Any) -> None:
    """Raises InvalidInput for a place that is not there."""
    if elsewhere:
        facility = next(iter(uow.copies.facilities([elsewhere.facility])), None)
        refuse(check_times(*elsewhere.span) | check_place(elsewhere.unit or None, facility))


def swap(
    ask: Ask, asking: tuple[Reservation, Person], asked: tuple[Reservation, Person], uow: Any, now: datetime,
) -> tuple[str, dict[str, Any]]:
    """Each goes to the other's place. Returns the state of what was offered, and the holder's answer."""
    (mine, asker), (holder, person) = asking, asked
    for each in (mine, holder):
        require(each, Action.SWAP, now)
    moving, locking = [mine.id, holder.id], {mine.facility, holder.facility}
    first, second = settled(swap_sides(mine, holder, uow), uow, now, moving, locking)
    refuse_if(hindrances(second, [first]))
    uow.reservations.let_go(moving)
    gone = put(ask, "asking", mine, first, asker, uow, now)
    return gone["state"], put(ask, "asked", holder, second, person, uow, now)


def give_way(
    ask: Ask, asker: Person, asked: tuple[Reservation, Person], elsewhere: Place | None, uow: Any, now: datetime,
) -> tuple[Ask, str, dict[str, Any]]:
    """The holder goes elsewhere or gives the time up, and what was asked for takes its place."""
    holder, person = asked
    sides = give_way_sides(ask, holder, elsewhere, uow)
    *going, wanted = settled(sides, uow, now, [holder.id], {holder.facility})
    refuse_if(hindrances(going[0] if going else None, [wanted]))
    if going:
        uow.reservations.let_go([holder.id])
        told = put(ask, "asked", holder, going[0], person, uow, now)
    else:
        told = decided(holder, person, Action.CANCEL, ReservationCancelled, uow, now, because=basis_of(ask, "asked"))
    made = request(ask, asker, wanted, uow, now)
    return replace(ask, reservation=made["id"]), made["state"], told


def put(
    ask: Ask, side: str, former: Reservation, verdict: Verdict, person: Person, uow: Any, now: datetime,
) -> dict[str, Any]:
    """Keep one side where room was found for it; it is approved anew as the facility's rules say. Raises SlotTaken."""
    facility, wish = verdict.wanted.facility, verdict.wanted.wish
    there = moved(former, facility, verdict.room, wish, person, now, uow.time_scale)
    basis = rules_used(facility) | route_taken(there) | standing(person, former) | basis_of(ask, side)
    try:
        told = write(
            uow, Action.SWAP, former, there, ReservationSwapped, now, actor=person.person, claims=verdict.room.claims,
            basis=basis, former_facility=former.facility, former_unit=former.unit,
            former_starts_at=former.span.starts_at, former_ends_at=former.span.ends_at, **waiting(there),
        )
    except SlotHeld as held:
        raise SlotTaken(alternatives=[]) from held
    warn_of_use(wish, facility, uow)
    return told


def request(ask: Ask, asker: Person, verdict: Verdict, uow: Any, now: datetime) -> dict[str, Any]:
    """What was asked for, as a request of the side that asked. Raises SlotTaken."""
    facility, wish = verdict.wanted.facility, verdict.wanted.wish
    asked = Reservation(
        id=str(uuid.uuid4()), version=1, state=State.REQUESTED, facility=facility.code, unit=verdict.unit,
        span=wish.span, team=ask.team, project=ask.project, purpose=ask.purpose, requester=ask.requester,
        run=ask.run, route=Route(by_lead=ask.team in asker.leads),
    )
    try:
        made = begun(asked, verdict.room, facility, uow, now, asker.person, because=basis_of(ask, "asking"))
    except SlotHeld as held:
        raise SlotTaken(alternatives=[]) from held
    warn_of_use(wish, facility, uow)
    return made


def decline_ask(message: DeclineAsk, uow: Any, now: datetime) -> dict[str, Any]:
    """The holder says no. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    ask, _person = opened(message, "asked", uow)
    return end(ended(ask, AskState.DECLINED, reason=message.reason.strip()), uow)


def withdraw_ask(message: WithdrawAsk, uow: Any, now: datetime) -> dict[str, Any]:
    """Who asked takes it back. Raises like decline_ask."""
    ask, _person = opened(message, "asking", uow)
    return end(ended(ask, AskState.WITHDRAWN), uow)


def lapse_asks(uow: Any, now: datetime) -> int:
    """End those that nobody answered in time, or whose reservations are not as they were. Returns how many."""
    due: Sequence[Ask] = uow.swaps.lapsed(now, BATCH)
    for ask in due:
        end(ended(ask, AskState.LAPSED), uow)
    return len(due)


def end(ask: Ask, uow: Any) -> dict[str, Any]:
    uow.swaps.change(ask)
    tell_end(ask, uow)
    return answer_of(ask)
