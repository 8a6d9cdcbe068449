"""Offering what came free: the first who fits gets it, then the next."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.quotas import binding
from services.booking.domain.reservation import Reservation, Route
from services.booking.domain.rights import may_request_for
from services.booking.domain.spans import Span
from services.booking.domain.states import Action, State
from services.booking.domain.units import FITTING, Room, SlotHeld
from services.booking.domain.waiting import (
    LEAST_TO_ANSWER,
    EntryState,
    WaitEntry,
    answer_by,
    first_place,
    is_over,
    told,
    wish_of,
)
from services.booking.domain.wish import Party, Wish
from services.booking.handlers.placing import with_others
from services.booking.handlers.quotas import entitled
from services.booking.handlers.recording import rules_used, write
from services.booking.handlers.waiting.answering import take_back
from services.contracts.events import ReservationOffered, WaitEntryLapsed

MOST_SERVED = 200
"""So many of a list are looked at in one transaction."""

LOOK_AGAIN = timedelta(minutes=10)
"""How long after the last look it is looked again without any news: time itself opens ways, too."""


def offer_freed(uow: Any, now: datetime) -> str | None:
    """Serve the list of one facility at which something has changed. Returns the facility, None when there is none.

    What was offered there and cannot be used any more is taken back first.

    What was taken from the table of freed facilities is done in this transaction or stays there.
    """
    code = uow.waiting.take_freed(now)
    if code:
        take_back(code, uow, now)
    waiting = uow.waiting.waiting(code, MOST_SERVED) if code else []
    if not waiting:
        return code
    (facility,) = uow.copies.facilities([code])
    left = serve(waiting, facility, uow, now)
    if left:
        later = min([now + LOOK_AGAIN / uow.time_scale, *(each.latest_start for each in left)])
        uow.waiting.look_again(code, now, max(later, now + timedelta(seconds=1)))
    return code


def serve(waiting: Sequence[WaitEntry], facility: Facility, uow: Any, now: datetime) -> list[WaitEntry]:
    """Give each in turn what there is room for; returns who still waits."""
    least = LEAST_TO_ANSWER / uow.time_scale
    parties = {entry.id: party_of(entry, uow) for entry in waiting}
    hold_quotas(parties.values(), facility, uow)
    uow.reservations.claims_under_lock([facility.code], [facility.code], Span(now, now))
    # What was said of the facility before the lock was waited for may be old by now.
    (facility,) = uow.copies.facilities([facility.code])
    left: list[WaitEntry] = []
    for entry in waiting:
        party = parties[entry.id]
        if party is None or is_over(entry, facility, now, least):
            lapse(entry.changed(EntryState.LAPSED), uow)
        elif not offer(entry, party, facility, uow, now, told(entry, left, len(waiting))):
            left.append(entry)
    return left


def hold_quotas(parties: Any, facility: Facility, uow: Any) -> None:
    """Lock at once whatever may be used of quotas: one after the other would invite a deadlock."""
    keys = {
        (quota.scope, subject) for party in parties if party
        for quota, subject in binding([each for each in party.quotas if each.covers(facility.kind)], party.subjects)
    }
    if keys:
        uow.quotas.hold(keys)


def party_of(entry: WaitEntry, uow: Any) -> Party | None:
    """Those for whom it is; None when the requester may no longer ask for the team."""
    asking = uow.copies.asking(entry.requester, entry.team, entry.facility, entry.run.operator)
    person = asking.person
    if person is None or not person.active or not may_request_for(person, entry.team):
        return None
    return asking.party(entry.project)


def offer(
    entry: WaitEntry, party: Party, facility: Facility, uow: Any, now: datetime, basis: Any,
) -> Reservation | None:
    """Hold the earliest place for an entry, if there is one; the units are locked."""
    window = facility.period(entry.window).widened(FITTING, FITTING + timedelta(minutes=entry.run.elastic_minutes))
    wish = entitled(wish_of(entry, party), [facility.kind], uow, now)
    wish = with_others(wish, [facility], uow, window, ())
    claims = uow.reservations.claims([facility.code], window)
    found = first_place(entry, wish, facility, claims, now, LEAST_TO_ANSWER / uow.time_scale)
    if found is None:
        return None
    try:
        return hold(entry, *found, facility, uow, now, basis)
    except SlotHeld:
        # Somebody wrote without the lock: whatever it was, it will be noted as freed when it goes.
        return None


def hold(
    entry: WaitEntry, wish: Wish, room: Room, facility: Facility, uow: Any, now: datetime, basis: Any,
) -> Reservation:
    """Raises SlotHeld."""
    starts_at = wish.span.starts_at
    offered = Reservation(
        id=str(uuid.uuid4()), version=1, state=State.OFFERED, facility=facility.code, unit=room.unit, span=wish.span,
        team=entry.team, project=entry.project, purpose=entry.purpose, requester=entry.requester, run=entry.run,
        decide_by=answer_by(starts_at, facility, now, uow.time_scale), route=Route(),
    )
    write(
        uow, Action.OFFER, None, offered, ReservationOffered, now, actor="", claims=room.claims,
        basis=rules_used(facility) | {"wait_list": basis}, decide_by=offered.decide_by, wait_entry=entry.id,
    )
    uow.waiting.change(entry.changed(EntryState.OFFERED, reservation=offered.id))
    return offered


def lapse(entry: WaitEntry, uow: Any) -> None:
    """Keep and tell that somebody waits no longer, because nothing came free in time."""
    uow.waiting.change(entry)
    uow.record(WaitEntryLapsed(
        version=1, wait_entry=entry.id, facility=entry.facility, team=entry.team, project=entry.project,
        purpose=entry.purpose, requester=entry.requester, minutes=entry.minutes, **entry.window._asdict(),
    ))
