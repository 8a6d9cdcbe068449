"""What an exchange would come to for each side, and carrying it out as a whole."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain.judging import Verdict, Wanted
from services.booking.domain.quotas import binding
from services.booking.domain.reservation import Reservation
from services.booking.domain.rules import Violation
from services.booking.domain.spans import Span
from services.booking.domain.swapping import Ask, Place, exchanged, place_of
from services.booking.domain.wish import Left, Wish
from services.booking.handlers.judging import reach_of, with_people
from services.booking.handlers.moving import wish_of
from services.booking.handlers.quotas import entitled
from services.contracts.errors import RuleBroken


def refuse_if(violations: Sequence[Violation]) -> None:
    """Raises RuleBroken with all that stands in the way."""
    if violations:
        raise RuleBroken(violations=[each.to_dict() for each in violations], alternatives=[])


def swap_sides(mine: Reservation, holder: Reservation, uow: Any) -> list[Wanted]:
    """Where each goes: to the other's start, as long as it is itself; the side that asked comes first."""
    return [
        going(mine, place_of(holder).lasting(mine.span.length), uow),
        going(holder, place_of(mine).lasting(holder.span.length), uow),
    ]


def give_way_sides(ask: Ask, holder: Reservation, elsewhere: Place | None, uow: Any) -> list[Wanted]:
    """What is asked for, and before it where the holder goes who does not give the time up."""
    asking = uow.copies.asking(ask.requester, ask.team, ask.slot.facility, ask.run.operator or ask.requester)
    unit = ask.slot.unit if asking.facility.unit_choice else None
    wish = Wish(span=ask.wished, unit=unit, run=ask.run, party=asking.party(ask.project), at_once=True)
    wanted = Wanted(date=ask.wished.starts_at.date(), wish=wish, facility=asking.facility)
    return [*([going(holder, elsewhere, uow)] if elsewhere else []), wanted]


def going(former: Reservation, place: Place, uow: Any) -> Wanted:
    """The wish of a reservation to be at another place, of the one who runs it there."""
    operator = former.run.operator or former.requester
    asking = uow.copies.asking(former.requester, former.team, place.facility, operator)
    facility = asking.facility
    unit = place.unit if facility.unit_choice else None
    wish = wish_of(former, facility, place.span, unit or None, asking.party(former.project))
    there = facility if former.facility == facility.code else uow.copies.facilities([former.facility])[0]
    wish = replace(wish, left=Left(former.span, there.change_notice_minutes))
    return Wanted(date=place.starts_at.date(), wish=wish, facility=facility, reservation=former.id)


def settled(
    sides: Sequence[Wanted], uow: Any, now: datetime, moving: Collection[str], locking: Collection[str],
) -> list[Verdict]:
    """The verdicts, with the quotas of all sides and the units of all facilities locked."""
    lock_quotas(sides, uow)
    sides = [with_entitlements(each, uow, now, moving) for each in sides]
    codes = sorted({each.facility.code for each in sides})
    claims = uow.reservations.claims_under_lock(sorted({*codes, *locking}), codes, reach_of(sides), moving)
    # What was said of the facilities before the lock was waited for may be old by now.
    facilities = {each.code: each for each in uow.copies.facilities(codes)}
    sides = [replace(each, facility=facilities[each.facility.code]) for each in sides]
    return exchanged(with_people(sides, uow, moving), claims, now)


def looked_at(sides: Sequence[Wanted], uow: Any, now: datetime, moving: Collection[str]) -> list[Verdict]:
    """The same without locks."""
    sides = [with_entitlements(each, uow, now, moving) for each in sides]
    codes = sorted({each.facility.code for each in sides})
    claims = uow.reservations.claims(codes, reach_of(sides), moving)
    return exchanged(with_people(sides, uow, moving), claims, now)


def fits_beside(ask: Ask, holder: Reservation, uow: Any, now: datetime) -> bool:
    """Whether what is asked for could be had with the holder where it is."""
    (beside,) = looked_at(give_way_sides(ask, holder, None, uow), uow, now, ())
    return beside.is_fine


def lock_quotas(sides: Sequence[Wanted], uow: Any) -> None:
    """All at once and in one order, so that two exchanges never wait for each other."""
    subjects = set()
    for each in sides:
        party = each.wish.party
        quotas = [quota for quota in party.quotas if quota.covers(each.facility.kind)] if party else []
        scopes = {quota.scope for quota, _ in binding(quotas, party.subjects)} if quotas else ()
        subjects |= {(scope, party.subjects[scope]) for scope in scopes}
    if subjects:
        uow.quotas.hold(subjects)


def with_entitlements(wanted: Wanted, uow: Any, now: datetime, moving: Collection[str]) -> Wanted:
    wish = entitled(wanted.wish, [wanted.facility.kind], uow, now, moving, locking=False)
    return replace(wanted, wish=wish)


def elsewhere_of(message: Any, holder: Reservation) -> Place | None:
    """The place that a holder who gives way has named any part of; None to give the time up."""
    if not any((message.facility, message.unit, message.starts_at, message.ends_at)):
        return None
    starts_at = message.starts_at or holder.span.starts_at
    span = Span(starts_at, message.ends_at or starts_at + holder.span.length)
    return Place(message.facility or holder.facility, message.unit or "", *span)
