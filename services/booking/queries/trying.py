"""The what-if desk: whom a change would hit, what it costs or gives, who would find a place. Nothing is kept."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from services.booking.domain.facility import Facility
from services.booking.domain.hits import Standing
from services.booking.domain.replan.greedy import greedy
from services.booking.domain.replan.instance import Instance, in_order
from services.booking.domain.rights import Person
from services.booking.domain.serving import Waiting, served
from services.booking.domain.spans import Span
from services.booking.domain.trying import (
    Trial,
    changed,
    days,
    figures,
    first_change,
    hit_by,
    taken_too,
    weeks,
)
from services.booking.domain.units import FITTING
from services.booking.domain.waiting import LEAST_TO_ANSWER, wish_of
from services.booking.handlers.placing import check_place, refuse, with_others
from services.booking.handlers.quotas import entitled
from services.booking.handlers.replan.loading import campaigns_of, claims_of, entitled_hits, hits_of
from services.booking.handlers.waiting.offering import party_of
from services.booking.queries.arguments import WouldHit, asking, load, sight
from services.booking.queries.hits import HIT, SCOPE, STANDING, may_ask
from services.booking.queries.reservations import plain
from services.booking.queries.tried import wrong_in_trial
from services.booking.storage.rows import facility_of, span_in
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.errors import NotAllowed
from services.contracts.values import Day, OneOf

SHOWN = timedelta(days=13)
COUNTED = timedelta(days=28)
MOST_PLACED = 30
"""For so many of those that are hit another place is looked for."""

MOST_SERVED = 50
TEAM_NAMES = "SELECT team, name FROM teams WHERE team = ANY(%(teams)s)"


@dataclass(frozen=True, kw_only=True)
class WhatIf(WouldHit):
    """A change as in WouldHit, or ``more_hours`` on each date from ``more_from`` to ``more_to``."""

    kind: Annotated[str, OneOf(("maintenance", "closure"))] = "maintenance"
    more_from: Day | None = None
    more_to: Day | None = None
    more_hours: list[list[int]] = field(default_factory=list)


def what_if(connection: Any, now: datetime, actor: str, **asked: Any) -> dict[str, Any]:
    """What a change would come to, on a copy of the calendar.

    count and items as in would_hit, each with the ``place`` that it would find, if any; facilities = [{facility,
    names, before, after, lost, gained}] in minutes of four weeks, ``weeks`` the same by week and ``days`` hours
    by day for one facility; ``date_exceptions`` as an extra shift makes them; ``waiting`` of the wait list who
    would get time, the first first, each beside those before.

    Raises InvalidInput, NotAllowed (who may not change it, need not know whom it would hit).
    """
    given = load(WhatIf, **asked)
    person = asking(connection, actor)
    if not may_ask(person, given):
        raise NotAllowed
    rows = connection.exec_driver_sql(SCOPE, {"facility": given.facility, "site": given.site})
    before = {each.code: each for each in map(facility_of, rows)}
    refuse(wrong_place(given, before) | wrong_in_trial(given))
    trial = trial_of(given)
    after = {code: changed(each, trial) for code, each in before.items()}
    return looked_into(trial, before, after, BookingUnitOfWork(connection), connection, person, now)


def wrong_place(given: WhatIf, found: Mapping[str, Facility]) -> dict[str, list[str]]:
    """A change of nothing would hit nobody, and look harmless."""
    if not found:
        return {"site" if given.site else "facility": ["unknown"]}
    return check_place(given.unit, found[given.facility]) if given.facility else {}


def trial_of(given: WhatIf) -> Trial:
    """What is asked for, once nothing is wrong with it."""
    hours = given.opening_hours and tuple(tuple(tuple(pair) for pair in day) for day in given.opening_hours)
    exceptions = None if given.date_exceptions is None else tuple(given.date_exceptions)
    first, last = (date.fromisoformat(each) if given.more_hours else None for each in (given.more_from, given.more_to))
    return Trial(
        kind=given.kind, unit=given.unit, spans=tuple(span_in(span) for span in given.spans or ()),
        opening_hours=hours or None, date_exceptions=exceptions, on_holidays=given.on_holidays, first=first, last=last,
        more=tuple((opens, closes) for opens, closes in given.more_hours),
    )


def looked_into(
    trial: Trial, before: Mapping[str, Facility], after: Mapping[str, Facility], uow: BookingUnitOfWork,
    connection: Any, person: Person, now: datetime,
) -> dict[str, Any]:
    rows = connection.exec_driver_sql(STANDING, {"facilities": list(before), "now": now})
    standing = [Standing(*row[:3], Span(*row[3:5]), Span(*row[5:7])) for row in rows]
    hit = hit_by(trial, standing, before)
    told = [plain(row, person) for row in connection.exec_driver_sql(HIT, {"hit": hit, **sight(person)})]
    places = places_for([each["id"] for each in told[:MOST_PLACED]], hit, trial, after, uow, now)
    first = first_change(trial, now)
    one = next(iter(before)) if len(before) == 1 else None
    return {
        "count": len(hit), "items": [each | {"place": places.get(each["id"])} for each in told],
        "looked_for": len(told[:MOST_PLACED]),
        "facilities": [
            {"facility": code, **figures(each, after[code], Span(first, first + COUNTED))}
            for code, each in before.items()
        ],
        "weeks": weeks(before[one], after[one], Span(first, first + COUNTED)) if one else [],
        "days": days(before[one], after[one], trial.unit, Span(first, first + SHOWN)) if one else [],
        "date_exceptions": list(after[one].date_exceptions) if one else [],
        "waiting": would_be_served(before[one], after[one], uow, connection, now) if one and not trial.spans else [],
    }


def places_for(
    looked_for: Collection[str], hit: Collection[str], trial: Trial, after: Mapping[str, Facility],
    uow: BookingUnitOfWork, now: datetime,
) -> dict[str, dict[str, Any]]:
    """Where those that are hit would go, the weightiest first; those for whom none is looked for stand aside too."""
    found = [each for each in uow.replans.reservations(looked_for) if each.is_held]
    hits = [each for each in hits_of(found, (), uow) if not each.is_begun(now)]
    if not hits:
        return {}
    equal = sorted({code for each in hits for code in after[each.reservation.facility].equivalents} - after.keys())
    facilities = {**after, **{each.code: each for each in uow.copies.facilities(equal)}}
    hits = entitled_hits(hits, facilities, uow, now, locking=False)
    ends = max(each.reservation.latest_end + each.reach + each.reservation.whole.length for each in hits)
    reach = Span(now, ends).widened(FITTING, FITTING)
    claims = taken_too(claims_of(facilities, reach, list(hit), uow, locking=False), after.values(), trial)
    crowded = sorted(code for code, each in facilities.items() if each.most_people)
    links, standing = campaigns_of(found, list(hit), uow)
    plan = greedy(Instance(
        now=now, hits=in_order(hits), facilities=facilities, claims=claims, links=links, standing=standing,
        others=uow.reservations.people(crowded, reach, list(hit)) if crowded else {},
    ))
    return {
        each.reservation: each.after.to_dict() | {"why": each.reason} for each in plan.placements if each.is_moved
    }


def would_be_served(
    before: Facility, after: Facility, uow: BookingUnitOfWork, connection: Any, now: datetime,
) -> list[dict[str, Any]]:
    """Who of the wait list would get time that is not there now, in the order of the list."""
    least = LEAST_TO_ANSWER / uow.time_scale
    found = list(served(waiting_for(after, uow, now), before, after, now, least))
    names = dict(connection.exec_driver_sql(TEAM_NAMES, {"teams": [entry.team for entry, *_ in found]}).all())
    return [
        {"team": entry.team, "team_name": names.get(entry.team), "purpose": entry.purpose, "unit": room.unit,
         **there.span._asdict()}
        for entry, there, room in found
    ]


def waiting_for(facility: Facility, uow: BookingUnitOfWork, now: datetime) -> Iterator[Waiting]:
    """Those who wait and may still be served, in order."""
    for entry in uow.waiting.listed(facility.code, MOST_SERVED):
        party = party_of(entry, uow)
        if party is None or entry.latest_start <= now:
            continue
        window = facility.period(entry.window).widened(FITTING, FITTING + timedelta(minutes=entry.run.elastic_minutes))
        wish = entitled(wish_of(entry, party), [facility.kind], uow, now, locking=False)
        wish = with_others(wish, [facility], uow, window, ())
        yield Waiting(entry, wish, uow.reservations.claims([facility.code], window))
