"""A series: the dates of a rule, at a local time, on a facility; its members are reservations.

A member is known by its date in the rule, also when it has moved to another day or place.
Wall-clock time is kept: a member starts when the clock on the wall there shows the series' time,
and lasts as long as every other (RFC 5545, 3.3.5 and 3.8.5.3). Where clocks change,

    a local time that does not exist is taken forward by the gap,
    a local time that exists twice is the first of the two.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.booking.domain.recurrence import Rule
from services.booking.domain.run import ORDINARY, Run
from services.booking.domain.spans import Span


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """How members are from the rule's date ``starting`` on. ``unit`` is the one asked for, if any.

    ``minute`` counts on the clock from local midnight; ``days_later`` from the date in the rule.
    """

    starting: date
    facility: str
    unit: str | None
    minute: int
    length_minutes: int
    days_later: int = 0

    @property
    def clock(self) -> time:
        return time(*divmod(self.minute, 60))

    def span_on(self, day: date, zone: ZoneInfo) -> Span:
        local = datetime.combine(day + timedelta(days=self.days_later), self.clock, zone)
        starts_at = local.astimezone(UTC)  # with fold=0 this is the rule above, for gap and fold alike
        return Span(starts_at, starts_at + timedelta(minutes=self.length_minutes))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"starting": self.starting.isoformat()}


@dataclass(frozen=True, kw_only=True)
class Series:
    """One version. ``patterns`` are in order of their ``starting``; ``skipped`` are dates left out on purpose."""

    id: str
    version: int
    team: str
    project: str | None
    purpose: str
    requester: str
    rule: Rule
    zone: ZoneInfo
    first_date: date
    patterns: tuple[Pattern, ...]
    skipped: tuple[date, ...] = ()
    run: Run = field(default=ORDINARY)

    @property
    def pattern(self) -> Pattern:
        """How it is in the end, which is how it is called."""
        return self.patterns[-1]

    def dates(self) -> list[date]:
        return self.rule.dates(self.first_date)

    def pattern_on(self, day: date) -> Pattern:
        """How the member of a date is; before the first pattern as the first has it."""
        return next((each for each in reversed(self.patterns) if each.starting <= day), self.patterns[0])

    def span_on(self, day: date) -> Span:
        return self.pattern_on(day).span_on(day, self.zone)

    def changed_from(self, day: date, **changes: Any) -> "Series":
        """The next version, with members changed from a date on; what was changed later keeps its other values."""
        before = [each for each in self.patterns if each.starting < day]
        here = replace(self.pattern_on(day), starting=day, **changes)
        later = [replace(each, **changes) for each in self.patterns if each.starting > day]
        return replace(self, version=self.version + 1, patterns=(*before, here, *later))

    def with_dates(self, rule: Rule, added: set[date], skipped: set[date]) -> "Series":
        """The next version, by a rule that may be longer, with dates added and others left out."""
        left_out = (set(self.skipped) - added) | skipped
        return replace(self, version=self.version + 1, rule=rule, skipped=tuple(sorted(left_out)))


def pattern_of(first: Span, zone: ZoneInfo, facility: str, unit: str | None) -> Pattern:
    """The pattern of which ``first`` is the first member."""
    local = first.starts_at.astimezone(zone)
    return Pattern(
        starting=local.date(), facility=facility, unit=unit, minute=local.hour * 60 + local.minute,
        length_minutes=int(first.length.total_seconds()) // 60,
    )
