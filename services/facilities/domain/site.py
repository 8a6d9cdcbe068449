"""A base and its calendar, as a value: years of public holidays and make-up working days."""

from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from services.contracts.events import SiteChanged
from services.contracts.values import Day, Name, OneOf
from services.facilities.domain.opening_hours import is_date
from services.facilities.domain.rules import wrong_in_languages

Told = dict[str, Any]
"""A day as it is kept and told: {date, kind: holiday | working_day, names}."""

BY_HAND = "hand"


@dataclass(frozen=True, kw_only=True)
class CalendarDay:
    """The fields of a day as it is given."""

    date: Day
    kind: Annotated[str, OneOf(("holiday", "working_day"))]
    names: dict[str, Name]


@dataclass(frozen=True, kw_only=True)
class CalendarYear:
    """One revision of a year's days, in order, and where they come from: a library and its version, or a hand."""

    year: int
    revision: int
    source: str
    days: tuple[Told, ...]


@dataclass(frozen=True, kw_only=True)
class Site:
    """One version of a base with the newest revision of each year; version 0 is not stored yet."""

    site: str
    names: dict[str, str] = field(default_factory=dict)
    years: tuple[CalendarYear, ...] = ()
    version: int = 0

    def named(self, names: dict[str, str]) -> "Site":
        """With other names; the same one when nothing differs."""
        return self if names == self.names else replace(self, names=names, version=self.version + 1)

    def year(self, year: int) -> CalendarYear | None:
        return next((each for each in self.years if each.year == year), None)

    def with_year(self, year: int, source: str, days: list[Told]) -> "Site":
        """With these days for a year, as its next revision; the same one when nothing differs."""
        known = self.year(year)
        ordered = tuple(sorted(days, key=lambda day: day["date"]))
        if known and (known.source, known.days) == (source, ordered):
            return self
        new = CalendarYear(year=year, revision=known.revision + 1 if known else 1, source=source, days=ordered)
        years = sorted([*(each for each in self.years if each.year != year), new], key=lambda each: each.year)
        return replace(self, years=tuple(years), version=self.version + 1)

    def fact(self) -> SiteChanged:
        days = [day for year in self.years for day in year.days]
        known = [year.year for year in self.years]
        return SiteChanged(version=self.version, site=self.site, names=self.names, days=days, known_years=known)


def differences(before: CalendarYear | None, days: list[Told]) -> list[dict[str, Any]]:
    """What other days would change, by date: {date, before, after}, each {kind, names} or none."""
    here = {day["date"]: content(day) for day in (before.days if before else ())}
    there = {day["date"]: content(day) for day in days}
    return [
        {"date": day, "before": here.get(day), "after": there.get(day)}
        for day in sorted(here.keys() | there.keys()) if here.get(day) != there.get(day)
    ]


def content(day: Told) -> Told:
    return {"kind": day["kind"], "names": day["names"]}


def wrong_in_days(year: int, days: list[Told]) -> dict[str, list[str]]:
    """What is wrong with well-formed days; words: not_a_date, not_in_the_year, duplicate, required."""
    wrong: dict[str, list[str]] = {}
    seen: set[str] = set()
    for number, day in enumerate(days):
        name = f"days.{number}.date"
        if not is_date(day["date"]):
            wrong[name] = ["not_a_date"]
        elif int(day["date"][:4]) != year:
            wrong[name] = ["not_in_the_year"]
        elif day["date"] in seen:
            wrong[name] = ["duplicate"]
        seen.add(day["date"])
        wrong |= wrong_in_languages(f"days.{number}.names", day["names"])
    return wrong
