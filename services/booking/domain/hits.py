"""Which reservations a change would hit, before it is made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from services.booking.domain.calendar import Calendar, Hours, calendar_of
from services.booking.domain.facility import Facility
from services.booking.domain.rules.places import is_open_throughout
from services.booking.domain.spans import Span


class Standing(NamedTuple):
    """A reservation that holds its time: without buffers, and with them."""

    id: str
    facility: str
    unit: str
    span: Span
    period: Span


def hit_by_hours(
    standing: Iterable[Standing], before: Mapping[str, Facility], after: Mapping[str, Facility],
) -> list[str]:
    """Those whose time is open as things are and would not be any more; what lies outside already is no news."""
    return [
        each.id for each in standing
        if not is_open_throughout(each.span, after[each.facility])
        and is_open_throughout(each.span, before[each.facility])
    ]


def hit_by_interruption(standing: Iterable[Standing], unit: str | None, spans: Sequence[Span]) -> list[str]:
    """Those that hold, buffers included, what is taken away."""
    return [
        each.id for each in standing
        if unit in (None, each.unit) and any(span.overlaps(each.period) for span in spans)
    ]


def with_hours(
    facility: Facility, opening_hours: tuple[Hours, ...] | None, exceptions: tuple[Mapping[str, Any], ...] | None,
    on_holidays: str | None,
) -> Facility:
    """The facility with other hours; what is not given stays."""
    changes = {"opening_hours": opening_hours, "date_exceptions": exceptions, "on_holidays": on_holidays}
    return replace(facility, **{name: value for name, value in changes.items() if value is not None})


def with_year(calendar: Calendar, year: int, days: Iterable[Mapping[str, Any]]) -> Calendar:
    """A base's calendar with other days for one year."""
    there = calendar_of(days)
    return Calendar(
        holidays={day: names for day, names in calendar.holidays.items() if day.year != year} | dict(there.holidays),
        working_days={day: names for day, names in calendar.working_days.items() if day.year != year}
        | dict(there.working_days),
    )
