"""When a facility seems free: a hint for board, list and forms. Pure.

The booking service decides; here only opening hours, buffers and what the board shows are
known, not the other rules of use.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from services.portal.pages.timeline import at, merged, snap_up

Span = tuple[datetime, datetime]
USUAL_LENGTH = timedelta(hours=2)


class Taken(NamedTuple):
    """One unit, or all where none is named, cannot be had for ``[starts_at, ends_at)``."""

    unit: str | None
    starts_at: datetime
    ends_at: datetime


def hours_on(facility: Mapping[str, Any], day: date) -> Sequence[Sequence[int]]:
    """The hours of a date: those of the week, unless booking says that the date has its own."""
    special = {each["date"]: each["hours"] for each in facility.get("special_days", ())}
    return special.get(day.isoformat(), facility["opening_hours"][day.weekday()])


def open_spans(facility: Mapping[str, Any], days: Sequence[date]) -> list[Span]:
    """The open time of these days; a facility open around the clock gives one span."""
    return merged((at(day, start), at(day, end)) for day in days for start, end in hours_on(facility, day))


def closed_spans(facility: Mapping[str, Any], days: Sequence[date]) -> list[Span]:
    """The rest of these days."""
    if not days:
        return []
    return without([(at(days[0], 0), at(days[-1], 1440))], open_spans(facility, days))


def full_spans(taken: Sequence[Taken], units: int) -> list[Span]:
    """When all units are held at once."""
    by_unit: dict[str, list[Span]] = {}
    for item in taken:
        by_unit.setdefault(item.unit, []).append((item.starts_at, item.ends_at))
    changes = sorted(
        (instant, step)
        for spans in by_unit.values()
        for start, end in merged(spans)
        for instant, step in ((start, 1), (end, -1))
    )
    held, full_since, full = 0, None, []
    for instant, step in changes:
        held += step
        if held >= units and full_since is None:
            full_since = instant
        elif held < units and full_since is not None:
            full.append((full_since, instant))
            full_since = None
    return merged(span for span in full if span[0] < span[1])


def without(spans: Sequence[Span], removed: Sequence[Span]) -> list[Span]:
    """The time of ``spans`` that is not in ``removed``; both in order and without overlaps."""
    left = []
    for start, end in spans:
        for gone_from, gone_to in removed:
            if gone_to <= start or gone_from >= end:
                continue
            if gone_from > start:
                left.append((start, gone_from))
            start = gone_to
        if start < end:
            left.append((start, end))
    return left


def free_spans(facility: Mapping[str, Any], taken: Sequence[Taken], days: Sequence[date], now: datetime) -> list[Span]:
    """Free and open time from now on, long enough for the facility's shortest reservation."""
    if not facility.get("active", True):
        return []
    granularity = facility["granularity_minutes"]
    earliest = snap_up(now + timedelta(minutes=facility["notice_minutes"]), granularity)
    held = full_spans(with_buffers(facility, taken), len(facility["units"]))
    free = without(open_spans(facility, days), held)
    usable = [(snap_up(max(start, earliest), granularity), end) for start, end in free]
    shortest = timedelta(minutes=facility["shortest_minutes"])
    return [(start, end) for start, end in usable if end - start >= shortest]


def with_buffers(facility: Mapping[str, Any], taken: Sequence[Taken]) -> list[Taken]:
    """What is held with the time between two reservations: one is cleared down and the next set up."""
    between = timedelta(minutes=facility.get("setup_minutes", 0) + facility.get("cleardown_minutes", 0))
    every = [unit["code"] for unit in facility["units"]]
    return [
        Taken(unit, item.starts_at - between, item.ends_at + between)
        for item in taken for unit in ([item.unit] if item.unit else every)
    ]


def taken_by(items: Iterable[Mapping[str, Any]]) -> dict[str, list[Taken]]:
    """What a board's items hold, by facility; runs that share hold a unit when they are full together."""
    held: dict[str, list[Taken]] = {}
    sharing: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for item in items:
        if item.get("sharing"):
            sharing.setdefault((item["facility"], item["unit"]), []).append(item)
            continue
        starts_at, ends_at = (datetime.fromisoformat(item[name]) for name in ("starts_at", "ends_at"))
        held.setdefault(item["facility"], []).append(Taken(item["unit"], starts_at, ends_at))
    for (facility, unit), found in sharing.items():
        held.setdefault(facility, []).extend(Taken(unit, *span) for span in full_together(found))
    return held


def full_together(items: Iterable[Mapping[str, Any]]) -> list[Span]:
    """When runs that share a unit leave no place free."""
    changes, of = [], 0
    for item in items:
        of, places = item["sharing"]["of"], item["sharing"]["places"]
        starts_at, ends_at = (datetime.fromisoformat(item[name]) for name in ("starts_at", "ends_at"))
        changes += [(starts_at, places), (ends_at, -places)]
    used, full = 0, []
    for (instant, step), (until, _) in pairwise(sorted(changes)):
        used += step
        if used >= of and instant < until:
            full.append((instant, until))
    return merged(full)


def proposal(facility: Mapping[str, Any], span: Span) -> Span:
    """What a form starts with in a free span: two hours, or what is left, but never too short or long."""
    start, end = span
    shortest = timedelta(minutes=facility["shortest_minutes"])
    longest = timedelta(minutes=facility["longest_minutes"])
    length = min(max(USUAL_LENGTH, shortest), longest)
    return start, min(end, start + length)
