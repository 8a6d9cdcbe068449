"""Opening hours: for each weekday, Monday first, half-open pairs of minutes after local midnight.

[[480, 1320]]               08:00 to 22:00
[[510, 720], [780, 1080]]   08:30 to 12:00 and 13:00 to 18:00
[[0, 1440]]                 the whole day; with the next day's it joins to day and night
[]                          closed
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from services.contracts.values import Day, Line

DAY_MINUTES = 1440
WEEKDAYS = 7


@dataclass(frozen=True, kw_only=True)
class DateException:
    """Other hours on one date: none is closed all day. ``names`` say why, where somebody has given a reason."""

    date: Day
    hours: list[list[int]]
    names: dict[str, Line] = field(default_factory=dict)


def wrong_in(opening_hours: list[list[list[int]]]) -> dict[str, list[str]]:
    """What is wrong, by weekday: {"opening_hours.2": ["overlapping"]}; nothing when all is well."""
    if len(opening_hours) != WEEKDAYS:
        return {"opening_hours": ["not_seven_days"]}
    by_day = {f"opening_hours.{day}": sorted(set(wrong_in_day(pairs))) for day, pairs in enumerate(opening_hours)}
    return {name: words for name, words in by_day.items() if words}


def wrong_in_day(pairs: list[list[int]]) -> Iterator[str]:
    if any(len(pair) != 2 for pair in pairs):
        yield "malformed"
        return
    for opens, closes in pairs:
        if not (0 <= opens <= DAY_MINUTES and 0 <= closes <= DAY_MINUTES):
            yield "out_of_range"
        if opens >= closes:
            yield "ends_before_start"
    if any(later[0] < earlier[1] for earlier, later in pairwise(pairs)):
        yield "overlapping"


def wrong_in_exceptions(exceptions: list[dict[str, Any]]) -> dict[str, list[str]]:
    """What is wrong with well-formed exceptions, by number; words: not_a_date, duplicate, and those of a day."""
    wrong: dict[str, list[str]] = {}
    seen: set[str] = set()
    for number, exception in enumerate(exceptions):
        name = f"date_exceptions.{number}"
        if not is_date(exception["date"]):
            wrong[f"{name}.date"] = ["not_a_date"]
        elif exception["date"] in seen:
            wrong[f"{name}.date"] = ["duplicate"]
        seen.add(exception["date"])
        if words := sorted(set(wrong_in_day(exception["hours"]))):
            wrong[f"{name}.hours"] = words
    return wrong


def is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
