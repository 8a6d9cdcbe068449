"""When all steps of a campaign may run: whole plans, in order, with their gaps, each step as the rules allow.

    1. For each step: from when until when it may start, by opening hours and what is free (alternatives.stretches).
    2. Backwards: of these only what leaves the next step a start within its gap.
    3. Forwards, depth first: the start nearest to the one wished, then for each step the earliest start within
       its gap; each is judged by the one rule function, beside the steps before it.

The second plan begins on another local day than the first, the third on another one again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import merge
from typing import Any, NamedTuple

from services.booking.domain.alternatives import stretches
from services.booking.domain.campaign import MINUTE, Beside, Chain
from services.booking.domain.days import midnight_before
from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims
from services.booking.domain.judging import Sitting, Verdict, Wanted
from services.booking.domain.rules import FORM
from services.booking.domain.spans import Span, merged, shared
from services.booking.domain.wish import Wish

MOST_PLANS = 3
MOST_JUDGED = 2000
"""Starts that are judged in one search: where so many do not fit, the rules or the gaps are in the way."""


@dataclass(frozen=True, kw_only=True)
class Sought:
    """A step that wants a time: ``wish`` is a pattern whose span says how long. ``reservation`` if it has one."""

    number: int
    wish: Wish
    facility: Facility
    least_gap_minutes: int = 0
    most_gap_minutes: int | None = None
    reservation: str | None = None

    @property
    def length(self) -> timedelta:
        return self.wish.span.length

    def beside(self, number: int, span: Span) -> Beside:
        """The step before it, at a time."""
        return Beside(number, span, self.least_gap_minutes, self.most_gap_minutes)

    def at(self, starts_at: datetime, before: Beside | None) -> Wanted:
        span = Span(starts_at, starts_at + self.length)
        wish = replace(self.wish, span=span, chain=Chain(before))
        return Wanted(wish=wish, facility=self.facility, step=self.number, reservation=self.reservation)


class Plan(NamedTuple):
    """A time for every step. ``why``: wished (as asked), earlier or later."""

    why: str
    verdicts: tuple[Verdict, ...]

    @property
    def span(self) -> Span:
        return Span(self.verdicts[0].wanted.wish.span.starts_at, self.verdicts[-1].wanted.wish.span.ends_at)

    def to_dict(self) -> dict[str, Any]:
        steps = [
            {"step": each.wanted.step, "facility": each.wanted.facility.code, "unit": unit_to_ask_for(each),
             **each.wanted.wish.span._asdict()}
            for each in self.verdicts
        ]
        return {"why": self.why, **self.span._asdict(), "steps": steps}


def unit_to_ask_for(verdict: Verdict) -> str | None:
    """The unit that has to be named to get what was found; None where the system chooses it."""
    wish, facility = verdict.wanted.wish, verdict.wanted.facility
    return verdict.unit if wish.former and facility.unit_choice else wish.unit


def plans(
    steps: Sequence[Sought], window: Span, wished: datetime, claims: Claims, now: datetime, *,
    before: Beside | None = None, most: int = MOST_PLANS,
) -> list[Plan]:
    """Up to ``most`` plans within ``window``, the one first whose start is nearest to ``wished``.

    ``before`` is a step that has begun and stays where it is.
    """
    reach = within_reach(steps, window, claims, now, before)
    hunt = Hunt(steps, reach, Sitting(claims, now))
    found: list[Plan] = []
    days = set()
    for starts_at in nearest(steps[0].facility, reach[0], wished):
        day = midnight_before(starts_at)
        if day in days:
            continue
        if hunt.goes_on(0, starts_at, before):
            days.add(day)
            why = "earlier" if starts_at < wished else "later" if starts_at > wished else "wished"
            found.append(Plan(why, hunt.plan()))
        if len(found) == most or hunt.is_tired:
            break
    return found


class Hunt:
    """The depth-first search; what it takes up on its way stands in ``sitting``."""

    def __init__(self, steps: Sequence[Sought], reach: Sequence[Sequence[Span]], sitting: Sitting):
        self.steps, self.reach, self.sitting = steps, reach, sitting
        self.judged = 0

    @property
    def is_tired(self) -> bool:
        return self.judged >= MOST_JUDGED

    def goes_on(self, index: int, starts_at: datetime, before: Beside | None) -> bool:
        """Whether a step may start there and all that follow find their places; these are taken up then."""
        self.judged += 1
        step = self.steps[index]
        verdict = self.sitting.judge(step.at(starts_at, before))
        if not is_good(verdict):
            return False
        self.sitting.take(verdict)
        if index + 1 == len(self.steps):
            return True
        following = self.steps[index + 1]
        beside = following.beside(step.number, verdict.wanted.wish.span)
        for later in ascending(following.facility, shared(self.reach[index + 1], [beside.starts_after()])):
            if self.is_tired:
                break
            if self.goes_on(index + 1, later, beside):
                return True
        self.sitting.give_back()
        return False

    def plan(self) -> tuple[Verdict, ...]:
        """What was taken up, which is given back."""
        found = tuple(self.sitting.taken)
        for _ in found:
            self.sitting.give_back()
        return found


def is_good(verdict: Verdict) -> bool:
    """Whether it would be granted, but for what is missing in the form, which no other time would help."""
    return verdict.unit is not None and all(each.rule in FORM for each in verdict.violations)


def within_reach(
    steps: Sequence[Sought], window: Span, claims: Claims, now: datetime, before: Beside | None = None,
) -> list[list[Span]]:
    """From when until when each step may start so that the next ones may follow; the last instants are included."""
    found = [possible_starts(step, window, claims, now) for step in steps]
    if before:
        found[0] = shared(found[0], [before.starts_after()])
    for index in range(len(steps) - 1, 0, -1):
        step, length = steps[index], steps[index - 1].length
        former = merged(ends_before(step, starts).widened(length, -length) for starts in found[index])
        found[index - 1] = shared(found[index - 1], former)
    return found


def ends_before(step: Sought, starts: Span) -> Span:
    """From when until when the step before may end, where this one may start within ``starts``."""
    earliest, latest = (step.beside(0, Span(instant, instant)).ends_before() for instant in starts)
    return Span(earliest.starts_at, latest.ends_at)


def possible_starts(step: Sought, window: Span, claims: Claims, now: datetime) -> list[Span]:
    """When a step may start, on whichever unit."""
    found = stretches(step.wish, step.facility, claims, step.facility.period(window), now)
    inside = Span(window.starts_at, window.ends_at - step.length)
    if inside.ends_at < inside.starts_at:
        return []
    return shared(merged(starts for starts, _, _ in found), [inside])


def nearest(facility: Facility, starts: Sequence[Span], wished: datetime) -> Iterator[datetime]:
    """The starts on the grid, the nearest to ``wished`` first; of two that are as near the earlier."""
    def distance(instant: datetime) -> timedelta:
        return abs(instant - wished)

    before = [Span(each.starts_at, min(each.ends_at, wished)) for each in starts if each.starts_at < wished]
    after = [Span(max(each.starts_at, wished), each.ends_at) for each in starts if each.ends_at >= wished]
    earlier = (instant for instant in descending(facility, before) if instant < wished)
    yield from merge(earlier, ascending(facility, after), key=distance)


def ascending(facility: Facility, starts: Sequence[Span]) -> Iterator[datetime]:
    for earliest, latest in starts:
        instant = facility.grid_after(earliest)
        while instant <= latest:
            yield instant
            instant = facility.grid_after(instant + MINUTE)


def descending(facility: Facility, starts: Sequence[Span]) -> Iterator[datetime]:
    for earliest, latest in reversed(starts):
        instant = facility.grid_before(latest)
        while instant >= earliest:
            yield instant
            instant = facility.grid_before(instant - MINUTE)


def hindrances(
    steps: Sequence[Sought], claims: Claims, window: Span, now: datetime,
) -> list[dict[str, Any]]:
    """Why there is no plan: what stands in the way of single steps; nothing where it is the gaps between them."""
    sitting, found = Sitting(claims, now), []
    for step in steps:
        first = next(ascending(step.facility, possible_starts(step, window, claims, now)), None)
        broken = sitting.judge(step.at(first, None)).violations if first else ()
        found.append({
            "step": step.number, "facility": step.facility.code, "taken": first is None,
            "violations": [each.to_dict() for each in broken if each.rule not in FORM],
        })
    return [each for each in found if each["taken"] or each["violations"]]
