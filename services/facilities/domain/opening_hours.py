"""Opening hours: for each weekday, Monday first, half-open pairs of minutes after local midnight.

[[480, 1320]]               08:00 to 22:00
[[510, 720], [780, 1080]]   08:30 to 12:00 and 13:00 to 18:00
[[0, 1440]]                 the whole day; with the next day's it joins to day and night
[]                          closed
"""

from collections.abc import Iterator
from itertools import pairwise

DAY_MINUTES = 1440
WEEKDAYS = 7


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
