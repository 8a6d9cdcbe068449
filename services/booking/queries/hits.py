"""Whom a change of hours, of the calendar, or an interruption would hit: asked before it is saved."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.booking.domain.facility import BASE_ZONE, Facility, midnights
from services.booking.domain.hits import Standing, hit_by_hours, hit_by_interruption, with_hours, with_year
from services.booking.domain.rights import Person, capacity, sees_all
from services.booking.domain.spans import Span
from services.booking.handlers.placing import refuse
from services.booking.queries.arguments import WouldHit, asking, load, sight
from services.booking.queries.reservations import NAMED, WITH_NAMES, plain
from services.booking.queries.tried import wrong_in_change
from services.booking.storage.rows import ASIDE, WITH_SITE, facility_of, span_in
from services.contracts.errors import InvalidInput, NotAllowed

MOST_TOLD = 200
DAYS_AHEAD = timedelta(days=27)

SCOPE = f"""
    SELECT f.snapshot::text, {ASIDE} FROM {WITH_SITE}
     WHERE f.facility = %(facility)s OR %(facility)s::text IS NULL AND f.snapshot ->> 'site' = %(site)s"""
STANDING = """
    SELECT r.reservation::text, r.facility, r.unit, r.starts_at, r.ends_at, min(lower(c.period)), max(upper(c.period))
      FROM reservations r JOIN claims c ON c.reservation = r.reservation
     WHERE c.held AND r.state <> 'offered' AND r.facility = ANY(%(facilities)s) AND r.ends_at > %(now)s
     GROUP BY r.reservation"""
HIT = f"""
    SELECT {NAMED} FROM {WITH_NAMES} WHERE r.reservation = ANY(%(hit)s::uuid[])
     ORDER BY r.starts_at, r.reservation LIMIT {MOST_TOLD}"""


def would_hit(connection: Any, now: datetime, actor: str, **asked: Any) -> dict[str, Any]:
    """The reservations that a change would hit, at most 200 of ``count``, by start; nothing is changed.

    For one facility also the hours of the next four weeks as they would be: days = [{date, hours, special}].

    Raises InvalidInput, NotAllowed (who may not change it, need not know whom it would hit).
    """
    given = load(WouldHit, **asked)
    person = asking(connection, actor)
    if not may_ask(person, given):
        raise NotAllowed
    refuse(wrong_in_change(given))
    scope = {"facility": given.facility, "site": given.site}
    facilities = {each.code: each for each in map(facility_of, connection.exec_driver_sql(SCOPE, scope))}
    rows = connection.exec_driver_sql(STANDING, {"facilities": list(facilities), "now": now})
    standing = [Standing(*row[:3], Span(*row[3:5]), Span(*row[5:7])) for row in rows]
    try:
        hit = hit_by(given, standing, facilities)
        days = days_ahead(changed(facilities[given.facility], given), now) if given.facility in facilities else []
    except (LookupError, TypeError, ValueError) as error:  # what is saved is checked by its owner, field by field
        raise InvalidInput(errors={"body": ["malformed"]}) from error
    told = connection.exec_driver_sql(HIT, {"hit": hit, **sight(person)})
    return {"count": len(hit), "items": [plain(row, person) for row in told], "days": days}


def may_ask(person: Person, given: WouldHit) -> bool:
    return sees_all(person) or (given.facility is not None and capacity(person, given.facility) is not None)


def hit_by(given: WouldHit, standing: list[Standing], facilities: dict[str, Facility]) -> list[str]:
    if given.spans is not None:
        return hit_by_interruption(standing, given.unit, [span_in(span) for span in given.spans])
    return hit_by_hours(standing, facilities, {code: changed(each, given) for code, each in facilities.items()})


def days_ahead(facility: Facility, now: datetime) -> list[dict[str, Any]]:
    midnights_ahead = midnights(Span(now, now + DAYS_AHEAD))
    return [
        {"date": midnight.astimezone(BASE_ZONE).date().isoformat(), "hours": facility.hours_on(midnight),
         "special": facility.special_on(midnight)}
        for midnight in midnights_ahead
    ]


def changed(facility: Facility, given: WouldHit) -> Facility:
    """The facility as the change would leave it."""
    hours = given.opening_hours and tuple(tuple(tuple(pair) for pair in day) for day in given.opening_hours)
    exceptions = None if given.date_exceptions is None else tuple(given.date_exceptions)
    after = with_hours(facility, hours, exceptions, given.on_holidays)
    if given.year is None:
        return after
    return replace(after, calendar=with_year(facility.calendar, given.year, given.days or ()))
