"""The nearest ways to succeed, offered with a refusal.

    the time wished                     |=====|
    1. earlier, later     |=====|                  |=====|      nearest on the same facility
    2. other_unit                       |=====|                 when a certain unit was asked for
    3. equivalent_facility              |=====|                 at the wished time
    4. further earlier and later ones, nearest first, while there is room

Where it joins a run that shares the unit with it (shared_run), or follows one of its own
family without a changeover (similar_run), that is told instead.

Only what would be granted is offered: each candidate is free and passes the one rule
function. Ties go to the earlier start, then to the code.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import islice
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims
from services.booking.domain.rules import FORM, broken_rules
from services.booking.domain.rules.answers import crowded
from services.booking.domain.run import ORDINARY, Run
from services.booking.domain.spans import Span, gaps, shared
from services.booking.domain.units import (
    choose_unit,
    follows_similar,
    joins,
    obstacles,
    possible_units,
    required_unit,
)
from services.booking.domain.wish import Wish

MOST = 5
REACHES = (timedelta(days=7), timedelta(days=45))
"""How far from the wish is searched: a week, and where that gives too little as far as the longest runs take."""

MOST_TRIED = 100
"""Starts that the rules refuse although unit and opening hours allow them: the rest would fare the same."""

NOTHING = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """A time that may be asked for as it stands. No unit where the system chooses it.

    ``partner`` says that it goes well with what another runs there.
    """

    facility: str
    unit: str | None
    starts_at: datetime
    ends_at: datetime
    why: str
    partner: str | None = None

    def to_dict(self) -> dict[str, Any]:
        told = asdict(self)
        return told | {"why": told.pop("partner") or self.why}


def search_window(span: Span, facility: Facility, now: datetime, reach: timedelta) -> Span:
    """The time whose claims must be known to offer alternatives to ``span``, ``reach`` from it at most."""
    furthest = max(facility.horizon_days, facility.priority_horizon_days)
    nearest = min(max(span.starts_at, now), now + timedelta(days=furthest))
    length = min(span.length, timedelta(minutes=facility.longest_minutes))
    return facility.period(Span(max(now, nearest - reach), nearest + length + reach))


def alternatives(
    wish: Wish, facility: Facility, equivalents: Iterable[Facility], claims: Claims, window: Span, now: datetime,
) -> list[Alternative]:
    """At most five, best first. ``claims`` holds those of all these facilities in ``window``."""
    near = list(nearby(wish, facility, claims, window, now))
    first = [next((each for each in near if each.why == why), None) for why in ("other_unit", "earlier", "later")]
    nearest = [each for each in near if each in first]
    further = [each for each in near if each not in first]
    elsewhere = [*other_unit(wish, facility, claims, now), *other_facilities(wish, equivalents, claims, now)]
    return [*nearest, *elsewhere, *further][:MOST]


def nearby(wish: Wish, facility: Facility, claims: Claims, window: Span, now: datetime) -> Iterator[Alternative]:
    """What is free on the facility in ``window``, nearest to the wished start first, each start once."""
    wished, length = wish.span.starts_at, wish.span.length
    tried: set[datetime] = set()
    for starts_at, unit in nearest_starts(wished, facility, stretches(wish, facility, claims, window, now)):
        span = Span(starts_at, starts_at + length)
        if starts_at in tried:
            continue
        if len(tried) == MOST_TRIED:
            return
        tried.add(starts_at)
        if facility.sharing or facility.families:
            unit = choose_unit(replace(wish, span=span), facility, claims) or unit
        if passes(wish, facility, span, unit, now):
            why = "earlier" if starts_at < wished else "later" if starts_at > wished else "other_unit"
            yield offer(wish, facility, unit, span, why, claims)


def stretches(
    wish: Wish, facility: Facility, claims: Claims, window: Span, now: datetime,
) -> Iterator[tuple[Span, int, str]]:
    """From when until when the wished length may start, for each unit, as (starts, order of the unit, unit).

    That is where the facility is open and the unit is free for the whole length: the sweep
    shortens every opening and every gap by it and takes what they share.
    """
    length = wish.whole.length
    setup, cleardown = timedelta(minutes=facility.setup_minutes), timedelta(minutes=facility.cleardown_minutes)
    openings = shared(starts_in(facility.opening_spans(window), length), [facility.bookable(now, wish.party)])
    full = crowded(wish, facility)
    for order, unit in enumerate(possible_units(wish, facility)):
        taken = obstacles(wish, facility, unit, claims)
        if full:
            taken = sorted([*taken, *full])
        free = starts_in(gaps(window, taken), length, setup, cleardown)
        for starts in shared(openings, free):
            yield starts, order, unit


def nearest_starts(
    wished: datetime, facility: Facility, possible: Iterable[tuple[Span, int, str]],
) -> Iterator[tuple[datetime, str]]:
    """The start on the grid nearest to ``wished`` on either side in each stretch, over all nearest first.

    Rounding to the grid costs more than all the rest, so a stretch is looked at when its turn
    comes: nothing in it is nearer than its nearest end.
    """
    turns = sorted((max(each[0].starts_at - wished, wished - each[0].ends_at), *each) for each in possible)
    found: list[tuple[timedelta, datetime, int, str]] = []
    for distance, starts, order, unit in turns:
        while found and found[0][0] < distance:
            yield heappop(found)[1::2]
        before, after = min(wished, starts.ends_at), max(wished, starts.starts_at)
        for start in {facility.grid_before(before), facility.grid_after(after)}:
            if starts.starts_at <= start <= starts.ends_at:
                heappush(found, (abs(start - wished), start, order, unit))
    while found:
        yield heappop(found)[1::2]


def starts_in(
    spans: Iterable[Span], length: timedelta, before: timedelta = NOTHING, after: timedelta = NOTHING,
) -> list[Span]:
    """From when until when something of this length may start, with room beside it; the last instant is included."""
    behind = length + after
    room = before + behind
    return [Span(starts_at + before, ends_at - behind) for starts_at, ends_at in spans if ends_at - starts_at >= room]


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
    anywhere = Wish(
        span=wish.span, run=wish.run, party=wish.party, others=wish.others, chain=wish.chain, at_once=wish.at_once)
    for facility in sorted(equivalents, key=lambda facility: facility.code):
        unit = choose_unit(anywhere, facility, claims)
        if unit and passes(anywhere, facility, wish.span, unit, now):
            yield offer(anywhere, facility, unit, wish.span, "equivalent_facility", claims)


def passes(wish: Wish, facility: Facility, span: Span, unit: str, now: datetime) -> bool:
    """Whether it would be granted there, but for what is missing in the form, which is told beside the offers."""
    there = replace(wish, span=span, unit=unit if facility.unit_choice else None)
    return all(violation.rule in FORM for violation in broken_rules(there, facility, now))


def offer(wish: Wish, facility: Facility, unit: str, span: Span, why: str, claims: Claims) -> Alternative:
    there = replace(wish, span=span)
    partner = "shared_run" if joins(there, facility, unit, claims) else None
    if follows_similar(there, facility, unit, claims):
        partner = "similar_run"
    return Alternative(
        facility=facility.code, unit=unit if facility.unit_choice else None, why=why, partner=partner, **span._asdict()
    )


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
