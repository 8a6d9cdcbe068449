"""The best times of a length on several facilities within a window, and what stands in the way where there are none.

    the facility asked for     |####|    |==2==|   |##########|   |==4==|        by start;
    one that is equal to it    |=1==|######|          |==3==|                    of the same start the one asked for

Where fewer are found than are wanted, the longest time that is left there, and the length in pieces, are told too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from services.booking.domain.alternatives import Splitting
from services.booking.domain.days import midnights
from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims
from services.booking.domain.nearby import Alternative, nearby, nearest_starts, stretches
from services.booking.domain.quotas import MINUTE
from services.booking.domain.rules import FORM, Violation, broken_rules
from services.booking.domain.shortening import shorter
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish

PARTS = {"morning": (360, 720), "afternoon": (720, 1080), "evening": (1080, 1440), "night": (0, 360)}
"""Parts of a local day, in minutes after midnight, in which a run may be wished to begin."""

MOST_EXPLAINED = 60
"""Starts that are asked what is in their way; what is in the way of all of them is told."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """``starts`` is when it may begin, its end excluded; ``asked`` is the facility that others are equal to, if any."""

    wish: Wish
    starts: Span
    part: str | None = None
    asked: str | None = None
    limit: int = 5

    def allowed(self) -> list[Span]:
        """From when until when a run may begin, the last instant included."""
        last = self.starts.ends_at - MINUTE
        if self.part is None:
            return [Span(self.starts.starts_at, last)]
        first, beyond = (timedelta(minutes=minutes) for minutes in PARTS[self.part])
        parts = (Span(midnight + first, midnight + beyond - MINUTE) for midnight in midnights(self.starts))
        found = (Span(max(part.starts_at, self.starts.starts_at), min(part.ends_at, last)) for part in parts)
        return [span for span in found if span.starts_at <= span.ends_at]


def times(
    search: Search, facilities: Iterable[Facility], claims: Claims, windows: Mapping[str, Span], now: datetime,
) -> list[Alternative]:
    """At most as many as are wanted, by start; ``windows`` says where to look, whose claims are known."""
    found: list[Alternative] = []
    allowed = search.allowed()
    for facility in facilities:
        wish = without_unit(search.wish, facility)
        possible = nearby(wish, facility, claims, windows[facility.code], now, allowed)
        why = "equivalent_facility" if search.asked not in (None, facility.code) else "later"
        found += [replace(each, why=why) for each in islice(possible, search.limit)]
    found.sort(key=lambda each: (each.starts_at, each.facility != search.asked, each.facility))
    if found and found[0].why == "later":
        found[0] = replace(found[0], why="nearest")
    return found[:search.limit]


def without_unit(wish: Wish, facility: Facility) -> Wish:
    """A unit that was asked for means something on its own facility only."""
    return wish if wish.unit in facility.units else replace(wish, unit=None)


def lesser_ways(
    search: Search, facility: Facility, claims: Claims, window: Span, now: datetime, split: Splitting,
) -> list[Alternative]:
    """The longest time that is left in the window, and the wished length in pieces, where there is too little else."""
    wish = without_unit(search.wish, facility)
    less = replace(facility, longest_minutes=min(facility.longest_minutes, wish.span.length // MINUTE - 1))
    anywhere = replace(wish, span=Span(search.starts.starts_at, search.starts.ends_at + wish.span.length))
    found = [*shorter(anywhere, less, claims, now), *split(wish, facility, claims, window, now)]
    allowed = search.allowed()
    return [each for each in found if any(span.starts_at <= each.starts_at <= span.ends_at for span in allowed)]


def in_the_way(search: Search, facility: Facility, window: Span, now: datetime) -> dict[str, Any]:
    """{facility, taken, violations}: the rules that every start in the window breaks; taken where one breaks none."""
    wish = without_unit(search.wish, facility)
    starts = possible_starts(search, wish, facility, window, now)
    broken = [
        [each for each in broken_rules(at(wish, start), facility, now) if each.rule not in FORM] for start in starts
    ]
    taken = any(not each for each in broken)
    return {"facility": facility.code, "taken": taken, "violations": [] if taken else [
        each.to_dict() for each in in_all(broken)]}


def possible_starts(search: Search, wish: Wish, facility: Facility, window: Span, now: datetime) -> list[datetime]:
    """Starts within opening hours, whoever asks and whatever is taken; the first of the window where there are none."""
    anybody = replace(wish, party=None)
    within = stretches(anybody, facility, {}, window, now, search.allowed())
    found = islice(nearest_starts(search.starts.starts_at, facility, within), MOST_EXPLAINED)
    first = search.starts.starts_at if search.starts.ends_at <= now else max(search.starts.starts_at, now)
    return [start for start, _ in found] or [facility.grid_after(first)]


def at(wish: Wish, start: datetime) -> Wish:
    return replace(wish, span=Span(start, start + wish.span.length))


def in_all(broken: Sequence[Sequence[Violation]]) -> list[Violation]:
    """What is broken everywhere; where it is now this and now that, what stands in the way first."""
    common = set.intersection(*({each.rule for each in found} for found in broken))
    return [each for each in broken[0] if each.rule in common] or list(broken[0])
