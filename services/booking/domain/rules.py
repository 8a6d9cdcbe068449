"""Rules of use. Whatever makes or changes a reservation passes ``broken_rules``; there is no other way in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from services.booking.domain.facility import Facility, midnights
from services.booking.domain.spans import Span

MANAGERS = ("facility_manager", "base_manager", "admin")
BASE = ("base_manager", "admin")
NOBODY = ()

WAIVABLE_BY: dict[str, tuple[str, ...]] = {
    "not_whole_grid": MANAGERS,
    "too_short": MANAGERS,
    "too_long": MANAGERS,
    "in_the_past": NOBODY,
    "too_little_notice": MANAGERS,
    "beyond_horizon": BASE,
    "outside_opening_hours": MANAGERS,
    "facility_inactive": NOBODY,
    "unit_not_choosable": MANAGERS,
}
"""Every rule, in the order in which they are told, and the roles that may waive it."""

WEEK = timedelta(days=7)
MOST_DAYS_TOLD = 7


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Time on a facility, and what is held there already when a reservation is to move.

    ``unit`` is the one that was asked for, if any. ``former`` and ``former_unit`` are given
    when the reservation stays on this facility.
    """

    span: Span
    unit: str | None = None
    former: Span | None = None
    former_unit: str | None = None

    @property
    def keeps_start(self) -> bool:
        return self.former is not None and self.former.starts_at == self.span.starts_at


@dataclass(frozen=True)
class Violation:
    """A broken rule, and the figures that a sentence about it needs."""

    rule: str
    facts: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {"rule": self.rule, "facts": self.facts, "waivable_by": list(WAIVABLE_BY[self.rule])}


def broken_rules(wish: Wish, facility: Facility, now: datetime) -> list[Violation]:
    """Every rule of ``facility`` that ``wish`` breaks; none when it may be granted."""
    found = [*length_rules(wish, facility), *time_rules(wish, facility, now), *place_rules(wish, facility)]
    told = list(WAIVABLE_BY)
    return sorted(found, key=lambda violation: told.index(violation.rule))


def length_rules(wish: Wish, facility: Facility) -> Iterator[Violation]:
    if any(facility.grid_before(instant) != instant for instant in wish.span):
        yield Violation("not_whole_grid", {"granularity_minutes": facility.granularity_minutes})
    if wish.span.length < timedelta(minutes=facility.shortest_minutes):
        yield Violation("too_short", {"shortest_minutes": facility.shortest_minutes})
    if wish.span.length > timedelta(minutes=facility.longest_minutes):
        yield Violation("too_long", {"longest_minutes": facility.longest_minutes})


def time_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    """When it may begin. A start that is held already stays good, also after it has come."""
    if wish.keeps_start:
        if wish.span.ends_at <= now:
            yield Violation("in_the_past")
        return
    starts_at = wish.span.starts_at
    earliest, latest = facility.bookable(now)
    if starts_at < now:
        yield Violation("in_the_past")
    if starts_at < earliest and facility.notice_minutes:
        told = {"notice_minutes": facility.notice_minutes, "earliest": facility.grid_after(earliest)}
        yield Violation("too_little_notice", told)
    if starts_at > latest:
        told = {"horizon_days": facility.horizon_days, "latest": facility.grid_before(latest)}
        yield Violation("beyond_horizon", told)


def place_rules(wish: Wish, facility: Facility) -> Iterator[Violation]:
    if not is_open_throughout(wish.span, facility):
        days = islice(midnights(wish.span), MOST_DAYS_TOLD)
        yield Violation("outside_opening_hours", {"opens": [facility.hours_on(midnight) for midnight in days]})
    if not facility.active:
        yield Violation("facility_inactive")
    if wish.unit not in (None, wish.former_unit) and not facility.unit_choice:
        yield Violation("unit_not_choosable")


def is_open_throughout(span: Span, facility: Facility) -> bool:
    """Open at every instant: a night's closing time ends what may be reserved in one piece."""
    # Opening hours repeat weekly: what is open for a week on end is open for ever.
    piece = Span(span.starts_at, min(span.ends_at, span.starts_at + WEEK))
    return any(opening.contains(piece) for opening in facility.opening_spans(piece))
