"""Stretches of time, and what is left between them.

Every span is half-open, aware, and of any length: midnight is not special.

    a  |-------|
    b          |-----|        touches a, does not overlap it: an end is not part of its span
    c      |-----|            overlaps a and b, as they overlap c
    d  |-|                    lies in a, so a contains it, and both overlap
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

LONGEST = timedelta(days=366)
"""Nothing is asked for at once that is longer."""


def wrong_end(starts_at: datetime, ends_at: datetime) -> list[str]:
    """What is wrong with an end: it must be after its start, and not beyond all reckoning."""
    if ends_at <= starts_at:
        return ["ends_before_start"]
    return ["out_of_range"] if ends_at - starts_at > LONGEST else []


class Span(NamedTuple):
    """``[starts_at, ends_at)``; sorts by start, then end. A tuple, because sweeps make thousands."""

    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share an instant; the same answer from either side."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def contains(self, other: "Span") -> bool:
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def widened(self, before: timedelta, after: timedelta) -> "Span":
        return Span(self.starts_at - before, self.ends_at + after)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few spans as possible, in order; those that touch become one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.starts_at <= found[-1].ends_at:
            if span.ends_at > found[-1].ends_at:
                found[-1] = Span(found[-1].starts_at, span.ends_at)
        else:
            found.append(span)
    return found


def gaps(window: Span, taken: Iterable[Span]) -> list[Span]:
    """What is left of ``window`` beside ``taken``, which is in order of its starts."""
    found = []
    free_from = window.starts_at
    for starts_at, ends_at in taken:
        if starts_at > free_from:
            found.append(Span(free_from, min(starts_at, window.ends_at)))
        if ends_at > free_from:
            free_from = ends_at
            if free_from >= window.ends_at:
                return found
    return [*found, Span(free_from, window.ends_at)]


def shared(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The time in both; each in order and without overlaps. A single instant counts: it is a possible start."""
    found, first, second = [], 0, 0
    while first < len(some) and second < len(others):
        starts_at = max(some[first].starts_at, others[second].starts_at)
        ends_at = min(some[first].ends_at, others[second].ends_at)
        if starts_at <= ends_at:
            found.append(Span(starts_at, ends_at))
        if some[first].ends_at < others[second].ends_at:
            first += 1
        else:
            second += 1
    return found
