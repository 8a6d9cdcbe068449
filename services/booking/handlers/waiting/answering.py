"""What becomes of an offer: accepted, declined, not answered in time, or taken back."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain import approval
from services.booking.domain.facility import Facility
from services.booking.domain.reservation import Reservation, require, step
from services.booking.domain.rules.places import is_open_throughout
from services.booking.domain.states import Action, State
from services.booking.domain.waiting import LEAST_TO_ANSWER, EntryState, WaitEntry, missed, taken_back
from services.booking.domain.wish import Wish
from services.booking.handlers.placing import check_place, placed, refuse
from services.booking.handlers.recording import opened, route_taken, rules_used, standing, waiting, write
from services.contracts.commands import AcceptOffer, DeclineOffer
from services.contracts.errors import WrongState
from services.contracts.events import (
    ReservationApproved,
    ReservationDeclined,
    ReservationOfferExpired,
    ReservationOfferTakenBack,
    ReservationRequested,
)

BATCH = 100


def accept_offer(message: AcceptOffer, uow: Any, now: datetime) -> dict[str, Any]:
    """Take what is held: it goes the way of every request, and nobody else can have come in between.

    Raises NotFound, NotAllowed, StaleVersion, WrongState (also when it is too late), RuleBroken and SlotTaken when
    the rules or the place have changed since.
    """
    former, person = opened(message, Action.ACCEPT, uow)
    require_in_time(former, Action.ACCEPT, now)
    entry = entry_of(former, uow)
    asking = uow.copies.asking(entry.requester, former.team, former.facility, former.run.operator)
    facility = asking.facility
    refuse(check_place(None, facility))
    wish = Wish(
        span=former.span, former_unit=former.unit, unit=entry.unit, run=former.run, party=asking.party(former.project))
    with placed(wish, facility, uow, now, locking=[facility.code], moving=[former.id]) as room:
        by_lead = former.team in person.leads
        there = replace(
            former, version=former.version + 1, unit=room.unit, route=replace(former.route, by_lead=by_lead))
        reservation = approval.begun(there, facility, now, uow.time_scale)
        kind, more = ReservationRequested, waiting(reservation)
        if reservation.state is State.APPROVED:
            kind, more = ReservationApproved, {"automatic": True}
        basis = rules_used(facility) | route_taken(reservation) | standing(person, former)
        answer = write(
            uow, Action.ACCEPT, former, reservation, kind, now, actor=message.actor, claims=room.claims, basis=basis,
            **more,
        )
    uow.waiting.change(entry.changed(EntryState.SERVED))
    return answer


def decline_offer(message: DeclineOffer, uow: Any, now: datetime) -> dict[str, Any]:
    """Let what is held go to the next one, and leave the list.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    former, person = opened(message, Action.DECLINE, uow)
    require_in_time(former, Action.DECLINE, now)
    entry = entry_of(former, uow)
    uow.waiting.change(entry.changed(EntryState.LEFT))
    return write(
        uow, Action.DECLINE, former, step(former, Action.DECLINE, now), ReservationDeclined, now, actor=message.actor,
        basis=standing(person, former), wait_entry=entry.id,
    )


def expire_offers(uow: Any, now: datetime) -> int:
    """End the offers that nobody answered in time. Returns how many.

    A batch at once; those that another worker or an answer holds locked are left to them.
    """
    due = uow.waiting.unanswered(now, BATCH)
    facilities = {each.code: each for each in uow.copies.facilities({former.facility for former in due})}
    for former in due:
        entry = missed(
            entry_of(former, uow), facilities[former.facility], now, LEAST_TO_ANSWER / uow.time_scale)
        uow.waiting.change(entry)
        write(
            uow, Action.EXPIRE, former, step(former, Action.EXPIRE, now), ReservationOfferExpired, now, actor="",
            basis={"decide_by": former.decide_by}, wait_entry=entry.id, waits=entry.state is EntryState.WAITING,
        )
    return len(due)


def take_back(code: str, uow: Any, now: datetime) -> None:
    """End the offers at a facility whose time an interruption or other hours have taken away."""
    for former in uow.waiting.offered(code):
        (facility,) = uow.copies.facilities([code])
        cause = taken_by(former, facility, uow)
        if cause:
            entry = taken_back(entry_of(former, uow), facility, now, LEAST_TO_ANSWER / uow.time_scale)
            uow.waiting.change(entry)
            write(
                uow, Action.EXPIRE, former, step(former, Action.EXPIRE, now), ReservationOfferTakenBack, now, actor="",
                basis={"taken_by": cause}, wait_entry=entry.id, waits=entry.state is EntryState.WAITING, cause=cause,
            )


def taken_by(offered: Reservation, facility: Facility, uow: Any) -> dict[str, Any] | None:
    """What has taken the time of an offer away, if anything."""
    cause = uow.interruptions.hitting(offered.id)
    if cause is None and not is_open_throughout(offered.whole, facility):
        cause = {"kind": "hours", "reason": {}}
    return cause and cause | {"facility": facility.code}


def require_in_time(offered: Reservation, action: Action, now: datetime) -> None:
    """Raises WrongState: an answer that comes too late finds the offer gone, also when nobody has ended it yet."""
    require(offered, action, now)
    if offered.decide_by <= now:
        raise WrongState(state=str(State.EXPIRED), action=str(action))


def entry_of(offered: Reservation, uow: Any) -> WaitEntry:
    return uow.waiting.of_offer(offered.id)
