"""Several wishes of one party in one transaction: judged together, and moved together."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain.judging import Verdict, Wanted, judged
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person
from services.booking.domain.spans import Span
from services.booking.domain.units import FITTING, SlotHeld
from services.booking.handlers.moving import put
from services.booking.handlers.quotas import entitled, warn_of_use
from services.contracts.errors import Refusal


def reach_of(asked: Sequence[Wanted]) -> Span:
    """The time whose claims must be known to judge them; buffers and a day for the best fit included."""
    periods = [each.facility.period(each.wish.whole).widened(FITTING, FITTING) for each in asked]
    return Span(min(each.starts_at for each in periods), max(each.ends_at for each in periods))


def entitled_all(
    asked: Sequence[Wanted], uow: Any, now: datetime, moving: Collection[str], *, locking: bool,
) -> list[Wanted]:
    """All are of one party: what it has used of its quotas is read once."""
    first = min(each.wish.span.starts_at for each in asked)
    kinds = {each.facility.kind for each in asked}
    party = entitled(asked[0].wish, kinds, uow, now, moving, first=first, locking=locking).party
    if party is None:
        return list(asked)
    return [
        replace(each, wish=replace(each.wish, party=replace(each.wish.party, entitlements=party.entitlements)))
        for each in asked
    ]


def settled(
    asked: Sequence[Wanted], uow: Any, now: datetime, *, locking: Collection[str] = (), moving: Collection[str] = (),
) -> list[Verdict]:
    """The verdicts, with the units of all facilities they are about, and of ``locking``, locked."""
    asked = entitled_all(asked, uow, now, moving, locking=True)
    codes = sorted({each.facility.code for each in asked})
    claims = uow.reservations.claims_under_lock(sorted({*codes, *locking}), codes, reach_of(asked), moving)
    # What was said of the facilities before the lock was waited for may be old by now.
    facilities = {each.code: each for each in uow.copies.facilities(codes)}
    asked = [replace(each, facility=facilities[each.facility.code]) for each in asked]
    return judged(with_people(asked, uow, moving), claims, now)


def looked_at(asked: Sequence[Wanted], uow: Any, now: datetime, moving: Collection[str] = ()) -> list[Verdict]:
    """The same without locks."""
    asked = entitled_all(asked, uow, now, moving, locking=False)
    codes = sorted({each.facility.code for each in asked})
    claims = uow.reservations.claims(codes, reach_of(asked), moving)
    return judged(with_people(asked, uow, moving), claims, now)


def with_people(asked: Sequence[Wanted], uow: Any, moving: Collection[str]) -> list[Wanted]:
    """The wishes with the people of others, where facilities say how many may be on site."""
    codes = sorted({each.facility.code for each in asked if each.facility.most_people})
    if not codes:
        return list(asked)
    others = uow.reservations.people(codes, reach_of(asked), moving)
    return [replace(each, wish=replace(each.wish, others=others)) for each in asked]


def taken_after_all(verdict: Verdict) -> Verdict:
    """One that the database refused although it was free under the lock."""
    return Verdict(wanted=verdict.wanted, violations=verdict.violations, room=None)


def carried_out(
    moves: Sequence[Verdict], members: Sequence[Reservation], person: Person, uow: Any, now: datetime,
    refusal: Callable[[Verdict], Refusal], **told: Any,
) -> list[dict[str, Any]]:
    """Let all claims go before the first is taken: a member may move to where another one was.

    Raises the ``refusal`` of one that the database refuses.
    """
    former = {each.id: each for each in members}
    uow.reservations.let_go([each.wanted.reservation for each in moves])
    moved = []
    for verdict in moves:
        wanted = verdict.wanted
        try:
            moved.append(put(
                former[wanted.reservation], wanted.facility, verdict.room, wanted.wish, person, uow, now, **told))
        except SlotHeld as held:
            raise refusal(taken_after_all(verdict)) from held
        warn_of_use(wanted.wish, wanted.facility, uow)
    return moved
