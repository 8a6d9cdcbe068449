"""Which dates a base works, and which hours a facility keeps on a date.

What counts, the first that says anything about the date:

1. the facility's own exception for that date: its hours, none being closed all day;
2. a public holiday of the base: closed, unless the facility stays open on holidays;
3. a make-up working day of the base (调休, a weekend day that is worked): the hours of a Monday, because
   nobody publishes which weekday it stands in for;
4. the hours of the week.

Closures of the base, maintenance and outages are no hours: they take time away from whatever is open.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Hours = tuple[tuple[int, int], ...]
"""Half-open pairs of minutes after local midnight, in order."""

MONDAY = 0
WORKING_DAYS = 5


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The days of a base that do not follow the week, with their names per language; all others do."""

    holidays: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    working_days: Mapping[date, Mapping[str, str]] = field(default_factory=dict)

    def is_worked(self, day: date) -> bool:
        """Monday to Friday without the holidays, and the make-up working days."""
        return day not in self.holidays and (day in self.working_days or day.weekday() < WORKING_DAYS)


ORDINARY_WEEKS = Calendar()
"""A base that has told of no holidays."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """When a facility is open: seven ``weekdays``, Monday first, the base's ``calendar``, its own ``exceptions``."""

    weekdays: tuple[Hours, ...]
    calendar: Calendar = ORDINARY_WEEKS
    open_on_holidays: bool = False
    exceptions: Mapping[date, Mapping[str, Any]] = field(default_factory=dict)

    def hours_on(self, day: date) -> Hours:
        if day in self.exceptions:
            return self.exceptions[day]["hours"]
        if day in self.calendar.holidays and not self.open_on_holidays:
            return ()
        if day in self.calendar.working_days:
            return self.weekdays[MONDAY]
        return self.weekdays[day.weekday()]

    @property
    def special_dates(self) -> set[date]:
        """The dates that may not follow the week."""
        return self.exceptions.keys() | self.calendar.holidays.keys() | self.calendar.working_days.keys()

    def special_on(self, day: date) -> dict[str, Any] | None:
        """Why a date does not follow the week: {date, kind: exception | holiday | working_day, names}."""
        if day in self.exceptions:
            return special(day, "exception", self.exceptions[day].get("names", {}))
        if day in self.calendar.holidays and not self.open_on_holidays:
            return special(day, "holiday", self.calendar.holidays[day])
        if day in self.calendar.working_days:
            return special(day, "working_day", self.calendar.working_days[day])
        return None


def special(day: date, kind: str, names: Mapping[str, str]) -> dict[str, Any]:
    return {"date": day.isoformat(), "kind": kind, "names": dict(names)}


def exceptions_of(entries: Iterable[Mapping[str, Any]]) -> dict[date, Mapping[str, Any]]:
    """A facility's date exceptions as they are told, by date."""
    return {
        date.fromisoformat(entry["date"]): {**entry, "hours": tuple(tuple(pair) for pair in entry["hours"])}
        for entry in entries
    }


def calendar_of(days: Iterable[Mapping[str, Any]]) -> Calendar:
    """A base's days as they are told."""
    found: dict[str, dict[date, Mapping[str, str]]] = {"holiday": {}, "working_day": {}}
    for day in days:
        found[day["kind"]][date.fromisoformat(day["date"])] = day["names"]
    return Calendar(holidays=found["holiday"], working_days=found["working_day"])
