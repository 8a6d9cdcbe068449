"""Trying a change of a facility on a copy, before anybody is told: what would be open, and how much more or less.

    trial      spans taken away | other hours | more hours on the dates from one to another
    before     |==== open ====|        |======= open =======|
    after      |== open ==|            |======= open =========|
                           lost 1 h                          gained 1 h
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from services.booking.domain.calendar import Hours
from services.booking.domain.days import BASE_ZONE, DAY, midnight_before, midnights
from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims, Held
from services.booking.domain.hits import Standing, hit_by_hours, hit_by_interruption, with_hours
from services.booking.domain.interruption import Interruption
from services.booking.domain.quotas import period_of
from services.booking.domain.spans import Span, gaps, merged, shared

TRIED = "tried"
"""The id of an interruption that nobody has declared."""

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """``spans`` are taken away from ``unit`` or all of them; other ``hours`` and so on replace what is.

    ``more`` hours are added on the dates from ``first`` to ``last``.
    """

    kind: str = "maintenance"
    unit: str | None = None
    spans: tuple[Span, ...] = ()
    opening_hours: tuple[Hours, ...] | None = None
    date_exceptions: tuple[Mapping[str, Any], ...] | None = None
    on_holidays: str | None = None
    first: date | None = None
    last: date | None = None
    more: Hours = ()


def changed(facility: Facility, trial: Trial) -> Facility:
    """The facility as the trial would leave it."""
    after = with_hours(facility, trial.opening_hours, trial.date_exceptions, trial.on_holidays)
    if trial.more:
        after = replace(after, date_exceptions=tuple(with_more(after, trial)))
    if trial.spans:
        taken = Interruption(id=TRIED, kind=trial.kind, unit=trial.unit, spans=trial.spans)
        after = replace(after, interruptions=(*after.interruptions, taken))
    return after


def with_more(facility: Facility, trial: Trial) -> Iterable[Mapping[str, Any]]:
    """The exceptions of the facility, with those that an extra shift needs, by date."""
    kept = {each["date"]: dict(each) for each in facility.date_exceptions}
    for number in range((trial.last - trial.first).days + 1):
        day = trial.first + timedelta(days=number)
        present = kept.get(day.isoformat(), {"date": day.isoformat(), "names": {}})
        hours = joined((*facility.opening.hours_on(day), *trial.more))
        kept[day.isoformat()] = present | {"hours": [list(pair) for pair in hours]}
    return [kept[day] for day in sorted(kept)]


def joined(hours: Iterable[tuple[int, int]]) -> Hours:
    """The same hours of a day in as few pairs as possible."""
    found: list[tuple[int, int]] = []
    for opens, closes in sorted(hours):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return tuple(found)


def hit_by(trial: Trial, standing: Sequence[Standing], before: Mapping[str, Facility]) -> list[str]:
    """Those that could not stay: of what is taken away with their buffers, of other hours with their time."""
    after = {code: changed(each, trial) for code, each in before.items()}
    by_spans = set(hit_by_interruption(standing, trial.unit, trial.spans))
    by_hours = set(hit_by_hours(standing, before, after))
    return [each.id for each in standing if each.id in by_spans | by_hours]


def usable(facility: Facility, unit: str, window: Span) -> list[Span]:
    """When a unit is open and not interrupted within a window."""
    taken = merged(span for each in facility.interruptions if each.is_on(unit) for span in each.spans)
    open_spans = [span for span in shared(facility.opening_spans(window), [window]) if span.starts_at < span.ends_at]
    return [left for span in open_spans for left in gaps(span, taken) if left.starts_at < left.ends_at]


def minutes(spans: Iterable[Span]) -> int:
    return sum((span.length for span in spans), timedelta()) // MINUTE


def weeks(before: Facility, after: Facility, window: Span) -> list[dict[str, Any]]:
    """By local week of a window: the minutes of all units together before and after, lost and gained."""
    found, week = [], period_of(window.starts_at, "week")
    while week.starts_at < window.ends_at:
        there = Span(max(week.starts_at, window.starts_at), min(week.ends_at, window.ends_at))
        found.append({"week": week.starts_at.astimezone(BASE_ZONE).date().isoformat(), **figures(before, after, there)})
        week = period_of(week.ends_at, "week")
    return found


def figures(before: Facility, after: Facility, window: Span) -> dict[str, int]:
    told = {"before": 0, "after": 0, "lost": 0, "gained": 0}
    for unit in before.units:
        old, new = usable(before, unit, window), usable(after, unit, window)
        stays = minutes(shared(old, new))
        for name, value in (("before", minutes(old)), ("after", minutes(new)),
                            ("lost", minutes(old) - stays), ("gained", minutes(new) - stays)):
            told[name] += value
    return told


def days(before: Facility, after: Facility, unit: str | None, window: Span) -> list[dict[str, Any]]:
    """By local day: the pairs of minutes after midnight at which any unit, or the one tried, can be used."""
    return [
        {"date": midnight.astimezone(BASE_ZONE).date().isoformat(), "before": pairs(before, unit, midnight),
         "after": pairs(after, unit, midnight)}
        for midnight in midnights(window)
    ]


def pairs(facility: Facility, unit: str | None, midnight: datetime) -> list[list[int]]:
    day = Span(midnight, midnight + DAY)
    spans = merged(span for each in ([unit] if unit else facility.units) for span in usable(facility, each, day))
    return [[(moment - midnight) // MINUTE for moment in span] for span in spans]


def first_change(trial: Trial, now: datetime) -> datetime:
    """The local midnight from which on there is something to see."""
    starts = [span.starts_at for span in trial.spans]
    if trial.first:
        starts.append(datetime.combine(trial.first, datetime.min.time(), BASE_ZONE))
    return midnight_before(max(min(starts, default=now), now))


def taken_too(claims: Claims, facilities: Iterable[Facility], trial: Trial) -> dict[tuple[str, str], list[Held]]:
    """What stands, with what the trial would take away."""
    found = {place: list(held) for place, held in claims.items()}
    for facility in facilities:
        for unit in facility.units if trial.spans else ():
            if trial.unit in (None, unit):
                held = [*found.get((facility.code, unit), ()), *(Held(*span, 0) for span in trial.spans)]
                found[facility.code, unit] = sorted(held, key=lambda each: (each.starts_at, each.first))
    return found
