"""The nearest ways to succeed, offered with a refusal.

    the time wished                     |=====|
    1. earlier, later     |=====|                  |=====|      nearest on the same facility
    2. other_unit                       |=====|                 when a certain unit was asked for
    3. equivalent_facility              |=====|                 at the wished time
    4. shorter                          |==|                    the longest part that is left of it
    5. split                         |==|     |==|              where the facility allows pieces
    6. further earlier and later ones, nearest first, while there is room

Where it joins a run that shares the unit with it (shared_run), or follows one of its own
family without a changeover (similar_run), that is told instead.

Only what would be granted is offered: each candidate is free and passes the one rule
function. Ties go to the earlier start, then to the code.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims
from services.booking.domain.nearby import Alternative, nearby, nearest_starts, offer, passes, stretches
from services.booking.domain.run import ORDINARY, Run
from services.booking.domain.shortening import shorter
from services.booking.domain.spans import Span
from services.booking.domain.units import choose_unit, required_unit
from services.booking.domain.wish import Wish

__all__ = [
    "MOST", "REACHES", "Alternative", "alternatives", "free_times", "nearby", "nearest_starts", "search_window",
    "stretches",
]

MOST = 5
REACHES = (timedelta(days=7), timedelta(days=90))
"""How far from the wish is searched: a week, and where that gives too little as far as most may be asked for."""

Splitting = Callable[[Wish, Facility, Claims, Span, datetime], list[Alternative]]


def search_window(span: Span, facility: Facility, now: datetime, reach: timedelta) -> Span:
    """The time whose claims must be known to offer alternatives to ``span``, ``reach`` from it at most."""
    latest = now + timedelta(days=max(facility.horizon_days, facility.priority_horizon_days))
    nearest = min(max(span.starts_at, now), latest)
    length = min(span.length, timedelta(minutes=facility.longest_minutes))
    return facility.period(Span(max(now, nearest - reach), min(nearest + reach, latest) + length))


def alternatives(
    wish: Wish, facility: Facility, equivalents: Iterable[Facility], claims: Claims, window: Span, now: datetime,
    split: Splitting | None = None,
) -> list[Alternative]:
    """At most five, best first. ``claims`` holds those of the facility in ``window``, and of all at the wished time.

    Pieces are offered where ``split`` finds them, and less than all only where all is not to be had at that time.
    """
    near = until_enough(nearby(wish, facility, claims, window, now))
    first = [next((each for each in near if each.why == why), None) for why in ("other_unit", "earlier", "later")]
    nearest = [each for each in near if each in first]
    further = [each for each in near if each not in first]
    here = [*nearest, *other_unit(wish, facility, claims, now)]
    found = [*here, *other_facilities(wish, equivalents, claims, now)]
    if all(each.why != "other_unit" for each in here):
        if len(found) < MOST:
            found += shorter(wish, facility, claims, now)
        if len(found) < MOST and split:
            found += split(wish, facility, claims, window, now)
    return [*found, *further][:MOST]


def until_enough(near: Iterable[Alternative]) -> list[Alternative]:
    """As many as are told, and on from there until there is an earlier and a later one among them."""
    found: list[Alternative] = []
    whys = set()
    for each in near:
        found.append(each)
        whys.add(each.why)
        if len(found) >= MOST and whys >= {"earlier", "later"}:
            break
    return found


def other_unit(wish: Wish, facility: Facility, claims: Claims, now: datetime) -> Iterator[Alternative]:
    required = required_unit(wish, facility)
    if not required or not facility.unit_choice:
        return
    others = replace(facility, units=tuple(unit for unit in facility.units if unit != required))
    unit = choose_unit(replace(wish, unit=None, former_unit=None), others, claims)
    if unit and passes(wish, facility, wish.span, unit, now):
        yield offer(wish, facility, unit, wish.span, "other_unit", claims)


def other_facilities(
    wish: Wish, equivalents: Iterable[Facility], claims: Claims, now: datetime,
) -> Iterator[Alternative]:
    anywhere = replace(wish, unit=None, former=None, former_unit=None, is_running=False, waived=frozenset())
    for facility in sorted(equivalents, key=lambda facility: facility.code):
        unit = choose_unit(anywhere, facility, claims)
        if unit and passes(anywhere, facility, wish.span, unit, now):
            yield offer(anywhere, facility, unit, wish.span, "equivalent_facility", claims)


def free_times(
    length: timedelta, starts: Span, facilities: Iterable[Facility], claims: Claims, now: datetime, limit: int,
    run: Run = ORDINARY, others: Mapping[str, tuple[tuple[Span, int], ...]] | None = None,
) -> list[Alternative]:
    """The first possible start of a run in each free stretch, from ``starts.starts_at`` on and before its end.

    In order of start, then code. ``claims`` reaches from the first start to the last possible end.
    """
    wish = Wish(span=Span(starts.starts_at, starts.starts_at + length), run=run, others=others or {})
    found: list[Alternative] = []
    for facility in facilities:
        window = facility.period(Span(max(now, starts.starts_at), starts.ends_at + length))
        possible = (each for each in nearby(wish, facility, claims, window, now) if each.starts_at < starts.ends_at)
        found += [replace(each, why="later") for each in islice(possible, limit)]
    return sorted(found, key=lambda each: (each.starts_at, each.facility))[:limit]
