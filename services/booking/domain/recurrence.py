"""On which local dates something repeats: the part of RFC 5545's recurrence rules that people use.

    FREQ=DAILY;INTERVAL=2;COUNT=10           every second day, ten times
    FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20270131   Mondays and Wednesdays, the last on 31 January at the latest
    FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=6       the last day of each month
    FREQ=MONTHLY;BYDAY=2TU;COUNT=6           the second Tuesday of each month

A rule must end: COUNT or UNTIL, not both. Everything else is refused with a word for it. A month
that lacks the day is left out, as RFC 5545 has it. Clock times are no matter of the rule (series.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday

MOST_DATES = 200
REACH = timedelta(days=3 * 366)
"""How far from its first date a rule is followed."""

FREQUENCIES = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY}
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "WKST"}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")


class WrongRule(ValueError):
    """The rule is not one that can be followed; the argument is a word for why."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``days`` are pairs of a place in the month (0: every one, -1: the last) and a weekday (0: Monday)."""

    frequency: str
    interval: int = 1
    days: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    count: int | None = None
    until: date | None = None

    def __str__(self) -> str:
        parts = [f"FREQ={self.frequency}", f"INTERVAL={self.interval}" if self.interval > 1 else ""]
        parts += [f"BYDAY={','.join(f'{place or str()}{WEEKDAYS[day]}' for place, day in self.days)}" * bool(self.days)]
        parts += [f"BYMONTHDAY={','.join(map(str, self.month_days))}" * bool(self.month_days)]
        parts += [f"COUNT={self.count}" if self.count else f"UNTIL={self.until:%Y%m%d}"]
        return ";".join(part for part in parts if part)

    def dates(self, first: date) -> list[date]:
        """Its dates from ``first`` on. Raises WrongRule when there are none, too many, or they lie too far away."""
        found = list(islice(self.unending(first), (self.count or MOST_DATES + 1)))
        found = [day for day in found if self.until is None or day <= self.until]
        if not found:
            raise WrongRule("rule_without_dates")
        if len(found) > MOST_DATES:
            raise WrongRule("rule_too_long")
        if len(found) < (self.count or 0) or (self.until or first) > first + REACH:
            raise WrongRule("rule_too_far")
        return found

    def unending(self, first: date) -> Iterator[date]:
        """Its dates without regard to its own end, as far as rules are followed."""
        found = rrule(
            FREQUENCIES[self.frequency], dtstart=datetime.combine(first, time()), interval=self.interval,
            until=datetime.combine(first + REACH, time()), bymonthday=self.month_days or None,
            byweekday=[weekday(day, place or None) for place, day in self.days] or None,
        )
        return (instant.date() for instant in found)

    def longer(self, first: date, more: int) -> "Rule":
        """The same rule with so many dates more. Raises WrongRule."""
        known = self.dates(first)
        if len(known) + more > MOST_DATES:
            raise WrongRule("rule_too_long")
        if self.count:
            return replace(self, count=self.count + more)
        further = list(islice(self.unending(first), len(known), len(known) + more))
        if len(further) < more:
            raise WrongRule("rule_too_far")
        return replace(self, until=further[-1])


def rule_of(text: str, zone: ZoneInfo, clock: time) -> Rule:
    """The rule that a text says. Raises WrongRule.

    An UNTIL with a time of day is an instant (UTC): the date on which the last start, at ``clock`` in
    ``zone``, is not after it.
    """
    parts = parts_of(text)
    frequency = parts["FREQ"]
    if frequency not in FREQUENCIES:
        raise WrongRule("rule_frequency")
    if parts.get("WKST", "MO") != "MO":
        raise WrongRule("rule_part_unknown")
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise WrongRule("rule_both_ends" if "COUNT" in parts else "rule_endless")
    days = tuple(day_of(each) for each in parts["BYDAY"].split(",")) if "BYDAY" in parts else ()
    month_days = tuple(month_day_of(each) for each in parts.get("BYMONTHDAY", "").split(",") if each)
    of_a_month = month_days or any(place for place, _day in days)
    if (frequency != "MONTHLY" and of_a_month) or (month_days and days):
        raise WrongRule("rule_part_unknown")
    return Rule(
        frequency=frequency, interval=number_in(parts.get("INTERVAL", "1"), 99), days=days, month_days=month_days,
        count=number_in(parts["COUNT"], MOST_DATES, "rule_too_long") if "COUNT" in parts else None,
        until=until_of(parts["UNTIL"], zone, clock) if "UNTIL" in parts else None,
    )


def parts_of(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";")]
    names = [name for name, _, _ in pairs]
    if not all(name and value for name, _, value in pairs) or len(set(names)) < len(names) or "FREQ" not in names:
        raise WrongRule("rule_malformed")
    if set(names) - PARTS:
        raise WrongRule("rule_part_unknown")
    return {name: value for name, _, value in pairs}


def number_in(text: str, most: int, too_large: str = "rule_malformed") -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        raise WrongRule("rule_malformed")
    if int(text) > most:
        raise WrongRule(too_large)
    return int(text)


def day_of(text: str) -> tuple[int, int]:
    found = DAY.fullmatch(text)
    if not found:
        raise WrongRule("rule_malformed")
    return int(found[1] or 0), WEEKDAYS.index(found[2])


def month_day_of(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,2}", text) or not 1 <= abs(int(text)) <= 31:
        raise WrongRule("rule_malformed")
    return int(text)


def until_of(text: str, zone: ZoneInfo, clock: time) -> date:
    try:
        if len(text) == 8 and text.isdecimal():
            return date.fromisoformat(text)
        local = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(zone)
        return local.date() if local.time() >= clock else local.date() - timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise WrongRule("rule_malformed") from error
