"""What a reservation form holds: as typed, and as the server understood it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from services.portal.pages import local_time
from services.portal.pages.backend import new_key
from services.portal.pages.free_time import hours_on, proposal
from services.portal.pages.numbers import number
from services.portal.pages.timeline import MINUTES_PER_DAY, ZONE, at, snap_span, snap_up
from services.portal.sentences import clock

PROFILE = ("temperature", "ramp", "contamination")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The texts of the form's fields; ``reservation`` and ``version`` when one is being moved."""

    facility: str = ""
    start_day: str = ""
    start_clock: str = ""
    end_day: str = ""
    end_clock: str = ""
    unit: str = ""
    team: str = ""
    project: str = ""
    purpose: str = ""
    needed_by: str = ""
    family: str = ""
    places: str = ""
    temperature: str = ""
    ramp: str = ""
    contamination: str = ""
    elastic: str = ""
    request_key: str = ""
    reservation: str = ""
    version: str = ""

    @property
    def starts_at(self) -> datetime | None:
        return moment(self.start_day, self.start_clock)

    @property
    def ends_at(self) -> datetime | None:
        return moment(self.end_day or self.start_day, self.end_clock)

    @property
    def run(self) -> dict[str, Any]:
        """What is to be run, as far as it was said; what is no number is left for booking to refuse."""
        numbers = {"temperature": number(self.temperature), "ramp": number(self.ramp)}
        typed = numbers | {"contamination": self.contamination}
        profile = {name: value for name, value in typed.items() if value != ""}
        return {
            "family": self.family or None, "places": number(self.places) or None, "profile": profile,
            "elastic_minutes": number(self.elastic) or 0,
        }

    def with_span(self, starts_at: datetime, ends_at: datetime) -> "Draft":
        """The same form with these times; an end at midnight is shown as 24:00 of the day before."""
        start = starts_at.astimezone(ZONE)
        end_day, end_clock = local_time.last_day(starts_at, ends_at)
        return replace(
            self,
            start_day=start.date().isoformat(),
            start_clock=f"{start:%H:%M}",
            end_day=end_day.isoformat(),
            end_clock=end_clock,
        )

    def snapped(self, granularity_minutes: int) -> "Draft":
        """The same form on the facility's grid, when its times can be read."""
        if not self.starts_at or not self.ends_at or self.ends_at <= self.starts_at:
            return self
        return self.with_span(*snap_span(self.starts_at, self.ends_at, granularity_minutes))


def moment(day: str, clock: str) -> datetime | None:
    """The instant of a date and a clock field; 24:00 is the next midnight."""
    try:
        hours, minutes = (int(part) for part in clock.split(":"))
        found = date.fromisoformat(day)
    except ValueError:
        return None
    minute = hours * 60 + minutes
    return at(found, minute) if 2000 < found.year < 2100 and 0 <= minute <= MINUTES_PER_DAY else None


def typed(form: Mapping[str, str]) -> Draft:
    """What was typed, cut to a length that no honest field passes by far."""
    names = Draft.__dataclass_fields__
    texts = {name: form.get(name, "").strip()[:20_000] for name in names}
    return Draft(**texts | {"request_key": texts["request_key"] or new_key()})


def local_moment(text: str) -> datetime | None:
    day, _, clock = text.partition("T")
    return moment(day, clock[:5])


def started(arguments: Mapping[str, str], facility: Mapping[str, Any], team: str) -> Draft:
    """A new form from an address: facility, start, end, and what an alternative carries."""
    shown = Draft(
        facility=facility["code"],
        unit=arguments.get("unit", ""),
        team=arguments.get("team") or team,
        **{name: arguments.get(name, "") for name in ("project", "family", "places", *PROFILE)},
        request_key=new_key(),
    )
    starts_at = local_moment(arguments.get("start", ""))
    ends_at = local_moment(arguments.get("end", ""))
    if not starts_at:
        starts_at, ends_at = next_usual(facility)
    elif not ends_at or ends_at <= starts_at:
        ends_at = starts_at + timedelta(hours=2)
    return shown.with_span(*snap_span(starts_at, ends_at, facility["granularity_minutes"]))


def next_usual(facility: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Where a form starts that names no time: the next step of the grid within the opening hours."""
    granularity = facility["granularity_minutes"]
    earliest = snap_up(local_time.now() + timedelta(minutes=facility["notice_minutes"]), granularity)
    first_day = earliest.astimezone(ZONE).date()
    for day in (first_day + timedelta(days=later) for later in range(14)):
        for opens, closes in hours_on(facility, day):
            begin = max(earliest, at(day, opens))
            if at(day, closes) - begin >= timedelta(minutes=facility["shortest_minutes"]):
                return proposal(facility, (begin, max(at(day, closes), begin + timedelta(days=62))))
    return earliest, earliest + timedelta(minutes=facility["shortest_minutes"])


def clocks(facility: Mapping[str, Any], chosen: Sequence[str]) -> tuple[list[str], list[str]]:
    """The clock choices for start and end: the grid within the opening hours, and what is chosen now."""
    pairs = [pair for day in facility["opening_hours"] for pair in day] or [[0, MINUTES_PER_DAY]]
    first, last = min(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
    step = facility["granularity_minutes"]
    grid = [clock(minute) for minute in range(0, MINUTES_PER_DAY + 1, step) if first <= minute <= last]
    starts = sorted({*grid[:-1], chosen[0]} - {"", "24:00"})
    return starts, sorted({*grid[(1 if first else 0) :], chosen[1]} - {""})
