"""Opening hours and lengths as people say them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext

from services.portal.pages import local_time
from services.portal.pages.words import STAGES
from services.portal.sentences import clock

MONDAY = date(2024, 1, 1)


def opening_words(opening_hours: Sequence[Sequence[Sequence[int]]]) -> list[tuple[str, str]]:
    """Opening hours as lines: weekdays with the same hours together."""
    lines: list[tuple[int, int, Any]] = []
    for number, hours in enumerate(opening_hours):
        if lines and lines[-1][2] == hours:
            lines[-1] = (lines[-1][0], number, hours)
        else:
            lines.append((number, number, hours))
    return [(days_words(first, last), hours_of_day(hours)) for first, last, hours in lines]


def days_words(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return gettext("Every day")
    names = [local_time.weekday_words(MONDAY + timedelta(days=number)) for number in (first, last)]
    return names[0] if first == last else gettext("%(first)s to %(last)s", first=names[0], last=names[1])


def hours_of_day(pairs: Sequence[Sequence[int]]) -> str:
    if not pairs:
        return gettext("closed")
    if [list(pair) for pair in pairs] == [[0, 1440]]:
        return gettext("day and night")
    return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in pairs)


def length(minutes: int) -> str:
    """A length as rules name it: whole days, else hours, so that 1000 h are not 41 days 16 h."""
    if minutes > 1440 and minutes % 1440 and minutes % 60 == 0:
        return gettext("%(number)d h", number=minutes // 60)
    return local_time.length_words(minutes)


def stage_told(stage: dict[str, Any]) -> str:
    """Who approves, and when only: above a length, with a hazard, or either."""
    name, above = str(STAGES[stage["by"]]), stage.get("above_minutes") or 0
    conditions = [
        gettext("above %(length)s", length=length(above)) if above else "",
        gettext("with a hazard") if stage.get("on_hazard") else "",
    ]
    told = [each for each in conditions if each]
    return gettext("%(name)s (%(when)s)", name=name, when=", ".join(told)) if told else name


def stage_words(facility: dict[str, Any]) -> str:
    """The stages in their order."""
    return " → ".join(stage_told(stage) for stage in facility["stages"])


def allocation_told(facility: dict[str, Any]) -> str:
    """How time is given out for which requests are collected."""
    hours = length(facility["allocation_hours"] * 60)
    if facility["allocation"] == "draw":
        return gettext(
            "Requests are collected until %(length)s before the start. Then a draw decides among those who ask for the "
            "same time, each with a chance by fair share; everybody can check it.", length=hours)
    return gettext(
        "Requests are collected until %(length)s before the start. Then the manager chooses among those who ask for "
        "the same time, by class of the project, fair share, deadline and waiting time, or else the ranking does.",
        length=hours)
