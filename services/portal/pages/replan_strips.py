"""Before and after on the board: one strip for each unit that a plan takes from or gives to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from services.portal.pages import backend, local_time
from services.portal.pages.board_rows import bar_of, closed_places
from services.portal.pages.timeline import ZONE, Window, lanes
from services.portal.pages.words import name_in_language

WIDTHS = ((1, 15), (7, 15), (14, 30), (28, 60))
"""How many days a strip may show, and how many minutes its columns are wide then."""

ROOM = 24
"""A number takes as much room on a strip as so many parts of it."""

MOST_LANES = 10


def window_around(items: Sequence[Mapping[str, Any]]) -> Window:
    """The days of all old and new places, from the first on; what lies further than four weeks is cut off."""
    places = [place for item in items for place in (item["before"], item.get("after")) if place]
    first = min(day_of(place["starts_at"]) for place in places)
    last = max(local_time.last_day(*span_of(place))[0] for place in places)
    asked = (last - first).days + 1
    days, step = next((width for width in WIDTHS if width[0] >= asked), WIDTHS[-1])
    return Window(first, days, 0, 24, step)


def day_of(text: str) -> date:
    return local_time.instant(text).astimezone(ZONE).date()


def span_of(place: Mapping[str, Any]) -> tuple[datetime, datetime]:
    return local_time.instant(place["starts_at"]), local_time.instant(place["ends_at"])


def strips(items: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, Any] | None:
    """The window with its rows; the items are numbered by ``number``. None where there is nothing to draw."""
    if not items:
        return None
    window = window_around(items)
    board = backend.board(window)
    facilities = {each["code"]: each for each in board["facilities"]}
    planned = {item["reservation"] for item in items}
    others = [each for each in board["items"] if each.get("id") not in planned]
    units = [unit for unit in units_of(items, facilities) if unit[0] in facilities]
    return {
        "window": window,
        "every": timedelta(days=1 if window.days <= 14 else 7),
        "rows": [row_of(facilities[facility], unit, items, others, window, now) for facility, unit in units],
    }


def units_of(items: Sequence[Mapping[str, Any]], facilities: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each unit that something leaves or comes to, in the order of the catalogue."""
    found = {
        (place["facility"], place["unit"]) for item in items for place in (item["before"], item.get("after")) if place
    }
    order = [(code, unit["code"]) for code, each in facilities.items() for unit in each["units"]]
    return sorted(found, key=lambda each: (order.index(each) if each in order else len(order), each))


def row_of(
    facility: Mapping[str, Any], unit: str, items: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]],
    window: Window, now: datetime,
) -> dict[str, Any]:
    names = {each["code"]: name_in_language(each.get("names"), each["code"]) for each in facility["units"]}
    here = [
        each for each in others if each["facility"] == facility["code"] and each["unit"] in (None, unit)
    ]
    old = numbered(items, "before", (facility["code"], unit), window, now)
    new = numbered(items, "after", (facility["code"], unit), window, now)
    first = in_lanes(old, window, 0)
    return {
        "code": facility["code"],
        "name": name_in_language(facility["names"], facility["code"]),
        "unit": names.get(unit, unit) if len(names) > 1 else "",
        "closed": closed_places(facility, window),
        "others": [bar for bar in (bar_of(each, window, {}, now) for each in here) if bar],
        "old": old,
        "new": new,
        "lanes": min(max(in_lanes(new, window, first), 2), MOST_LANES),
    }


def in_lanes(bars: list[dict[str, Any]], window: Window, first: int) -> int:
    """Put the bars where no number covers another, from the lane ``first`` on; returns the lane below."""
    least = window.columns // ROOM
    wide = [replace(bar["place"], span=max(bar["place"].span, least)) for bar in bars]
    found = lanes(wide)
    for bar, lane in zip(bars, found, strict=True):
        bar["lane"] = min(first + lane, MOST_LANES - 1)
    return first + max(found, default=-1) + 1


def numbered(
    items: Sequence[Mapping[str, Any]], which: str, here: tuple[str, str], window: Window, now: datetime,
) -> list[dict[str, Any]]:
    """The bars of the old or the new places on one unit, each with the number that it has in the list."""
    found = []
    for item in items:
        place = item.get(which)
        if place and (place["facility"], place["unit"]) == here:
            bar = bar_of({**item, **place}, window, {}, now)
            if bar:
                found.append(bar | {"number": item["number"], "stays": item["before"] == item.get("after")})
    return found
