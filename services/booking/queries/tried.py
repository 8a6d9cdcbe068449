"""What may be tried: all that is wrong with a change, by field, before anything is reckoned with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, pairwise
from typing import Any

from services.booking.domain.spans import wrong_end
from services.booking.queries.arguments import WouldHit
from services.contracts import schemas
from services.contracts.errors import InvalidInput
from services.contracts.values import Day, Instant

MOST_SPANS = 100
MOST_EXCEPTIONS = 366
MOST_PAIRS = 12
"""So many pairs of hours may a day have."""

MOST_DATES = 92
"""On so many dates may an extra shift be."""

DAY_MINUTES = 1440
Errors = dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    starts_at: Instant
    ends_at: Instant


@dataclass(frozen=True, kw_only=True)
class DateException:
    date: Day
    hours: list[list[int]]
    names: dict[str, str] = field(default_factory=dict)


def wrong_in_change(given: WouldHit) -> Errors:
    """What cannot be reckoned with, of a change that is only looked at or tried."""
    week, exceptions = given.opening_hours or (), given.date_exceptions or ()
    by_day = {f"opening_hours.{number}": words_of(pairs) for number, pairs in enumerate(week)}
    found = by_day | {"opening_hours": [] if len(week) in (0, 7) else ["not_seven_days"]}
    return told(found) | dict(chain(
        wrong_entries("spans", Stretch, given.spans or (), lambda _: {}),
        wrong_entries("date_exceptions", DateException, exceptions, wrong_in_exception),
        repeated(exceptions),
    ))


def wrong_in_trial(given: Any) -> Errors:
    """The same of a WhatIf with its extra shift, and what is more than can be looked into at once."""
    lists = {"spans": (given.spans, MOST_SPANS), "date_exceptions": (given.date_exceptions, MOST_EXCEPTIONS),
             "more_hours": (given.more_hours, MOST_PAIRS)}
    lists |= {f"opening_hours.{number}": (pairs, MOST_PAIRS) for number, pairs in enumerate(given.opening_hours or ())}
    too_many = {name: ["too_many"] for name, (entries, most) in lists.items() if len(entries or ()) > most}
    stretches = dict(wrong_entries("spans", Stretch, given.spans or (), wrong_in_stretch))
    return stretches | wrong_in_change(given) | wrong_in_shift(given) | too_many


def wrong_entries(
    name: str, kind: type, entries: Sequence[Any], wrong: Callable[[Any], Errors],
) -> Iterator[tuple[str, list[str]]]:
    """What is wrong with each of a list, in its shape or else by ``wrong``, by number and field."""
    for number, entry in enumerate(entries):
        try:
            found = wrong(schemas.load(kind, entry))
        except InvalidInput as refused:
            found = refused.facts["errors"]
        yield from ((f"{name}.{number}.{part}", words) for part, words in found.items())


def told(found: Mapping[str, list[str]]) -> Errors:
    return {name: words for name, words in found.items() if words}


def wrong_in_stretch(given: Stretch) -> Errors:
    return told({"ends_at": wrong_end(given.starts_at, given.ends_at)})


def wrong_in_exception(given: DateException) -> Errors:
    return told({"date": [] if day_of(given.date) else ["not_a_date"], "hours": words_of(given.hours)})


def repeated(exceptions: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    seen = []
    for number, each in enumerate(exceptions):
        if each.get("date") in seen:
            yield f"date_exceptions.{number}.date", ["duplicate"]
        seen.append(each.get("date"))


def wrong_in_shift(given: Any) -> Errors:
    if not given.more_hours:
        return {}
    first, last = (day_of(text or "") for text in (given.more_from, given.more_to))
    found = {"more_hours": words_of(given.more_hours)} | {
        name: [] if day else ["not_a_date"] for name, day in (("more_from", first), ("more_to", last))}
    if first and last and not 0 <= (last - first).days < MOST_DATES:
        found["more_to"] = ["ends_before_start" if last < first else "out_of_range"]
    return told(found)


def words_of(pairs: Sequence[Sequence[int]]) -> list[str]:
    """What is wrong with the hours of a day."""
    if any(len(pair) != 2 for pair in pairs):
        return ["malformed"]
    told = {
        "out_of_range": any(not 0 <= minute <= DAY_MINUTES for pair in pairs for minute in pair),
        "ends_before_start": any(opens >= closes for opens, closes in pairs),
        "overlapping": any(later[0] < earlier[1] for earlier, later in pairwise(pairs)),
    }
    return [word for word, is_so in told.items() if is_so]


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
