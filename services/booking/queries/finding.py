"""The best times for somebody, judged as their request would be, on one facility, its equals, or all of a kind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any

from services.booking.domain.facility import Facility
from services.booking.domain.finding import PARTS, Search, in_the_way, lesser_ways, times
from services.booking.domain.rights import known
from services.booking.domain.run import run_of
from services.booking.domain.spans import Span
from services.booking.domain.splitting import split
from services.booking.domain.units import FITTING
from services.booking.domain.wish import Wish
from services.booking.handlers.placing import check_place, check_profile, refuse, with_others
from services.booking.handlers.quotas import entitled
from services.booking.handlers.requesting import wrong_asker
from services.booking.queries.arguments import load, window_of
from services.booking.queries.slots import FACILITIES
from services.booking.storage.rows import facility_of
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.commands.reservations import RunFields
from services.contracts.values import Between, Code, Instant, OneOf

FIRST_LOOK = timedelta(days=14)
"""What begins within it is looked for first: mostly that is enough, and all else is later."""


@dataclass(frozen=True, kw_only=True)
class Finding(RunFields):
    """A length, when it may begin, where, and for whom; without a team only what holds for everybody counts."""

    minutes: Annotated[int, Between(1, 527040)]
    starts_at: Instant
    ends_at: Instant
    facility: Code | None = None
    kind: Annotated[str, OneOf(("line", "lab", "platform"))] | None = None
    equivalents: bool = False
    team: Code | None = None
    project: Code | None = None
    unit: Code | None = None
    part: Annotated[str, OneOf(tuple(PARTS))] | None = None
    limit: Annotated[int, Between(1, 20)] = 5


def find_times(connection: Any, now: datetime, actor: str, **wanted: Any) -> dict[str, Any]:
    """{items, in_the_way}: the times by their start, and where there are none, why, for each facility.

    Raises InvalidInput, NotAllowed.
    """
    given = load(Finding, **wanted)
    starts, uow = window_of(given), BookingUnitOfWork(connection)
    asking = uow.copies.asking(str(actor), given.team, given.facility or "", given.operator)
    refuse(wrong_in(given, known(asking.person), asking))
    facilities = looked_at(given, asking.facility, uow, connection)
    length = timedelta(minutes=given.minutes)
    wish = Wish(
        span=Span(starts.starts_at, starts.starts_at + length), unit=given.unit, run=run_of(given),
        party=asking.party(given.project),
    )
    wish = entitled(wish, {each.kind for each in facilities}, uow, now, locking=False)
    asked = given.facility if given.equivalents else None
    search = Search(wish=wish, starts=starts, part=given.part, asked=asked, limit=given.limit)
    found = found_in(search, facilities, uow, now)
    blocked = [] if found else [
        in_the_way(search, each, window_for(each, starts, length, now), now) for each in facilities]
    return {"items": [each.to_dict() for each in found], "in_the_way": blocked}


def wrong_in(given: Finding, person: Any, asking: Any) -> dict[str, list[str]]:
    errors = check_place(given.unit, asking.facility) if given.facility else {}
    if given.project is not None and not given.team:
        errors["project"] = ["unknown_project"]
    return errors | wrong_asker(given, person, asking) | check_profile(given.profile)


def looked_at(given: Finding, asked: Facility | None, uow: Any, connection: Any) -> list[Facility]:
    """The facility asked for and its equals, or those of a kind; of the others only such as take reservations."""
    if asked:
        equals = uow.copies.facilities(asked.equivalents) if given.equivalents else []
        return [asked, *(each for each in equals if each.active and each.code != asked.code)]
    rows = connection.exec_driver_sql(FACILITIES, {"facility": None, "kind": given.kind})
    return [each for each in map(facility_of, rows) if each.active]


def window_for(facility: Facility, starts: Span, length: timedelta, now: datetime) -> Span:
    """What has to be known of a facility for starts in a span, as far ahead as it takes requests."""
    latest = now + timedelta(days=max(facility.horizon_days, facility.priority_horizon_days))
    first = max(now, starts.starts_at)
    return facility.period(Span(first, max(first, min(starts.ends_at, latest)) + length))


def found_in(search: Search, facilities: Sequence[Facility], uow: Any, now: datetime) -> list[Any]:
    """The near ones first; where they are enough, nothing further is read."""
    if not facilities:
        return []
    length = search.wish.span.length
    near = Span(search.starts.starts_at, min(search.starts.ends_at, max(now, search.starts.starts_at) + FIRST_LOOK))
    for starts in (near, search.starts) if near != search.starts else (near,):
        windows = {each.code: window_for(each, starts, length, now) for each in facilities}
        reach = Span(min(each.starts_at for each in windows.values()), max(each.ends_at for each in windows.values()))
        reach = reach.widened(FITTING, FITTING)
        claims = uow.reservations.claims(list(windows), reach)
        there = replace(search, starts=starts, wish=with_others(search.wish, facilities, uow, reach, ()))
        found = times(there, facilities, claims, windows, now)
        if len(found) == search.limit:
            return found
    if search.asked or len(facilities) == 1:
        found += lesser_ways(there, facilities[0], claims, windows[facilities[0].code], now, split)
    return found[:search.limit]
