"""When the demo's teams use a facility: plausible, the same again for the same week, at most half full.

A facility that closes at night is planned by the day; each unit gets at most half of its
opening time, buffers included. One that is open day and night is planned by the fortnight,
because its runs take days; half of its units are never planned, the others begin their
fortnights in turn, so that something is always running.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from services.booking.domain.days import DAY
from services.booking.domain.facility import Facility
from services.booking.domain.spans import Span

LENGTHS = (30, 45, 60, 90, 120, 150, 180, 240, 300, 360)
"""Minutes that people ask for within a day."""

RUNS = tuple(hours * 60 for hours in (8, 14, 24, 48, 72, 96, 120, 168, 240))
"""Minutes that people ask for where nobody closes."""

FORTNIGHT = 14
FULLEST = 0.5
IDLE = 0.3
"""How often a unit is not used on a day at all."""

Wanted = Iterator[tuple[str, Span]]


def week_of_times(facility: Facility, monday: datetime, random: Random) -> Wanted:
    """Unit and time of what is planned for the week of ``monday``, a local midnight, or for the fortnight from it."""
    if not is_day_and_night(facility):
        for day in range(7):
            yield from times_of_day(facility, monday + day * DAY, random)
        return
    week = monday.toordinal() // 7
    for number, unit in enumerate(facility.units[::2][: len(facility.units) // 2]):
        if (week + number) % 2 == 0:
            yield from runs(facility, unit, monday, random)


def is_day_and_night(facility: Facility) -> bool:
    return all(hours == ((0, 1440),) for hours in facility.opening_hours)


def times_of_day(facility: Facility, midnight: datetime, random: Random) -> Wanted:
    for unit in facility.units:
        for opens, closes in facility.hours_on(midnight):
            if random.random() > IDLE:
                yield from times_between(facility, unit, midnight, opens, closes, random)


def times_between(facility: Facility, unit: str, midnight: datetime, opens: int, closes: int, random: Random) -> Wanted:
    """One after the other, until no length fits into what may still be used."""
    grid, buffers = facility.granularity_minutes, facility.setup_minutes + facility.cleardown_minutes
    left = (closes - opens) * random.uniform(0.2, FULLEST)
    begins = on_grid(opens + random.uniform(0, (closes - opens) * FULLEST), grid)
    while True:
        most = min(facility.longest_minutes, left - buffers, closes - begins)
        fitting = [length for length in LENGTHS if facility.shortest_minutes <= length <= most and not length % grid]
        if not fitting:
            return
        length = random.choice(fitting)
        yield unit, span_of(midnight, begins, length)
        left -= length + buffers
        begins = on_grid(begins + length + buffers + random.uniform(0, 120), grid)


def runs(facility: Facility, unit: str, midnight: datetime, random: Random) -> Wanted:
    """Runs of hours to days that begin while people are about."""
    buffers = facility.setup_minutes + facility.cleardown_minutes
    begins = by_day(random.uniform(0, 720))
    while True:
        most = min(facility.longest_minutes, FORTNIGHT * 1440 - begins)
        fitting = [length for length in RUNS if facility.shortest_minutes <= length <= most]
        if not fitting:
            return
        length = random.choice(fitting)
        yield unit, span_of(midnight, begins, length)
        begins = by_day(begins + length + buffers + random.uniform(0, 240))


def by_day(minutes: float) -> int:
    """The next full hour between 9:00 and 18:00."""
    day, minute = divmod(on_grid(minutes, 60), 1440)
    if minute > 18 * 60:
        return (day + 1) * 1440 + 9 * 60
    return day * 1440 + max(minute, 9 * 60)


def on_grid(minutes: float, grid: int) -> int:
    """The next step of the grid."""
    return int(-(-minutes // grid) * grid)


def span_of(midnight: datetime, begins: int, length: int) -> Span:
    starts_at = midnight + timedelta(minutes=begins)
    return Span(starts_at, starts_at + timedelta(minutes=length))
