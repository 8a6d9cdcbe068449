"""The public holidays of China with their make-up working days, from the kept library.

The State Council publishes them each autumn for the year to come; until a release of the
library knows a year, it has to be entered by hand.
"""

from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from typing import Any

import chinese_calendar

SOURCE = f"chinesecalendar {version('chinesecalendar')}"
ENGLISH = {holiday.value: holiday for holiday in chinese_calendar.Holiday}
MAKE_UP = {"zh-Hans": "{}调休上班", "en": "Make-up working day ({})"}


def published(year: int) -> list[dict[str, Any]] | None:
    """The days of a year that do not follow the week, in order; None for a year that the library does not know."""
    days = [
        *found(year, "holiday", chinese_calendar.holidays, {"zh-Hans": "{}", "en": "{}"}),
        *found(year, "working_day", chinese_calendar.workdays, MAKE_UP),
    ]
    return sorted(days, key=lambda day: day["date"]) or None


def found(year: int, kind: str, days: Mapping[date, str], words: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"date": day.isoformat(), "kind": kind, "names": named(words, ENGLISH[name])}
        for day, name in days.items() if day.year == year
    ]


def named(words: dict[str, str], holiday: Any) -> dict[str, str]:
    return {"zh-Hans": words["zh-Hans"].format(holiday.chinese), "en": words["en"].format(holiday.value)}
