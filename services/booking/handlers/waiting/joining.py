"""Joining a facility's wait list, and leaving it."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import known, sees
from services.booking.domain.rules import broken_rules
from services.booking.domain.run import run_of
from services.booking.domain.spans import Span
from services.booking.domain.waiting import (
    MAY_PASS,
    ORDINARY_RANK,
    EntryState,
    WaitEntry,
    places,
    wish_of,
)
from services.booking.domain.wish import Party
from services.booking.handlers.placing import refuse, wrong_in_run
from services.booking.handlers.requesting import wrong_fields
from services.contracts.commands import JoinWaitList, LeaveWaitList
from services.contracts.errors import NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState

MOST_OPEN = 10
"""So many entries a team may have on one facility's list at once."""

WIDEST = timedelta(days=93)
MINUTE = timedelta(minutes=1)


def join_wait_list(message: JoinWaitList, uow: Any, now: datetime) -> dict[str, Any]:
    """Take a place at the end of the list. If the time is free already, it is offered at the next look, at once.

    Raises InvalidInput, RuleBroken (for what would stand in the way whatever came free), NotAllowed.
    """
    asking = uow.copies.asking(message.actor, message.team, message.facility, message.operator)
    wrong = wrong_fields(message, known(asking.person), asking.team, asking.facility) | wrong_in_run(message, asking)
    refuse(wrong or wrong_window(message))
    entry = drafted(message, now)
    refuse(wrong_among(entry, uow.waiting.open_of(entry.team)))
    require_possible(entry, asking.facility, asking.party(message.project), now)
    return answer_of(put(entry, uow, now))


def put_on_list(
    reservation: Reservation, uow: Any, now: datetime, *, actor: str, rank: int = ORDINARY_RANK,
) -> WaitEntry:
    """What was asked for with a reservation that came to nothing waits for its time to come free.

    Among those who wait the lower ``rank`` comes first, whenever it joined. ``actor`` is who took the step, for
    the audit trail; empty for the system.
    """
    entry = WaitEntry(
        id=str(uuid.uuid4()), facility=reservation.facility, team=reservation.team, project=reservation.project,
        purpose=reservation.purpose, requester=reservation.requester, run=reservation.run,
        minutes=reservation.span.length // MINUTE, window=reservation.span, unit=None, joined_at=now, rank=rank,
    )
    return put(entry, uow, now, actor=actor)


def put(entry: WaitEntry, uow: Any, now: datetime, **told: Any) -> WaitEntry:
    uow.waiting.add(entry)
    uow.waiting.free(entry.facility, now)
    uow.note(f"wait_entry:{entry.id}", state=str(entry.state), facility=entry.facility, team=entry.team, **told)
    return entry


def leave_wait_list(message: LeaveWaitList, uow: Any, now: datetime) -> dict[str, Any]:
    """Wait no longer. Raises NotFound, NotAllowed, StaleVersion, WrongState (also when there is an offer to answer)."""
    entry, person = uow.waiting.locked(message.wait_entry, message.actor)
    if entry is None or not sees(known(person), entry.team, entry.facility):
        raise NotFound
    if entry.team not in person.teams:
        raise NotAllowed
    if message.version not in (None, entry.version):
        raise StaleVersion(version=entry.version)
    if entry.state is not EntryState.WAITING:
        raise WrongState(state=str(entry.state), action="leave")
    left = entry.changed(EntryState.LEFT)
    uow.waiting.change(left)
    uow.note(f"wait_entry:{entry.id}", state=str(left.state))
    return answer_of(left)


def wrong_window(message: JoinWaitList) -> dict[str, list[str]]:
    """What is wrong with a window that does not end before it starts."""
    window = Span(message.starts_at, message.ends_at)
    if any(instant.timestamp() % 60 for instant in window):
        return {"starts_at": ["not_whole_minutes"]}
    if window.length > WIDEST and message.minutes is not None:
        return {"ends_at": ["out_of_range"]}
    return {"minutes": ["longer_than_window"]} if window.length < timedelta(minutes=message.minutes or 0) else {}


def wrong_among(entry: WaitEntry, others: Iterable[WaitEntry]) -> dict[str, list[str]]:
    """A team waits once for the same, and not with too many wishes on one list."""
    there = [each for each in others if each.facility == entry.facility]
    if any((each.window, each.minutes, each.unit) == (entry.window, entry.minutes, entry.unit) for each in there):
        return {"starts_at": ["waits_already"]}
    return {"team": ["waits_too_often"]} if len(there) >= MOST_OPEN else {}


def require_possible(entry: WaitEntry, facility: Facility, party: Party | None, now: datetime) -> None:
    """Raises RuleBroken, or InvalidInput for a window without any time that fits, if waiting were in vain."""
    wish = wish_of(entry, party, None if entry.is_fixed else facility.grid_after(entry.window.starts_at))
    # Of a fixed slot the rules alone tell, however long it is said to be.
    there = None if entry.is_fixed else next(places(wish, facility, {}, entry.window, now, timedelta(0)), None)
    found = broken_rules(there[0] if there else wish, facility, now)
    lasting = [violation for violation in found if violation.rule not in MAY_PASS]
    if lasting:
        raise RuleBroken(violations=[each.to_dict() for each in lasting], alternatives=[])
    if not entry.is_fixed and there is None and not found:
        refuse({"ends_at": ["no_time_in_window"]})


def drafted(message: JoinWaitList, now: datetime) -> WaitEntry:
    window = Span(message.starts_at, message.ends_at)
    return WaitEntry(
        id=str(uuid.uuid4()), facility=message.facility, team=message.team, project=message.project,
        purpose=message.purpose, requester=message.actor, run=run_of(message),
        minutes=message.minutes or window.length // MINUTE, window=window, unit=message.unit, joined_at=now,
    )


def answer_of(entry: WaitEntry) -> dict[str, Any]:
    return {
        "id": entry.id, "version": entry.version, "state": str(entry.state), "facility": entry.facility,
        "unit": entry.unit, "team": entry.team, "minutes": entry.minutes, **entry.window._asdict(),
        "reservation": entry.reservation,
    }


