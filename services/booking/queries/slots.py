"""Free time, and whether a wish would be granted: the same functions decide as for a real request."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.booking.domain.alternatives import free_times
from services.booking.domain.quotas import applying, figures
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person, known, sees
from services.booking.domain.rules import are_excused, broken_rules
from services.booking.domain.run import run_of
from services.booking.domain.spans import Span
from services.booking.domain.units import FITTING, choose_unit
from services.booking.domain.wish import Wish
from services.booking.handlers.campaigns.neighbours import beside_steps
from services.booking.handlers.moving import leaving, wish_of
from services.booking.handlers.placing import check_place, check_profile, check_times, offers, refuse, with_others
from services.booking.handlers.quotas import entitled
from services.booking.handlers.requesting import wrong_asker
from services.booking.queries.arguments import FreeTime, Slot, asking, load, window_of
from services.booking.queries.reservations import known_id
from services.booking.storage.rows import ASIDE, RESERVATION, WITH_SITE, facility_of, reservation_of
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.errors import InvalidInput, NotFound

FACILITIES = f"""
    SELECT f.snapshot::text, {ASIDE} FROM {WITH_SITE}
     WHERE (%(facility)s::text IS NULL OR f.facility = %(facility)s)
       AND (%(kind)s::text IS NULL OR f.snapshot ->> 'kind' = %(kind)s)"""
MOVING = f"SELECT {RESERVATION} FROM reservations r WHERE r.reservation = %(reservation)s"


def free_slots(connection: Any, now: datetime, actor: str, **wanted: Any) -> dict[str, Any]:
    """The earliest starts from ``starts_at`` on and before ``ends_at``, one in each free stretch.

    Raises InvalidInput, NotAllowed.
    """
    given = load(FreeTime, **wanted)
    starts = window_of(given)
    refuse(check_profile(given.profile))
    asking(connection, actor)
    rows = connection.exec_driver_sql(FACILITIES, {"facility": given.facility, "kind": given.kind})
    facilities = [facility_of(row) for row in rows]
    if given.facility and not facilities:
        raise InvalidInput(errors={"facility": ["unknown"]})
    length = timedelta(minutes=given.minutes)
    held = Span(starts.starts_at, starts.ends_at + length).widened(FITTING, FITTING)
    reservations = BookingUnitOfWork(connection).reservations
    claims = reservations.claims([facility.code for facility in facilities], held)
    counted = [facility.code for facility in facilities if facility.most_people]
    others = reservations.people(counted, held) if counted else {}
    found = free_times(length, starts, facilities, claims, now, given.limit, run_of(given), others)
    return {"items": [each.to_dict() for each in found]}


def check_slot(connection: Any, now: datetime, actor: str, **wanted: Any) -> dict[str, Any]:
    """What a request, or a move of ``reservation``, would come to; nothing is changed or locked.

    Raises InvalidInput, NotFound, NotAllowed.
    """
    given = load(Slot, **wanted)
    uow = BookingUnitOfWork(connection)
    asking = uow.copies.asking(str(actor), given.team, given.facility, given.operator)
    person, facility = known(asking.person), asking.facility
    errors = check_times(given.starts_at, given.ends_at) | wrong_asker(given, person, asking)
    refuse(errors | check_place(given.unit, facility) | check_profile(given.profile))
    wish = Wish(
        span=Span(given.starts_at, given.ends_at), unit=given.unit, run=run_of(given), party=asking.party(given.project)
    )
    moving: list[str] = []
    if given.reservation:
        former = reservation_seen(connection, given.reservation, person)
        operator = former.run.operator or former.requester
        party = uow.copies.asking(str(actor), former.team, given.facility, operator).party(former.project)
        wish = replace(
            wish_of(former, facility, wish.span, given.unit, party), left=leaving(former, facility, person, uow, now))
        wish = beside_steps(wish, former, uow)
        moving = [former.id]
    return judged(wish, facility, uow, now, moving)


def judged(wish: Wish, facility: Any, uow: BookingUnitOfWork, now: datetime, moving: list[str]) -> dict[str, Any]:
    wish = entitled(wish, [facility.kind], uow, now, moving, locking=False)
    wish = with_others(wish, [facility], uow, wish.span, moving)
    violations = broken_rules(wish, facility, now)
    if are_excused(violations, wish):
        violations = []
    near = facility.period(wish.whole).widened(FITTING, FITTING)
    unit = choose_unit(wish, facility, uow.reservations.claims([facility.code], near, moving))
    ok = not violations and unit is not None
    return {
        "ok": ok, "violations": [violation.to_dict() for violation in violations], "unit": unit,
        "taken": unit is None and not any(violation.rule == "interrupted" for violation in violations),
        "alternatives": [] if ok else offers(wish, facility, uow, now, moving),
        "quotas": taken_of_quotas(wish, facility),
    }


def taken_of_quotas(wish: Wish, facility: Any) -> list[dict[str, Any]]:
    """What the wish takes of each quota that binds those who ask, in the first period that it touches."""
    bound = applying(wish.party.entitlements, facility.kind) if wish.party else ()
    return [next(figures(each, wish.span)) for each in bound]


def reservation_seen(connection: Any, reservation: str, person: Person) -> Reservation:
    row = connection.exec_driver_sql(MOVING, {"reservation": known_id(reservation)}).first()
    if row is None or not sees(person, row.team, row.facility):
        raise NotFound
    return reservation_of(row)
