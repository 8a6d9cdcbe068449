"""Where reservations stand on the board: columns, folded nights, lanes. Pure arithmetic.

A board shows ``days`` days; of each day the hours from ``opens`` to ``closes``. What lies
outside these hours is folded away:

    day 0            day 1
    8 ......... 22 | 8 ......... 22
         [=============]             a run over the night: one bar over the fold, with a moon

A column is ``step`` minutes wide and a bar covers whole columns, so that a small fixed set
of CSS classes can place every bar without inline style (see assets/positions.js).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
MINUTES_PER_DAY = 24 * 60


@dataclass(frozen=True)
class Window:
    """The stretch of local time that a board shows; hours count from local midnight."""

    first_day: date
    days: int
    opens: int
    closes: int
    step: int

    @property
    def columns_per_day(self) -> int:
        return (self.closes - self.opens) * 60 // self.step

    @property
    def columns(self) -> int:
        return self.days * self.columns_per_day

    @property
    def narrowest(self) -> int:
        """The least columns that can be seen and hit."""
        return 2 if self.step < 60 else 1

    @cached_property
    def starts_at(self) -> datetime:
        return at(self.first_day, 0)

    @cached_property
    def ends_at(self) -> datetime:
        return at(self.first_day + timedelta(days=self.days), 0)

    @cached_property
    def dates(self) -> list[date]:
        return [self.first_day + timedelta(days=number) for number in range(self.days)]

    def column(self, instant: datetime) -> int:
        """The nearest column border; a folded or outside instant goes to the nearest shown one."""
        local = instant.astimezone(ZONE)
        day = (local.date() - self.first_day).days
        if day < 0:
            return 0
        if day >= self.days:
            return self.columns
        minute = local.hour * 60 + local.minute - self.opens * 60
        shown = min(max(minute, 0), (self.closes - self.opens) * 60)
        return day * self.columns_per_day + (shown + self.step // 2) // self.step

    def shown_minutes(self, starts_at: datetime, ends_at: datetime) -> int:
        """How much of a stretch is visible: neither folded nor outside."""
        parts = ((max(starts_at, opens), min(ends_at, closes)) for opens, closes in self.shown)
        return sum(int((last - first).total_seconds()) // 60 for first, last in parts if first < last)

    @cached_property
    def shown(self) -> list[tuple[datetime, datetime]]:
        """The visible stretch of each day."""
        return [(at(day, self.opens * 60), at(day, self.closes * 60)) for day in self.dates]


@dataclass(frozen=True)
class Place:
    """The columns that a bar covers, and what its ends and folds look like."""

    start: int
    span: int
    over_fold: bool
    continues_before: bool
    continues_after: bool

    @property
    def end(self) -> int:
        return self.start + self.span


@lru_cache(maxsize=8192)
def at(day: date, minute: int) -> datetime:
    """The instant so many minutes after local midnight, in UTC; 1440 is the next midnight."""
    return (datetime.combine(day, time(), ZONE) + timedelta(minutes=minute)).astimezone(UTC)


def minute_of_day(instant: datetime) -> int:
    local = instant.astimezone(ZONE)
    return local.hour * 60 + local.minute


def week_of(day: date) -> date:
    """The Monday of the week."""
    return day - timedelta(days=day.weekday())


@lru_cache(maxsize=8192)
def place(window: Window, starts_at: datetime, ends_at: datetime) -> Place | None:
    """The bar of ``[starts_at, ends_at)``, or None when the window does not touch it."""
    if ends_at <= window.starts_at or starts_at >= window.ends_at:
        return None
    start, end = window.column(starts_at), window.column(ends_at)
    if end - start < 1:
        # Wholly inside a fold, or shorter than a column: a narrow bar, which must not leave the board.
        start = max(0, min(start, window.columns - window.narrowest))
        end = start + window.narrowest
    first, last = max(starts_at, window.starts_at), min(ends_at, window.ends_at)
    inside = int((last - first).total_seconds()) // 60
    return Place(
        start=start,
        span=end - start,
        over_fold=inside > window.shown_minutes(first, last),
        continues_before=starts_at < window.starts_at,
        continues_after=ends_at > window.ends_at,
    )


def lanes(places: Sequence[Place]) -> list[int]:
    """The lane of each bar, from 0, so that no two bars of a lane overlap; earlier bars higher up."""
    order = sorted(range(len(places)), key=lambda number: (places[number].start, places[number].end))
    lane_ends: list[int] = []
    chosen = [0] * len(places)
    for number in order:
        bar = places[number]
        lane = next((index for index, end in enumerate(lane_ends) if end <= bar.start), len(lane_ends))
        lane_ends[lane : lane + 1] = [bar.end]
        chosen[number] = lane
    return chosen


def snap(instant: datetime, granularity_minutes: int) -> datetime:
    """The latest instant on the facility's grid that is not later; the grid starts at local midnight."""
    local = instant.astimezone(ZONE)
    minute = local.hour * 60 + local.minute
    return at(local.date(), minute - minute % granularity_minutes)


def snap_up(instant: datetime, granularity_minutes: int) -> datetime:
    """The earliest instant on the facility's grid that is not earlier."""
    floor = snap(instant, granularity_minutes)
    if floor >= instant:
        return floor
    local = floor.astimezone(ZONE)
    minute = local.hour * 60 + local.minute + granularity_minutes
    return at(local.date(), min(minute, MINUTES_PER_DAY))


def snap_span(starts_at: datetime, ends_at: datetime, granularity_minutes: int) -> tuple[datetime, datetime]:
    """The whole steps that cover ``[starts_at, ends_at)``; at least one step."""
    start = snap(starts_at, granularity_minutes)
    end = snap_up(ends_at, granularity_minutes)
    return start, max(end, snap_up(start + timedelta(minutes=1), granularity_minutes))


def merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The same time without overlaps and touching ends, in order."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
