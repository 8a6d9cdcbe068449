"""What the board's templates draw: one row per facility, with bars, lanes, cells and free time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from flask_babel import get_locale, gettext, ngettext
from markupsafe import Markup

from services.portal.pages import local_time
from services.portal.pages.free_time import Taken, closed_spans, free_spans, proposal
from services.portal.pages.timeline import ZONE, Place, Window, lanes, place
from services.portal.pages.words import STATES, name_in_language

LANES_SHOWN = 3
BASE = 32
WINDOWS = {"week": (8, 22, 15), "day": (0, 24, 15), "month": (0, 24, 720)}


def window_of(view: str, day: date, all_hours: bool = False) -> Window:
    """The stretch that a view of the board shows around a day."""
    opens, closes, step = WINDOWS[view]
    if view == "day":
        return Window(day, 1, opens, closes, step)
    if view == "month":
        first = day.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        return Window(first, (following - first).days, opens, closes, step)
    if all_hours:
        opens, closes = 0, 24
    return Window(day - timedelta(days=day.weekday()), 7, opens, closes, step)


def position(bar: Place) -> str:
    """The classes that place a bar (assets/positions.js): start and span, as two digits each."""
    parts = (("x", bar.start // BASE), ("y", bar.start % BASE), ("w", bar.span // BASE), ("v", bar.span % BASE))
    return " ".join(f"{digit}{value}" for digit, value in parts if value)


def bar_of(
    item: Mapping[str, Any], window: Window, units: Mapping[str, str], now: datetime, asks: bool = False,
    language: str = "",
) -> dict[str, Any] | None:
    """One reservation as the template needs it, or None when it lies outside the window.

    With ``asks`` a time of another team that is to come leads to where its holder is asked. The reader's
    ``language`` is looked up where it is not given.
    """
    starts_at, ends_at = local_time.instant(item["starts_at"]), local_time.instant(item["ends_at"])
    where = place(window, starts_at, ends_at)
    if where is None:
        return None
    language = language or str(get_locale())
    told = words_of(item, units, span_told(language, local_time.today(), starts_at, ends_at), language)
    return {
        "id": item.get("id"),
        "state": item["state"],
        "mine": bool(item.get("mine")),
        "hit": bool(item.get("hit")),
        "interruption": item.get("interruption"),
        "whole": item["unit"] is None and item["state"] != "competing",
        "label": told[0],
        "told": " · ".join(told),
        "unit": item["unit"],
        "place": where,
        "position": position(where),
        "starts": local_time.local_text(starts_at),
        "ends": local_time.local_text(ends_at),
        "day": day_shown(window, where),
        "over": ends_at <= now,
        "ask": ask_address(item, starts_at) if asks and starts_at > now else "",
        "starts_at": starts_at,
        "ends_at": ends_at,
        "first_day": starts_at.astimezone(ZONE).date(),
        "last_day": local_time.last_day(starts_at, ends_at)[0],
    }


def classes_of(bar: Mapping[str, Any]) -> Markup:
    """Put together here, because a board has thousands of bars; nothing of it was typed by anybody."""
    where = bar["place"]
    marks = [name for name in ("mine", "hit", "whole", "over") if bar[name]]
    marks += ["before"] * where.continues_before + ["after"] * where.continues_after
    return Markup(" ".join(("bar", bar["state"], bar["position"], f"lane{bar['lane']}", *marks)))


def words_of(item: Mapping[str, Any], units: Mapping[str, str], when: str, language: str) -> list[str]:
    """What is written on a bar, and what is told beside it: its state, its time and where it is."""
    asked = item.get("requests")
    state = ngettext("%(num)d request", "%(num)d requests", asked) if asked else words_in(language, item["state"])
    label = item.get("team_name") or item.get("team") or name_in_language(item.get("reason")) or state
    if item.get("sharing"):
        label = sharing_words(item["sharing"]) if label == state else f"{label} · {sharing_words(item['sharing'])}"
    told = [label] if label == state else [label, state]
    if item.get("hit"):
        told.append(gettext("hit by an interruption"))
    told.append(when)
    if len(units) > 1 and item["unit"] in units:
        told.append(units[item["unit"]])
    return told


def ask_address(item: Mapping[str, Any], starts_at: datetime) -> str:
    """Where the holder of a taken time is asked; written by hand, because a board has hundreds of them."""
    if item["state"] != "taken" or not item["unit"]:
        return ""
    return f"/ask/{item['facility']}/{item['unit']}/{local_time.local_text(starts_at)}"


def sharing_words(sharing: Mapping[str, Any]) -> str:
    """How much of a shared unit a run takes, and how hot it is there."""
    return gettext("%(places)d of %(of)d places, %(temperature)d ℃", **sharing)


# A large base shows thousands of bars and days that are told alike, so each is put into words once for a
# language; which year is said without being told depends on today.


@lru_cache(maxsize=256)
def words_in(_language: str, state: str) -> str:
    return str(STATES.get(state, state))


@lru_cache(maxsize=8192)
def span_told(_language: str, _today: date, starts_at: datetime, ends_at: datetime) -> str:
    return local_time.span_words(starts_at, ends_at)


@lru_cache(maxsize=4096)
def day_told(_language: str, _today: date, day: date, reserved: int, clock: str) -> str:
    """Thu 26 Nov, 2 reservations, free from 14:00."""
    return ", ".join((
        local_time.day_words(day),
        ngettext("%(num)d reservation", "%(num)d reservations", reserved) if reserved else gettext("no reservations"),
        gettext("free from %(clock)s", clock=clock) if clock else gettext("no free time"),
    ))


def day_shown(window: Window, where: Place) -> int:
    return min(where.start // window.columns_per_day, window.days - 1)


def cell_of(
    facility: Mapping[str, Any], day: date, number: int, bars: list[dict], free: Sequence, now: datetime, language: str
) -> dict:
    """One day of a row: its bars, and where a request would start."""
    touching = [bar for bar in bars if bar["first_day"] <= day <= bar["last_day"]]
    open_that_day = [span for span in free if span[0].astimezone(ZONE).date() <= day < next_day(span[1])]
    first = first_on(open_that_day, day, facility)
    return {
        "date": day,
        "number": number,
        "past": day < now.astimezone(ZONE).date(),
        "bars": [bar for bar in bars if bar["day"] == number and not bar["hidden"]],
        "more": sum(bar["hidden"] for bar in touching),
        "first": local_time.local_text(first[0]) if first else "",
        "first_end": local_time.local_text(first[1]) if first else "",
        "told": day_told(
            language, local_time.today(), day, len(touching), local_time.clock_words(first[0]) if first else ""
        ),
    }


def next_day(moment: datetime) -> date:
    """The first local day that lies wholly after an end."""
    return (moment - timedelta(microseconds=1)).astimezone(ZONE).date() + timedelta(days=1)


def first_on(spans: Sequence, day: date, facility: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """The proposal in the first free span of a day; a span from the day before starts at midnight."""
    for start, end in spans:
        midnight = datetime.combine(day, datetime.min.time(), ZONE)
        begin = max(start, midnight)
        if end - begin >= timedelta(minutes=facility["shortest_minutes"]):
            return proposal(facility, (begin, end))
    return None


def row_of(
    facility: Mapping[str, Any], items: Sequence[Mapping[str, Any]], window: Window, now: datetime, asks: bool = False
) -> dict[str, Any]:
    """A facility's row: bars in lanes, closed time behind them, and a cell per day."""
    units = {unit["code"]: name_in_language(unit.get("names"), unit["code"]) for unit in facility["units"]}
    language = str(get_locale())
    bars = [bar for bar in (bar_of(item, window, units, now, asks, language) for item in items) if bar]
    shown_lanes = LANES_SHOWN if window.days > 1 else max(LANES_SHOWN, len(units))
    whole = [bar for bar in bars if bar["whole"]]
    beside = [bar for bar in bars if not bar["whole"]]
    for bar, lane in zip(beside, lanes([bar["place"] for bar in beside]), strict=True):
        bar["lane"], bar["hidden"] = lane, lane >= shown_lanes
    for bar in whole:
        bar["lane"], bar["hidden"] = 0, False
    for bar in bars:
        bar["classes"] = classes_of(bar)
    taken = [Taken(bar["unit"], bar["starts_at"], bar["ends_at"]) for bar in bars if bar["state"] != "competing"]
    free = free_spans(facility, taken, window.dates, now)
    return {
        "code": facility["code"],
        "kind": facility["kind"],
        "name": name_in_language(facility["names"], facility["code"]),
        "units": len(units),
        "lanes": min(shown_lanes, max([bar["lane"] + 1 for bar in bars], default=1)),
        "granularity": facility["granularity_minutes"],
        "shortest": facility["shortest_minutes"],
        "bars": sorted(bars, key=lambda bar: (bar["place"].start, bar["lane"])),
        "closed": closed_places(facility, window),
        "cells": [cell_of(facility, day, number, bars, free, now, language) for number, day in enumerate(window.dates)],
        "free": free,
    }


def closed_places(facility: Mapping[str, Any], window: Window) -> list[str]:
    """Where the facility is closed in the hours shown; a month's half days are too coarse to say it."""
    if window.step > 60:
        return []
    spans = closed_spans(facility, window.dates)
    return [position(place(window, start, end)) for start, end in spans if window.shown_minutes(start, end)]
