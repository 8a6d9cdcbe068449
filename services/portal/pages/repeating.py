"""How often something repeats: the form's fields, the rule of RFC 5545 that they mean, and the rule in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import get_day_names
from babel.lists import format_list
from flask_babel import get_locale, gettext, lazy_gettext, ngettext
from werkzeug.datastructures import MultiDict

from services.portal.pages.local_time import day_words, is_chinese
from services.portal.pages.timeline import ZONE

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING_DAYS = list(range(5))
FREQUENCIES = {"daily": lazy_gettext("Daily"), "weekly": lazy_gettext("Weekly"), "monthly": lazy_gettext("Monthly")}
MONTHLY = {
    "day": lazy_gettext("On the same day of the month"),
    "weekday": lazy_gettext("On the same weekday of the month"),
    "last_weekday": lazy_gettext("On the last such weekday of the month"),
    "last_day": lazy_gettext("On the last day of the month"),
}
ENDS = {"count": lazy_gettext("After so many times"), "until": lazy_gettext("On a date")}


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """The fields as typed; ``frequency`` is empty for what happens once."""

    frequency: str = ""
    interval: str = "1"
    days: tuple[int, ...] = ()
    monthly: str = "day"
    ends: str = "count"
    count: str = "8"
    until: str = ""

    def rule(self, first: date) -> str:
        """The rule that begins on ``first``. What cannot be read is left to the service, which says so."""
        parts = [f"FREQ={self.frequency.upper()}"]
        if self.interval.strip() not in ("", "1"):
            parts.append(f"INTERVAL={self.interval.strip()}")
        if self.frequency == "weekly" and self.days:
            parts.append(f"BYDAY={','.join(WEEKDAYS[day] for day in self.days)}")
        if self.frequency == "monthly":
            parts.append(self.in_month(first))
        end = f"UNTIL={self.until.replace('-', '')}" if self.ends == "until" else f"COUNT={self.count.strip()}"
        return ";".join([*parts, end])

    def in_month(self, first: date) -> str:
        place = (first.day - 1) // 7 + 1
        if self.monthly == "last_weekday" or (self.monthly == "weekday" and place == 5):
            return f"BYDAY=-1{WEEKDAYS[first.weekday()]}"
        if self.monthly == "weekday":
            return f"BYDAY={place}{WEEKDAYS[first.weekday()]}"
        return f"BYMONTHDAY={-1 if self.monthly == 'last_day' else first.day}"


def repeated(form: MultiDict[str, str]) -> Repeat:
    """What the form says; a choice that there is not is as good as none."""

    def text(name: str, usual: str) -> str:
        return form.get(f"repeat_{name}", usual).strip()[:20] or usual

    def choice(name: str, choices: Any, usual: str) -> str:
        found = form.get(f"repeat_{name}" if name else "repeat", usual)
        return found if found in choices else usual

    days = {int(each) for each in form.getlist("repeat_day") if each in "0123456" and len(each) == 1}
    return Repeat(
        frequency=choice("", FREQUENCIES, ""), interval=text("interval", "1"), days=tuple(sorted(days)),
        monthly=choice("monthly", MONTHLY, "day"), ends=choice("ends", ENDS, "count"), count=text("count", "8"),
        until=text("until", ""),
    )


def day_names() -> dict[int, str]:
    """Monday first, as on the base's board."""
    return dict(sorted(get_day_names("abbreviated", locale=get_locale()).items()))


def rule_words(rule: str, first: date) -> str:
    """A rule that the service gave, as a sentence: every 2 weeks on Monday and Wednesday, 12 times."""
    parts = dict(part.split("=") for part in rule.split(";"))
    number = int(parts.get("INTERVAL", "1"))
    told = {"DAILY": daily, "WEEKLY": weekly, "MONTHLY": monthly}[parts["FREQ"]](parts, number, first)
    if not parts.keys() & {"COUNT", "UNTIL"}:
        return told
    if "COUNT" in parts:
        end = ngettext("%(num)d time", "%(num)d times", int(parts["COUNT"]))
    else:
        until = date(int(parts["UNTIL"][:4]), int(parts["UNTIL"][4:6]), int(parts["UNTIL"][6:8]))
        end = gettext("up to and including %(day)s", day=day_words(until))
    return gettext("%(rhythm)s, %(end)s", rhythm=told, end=end)


def told(repeat: Repeat, starts_at: datetime | None) -> str:
    """What the form means, in words; nothing while it does not repeat or cannot be read."""
    if not repeat.frequency or starts_at is None:
        return ""
    first = starts_at.astimezone(ZONE).date()
    try:
        return rule_words(repeat.rule(first), first)
    except ValueError:
        return ""


def daily(parts: dict[str, str], number: int, _first: date) -> str:
    days = weekdays_in(parts)
    if days == WORKING_DAYS and number == 1:
        return gettext("Every working day, Monday to Friday")
    every = gettext("Every day") if number == 1 else gettext("Every %(number)d days", number=number)
    return gettext("%(every)s that is a %(days)s", every=every, days=listed(days, "or")) if days else every


def weekly(parts: dict[str, str], number: int, first: date) -> str:
    days = listed(weekdays_in(parts) or [first.weekday()])
    if number == 1:
        return gettext("Every week on %(days)s", days=days)
    return gettext("Every %(number)d weeks on %(days)s", number=number, days=days)


def monthly(parts: dict[str, str], number: int, first: date) -> str:
    if "BYDAY" in parts:
        which = listed_texts([place_words(each) for each in parts["BYDAY"].split(",")])
    else:
        days = [int(each) for each in parts.get("BYMONTHDAY", str(first.day)).split(",")]
        which = listed_texts([month_day_words(day) for day in days])
    if number == 1:
        return gettext("Every month on %(which)s", which=which)
    return gettext("Every %(number)d months on %(which)s", number=number, which=which)


def place_words(text: str) -> str:
    """2TU: the second Tuesday."""
    place, day = int(text[:-2] or 0), listed([WEEKDAYS.index(text[-2:])])
    places = {
        0: gettext("every %(day)s", day=day), 1: gettext("the first %(day)s", day=day),
        2: gettext("the second %(day)s", day=day), 3: gettext("the third %(day)s", day=day),
        4: gettext("the fourth %(day)s", day=day), 5: gettext("the fifth %(day)s", day=day),
        -1: gettext("the last %(day)s", day=day),
    }
    return places.get(place) or gettext("the %(day)s number %(place)d from the end", day=day, place=-place)


def month_day_words(day: int) -> str:
    if day == -1:
        return gettext("the last day")
    if day < 0:
        return gettext("day %(day)d from the end", day=-day)
    if day > 28:
        return gettext("day %(day)d (months without it are left out)", day=day)
    return gettext("day %(day)d", day=day)


def weekdays_in(parts: dict[str, str]) -> list[int]:
    return [WEEKDAYS.index(each[-2:]) for each in parts.get("BYDAY", "").split(",") if each]


def listed(days: Sequence[int], style: str = "standard") -> str:
    names = get_day_names("abbreviated" if is_chinese() else "wide", locale=get_locale())
    return listed_texts([names[day] for day in days], style)


def listed_texts(texts: Sequence[str], style: str = "standard") -> str:
    return format_list(list(texts), style=style, locale=get_locale())
