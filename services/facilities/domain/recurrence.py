"""Maintenance that repeats, by an RFC 5545 rule in the local time of the base.

Of the rules only what a calendar form offers is taken: a rule that no date ever meets would be
searched for until the year 9999.

    FREQ=WEEKLY;BYDAY=MO             every Monday
    FREQ=MONTHLY;BYDAY=1FR           the first Friday of each month
    FREQ=DAILY;INTERVAL=3;COUNT=10   every third day, ten times
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from services.facilities.domain.spans import Span

BASE_ZONE = ZoneInfo("Asia/Shanghai")
SOME = 100
"""So many stretches are looked at to see whether one begins before the former is over."""

DAYS = "(?:MO|TU|WE|TH|FR|SA|SU)"
ORDINAL = f"(?:[1-5]|-[1-5])?{DAYS}"
MONTH_DAY = r"(?:[1-9]|[12]\d|3[01]|-1)"
ALWAYS = {
    "FREQ": "DAILY|WEEKLY|MONTHLY",
    "INTERVAL": r"[1-9]|[1-4]\d|5[0-2]",
    "COUNT": r"[1-9]\d{0,2}",
    "UNTIL": r"\d{8}(?:T\d{6}Z?)?",
    "WKST": DAYS,
}
ALSO = {
    "DAILY": {},
    "WEEKLY": {"BYDAY": f"{DAYS}(?:,{DAYS})*"},
    "MONTHLY": {"BYDAY": f"{ORDINAL}(?:,{ORDINAL})*", "BYMONTHDAY": f"{MONTH_DAY}(?:,{MONTH_DAY})*",
                "BYSETPOS": r"-?[1-4]"},
}


def wrong_in(rule: str, starts_at: datetime, length: timedelta) -> list[str]:
    """Words: malformed, never (no date meets it), overlapping (it begins again before it is over)."""
    parts = parts_of(rule)
    if parts is None:
        return ["malformed"]
    try:
        found = list(islice(starts(rule, starts_at), SOME))
    except ValueError:
        return ["malformed"]
    if not found:
        return ["never"]
    if any(later - earlier < length for earlier, later in pairwise(found)):
        return ["overlapping"]
    return []


def parts_of(rule: str) -> dict[str, str] | None:
    """The parts of a rule, if it is one that is taken here."""
    pairs = [part.split("=", 1) for part in rule.split(";")]
    if any(len(pair) != 2 for pair in pairs) or len({pair[0] for pair in pairs}) < len(pairs):
        return None
    parts = dict(pairs)
    allowed = ALWAYS | ALSO.get(parts.get("FREQ", ""), {})
    if "FREQ" not in parts or any(
        name not in allowed or not re.fullmatch(allowed[name], value) for name, value in parts.items()
    ):
        return None
    if {"BYDAY", "BYMONTHDAY"} <= parts.keys() or ("BYSETPOS" in parts and "BYDAY" not in parts):
        return None
    return parts


def starts(rule: str, first: datetime) -> Iterator[datetime]:
    """When it begins, from ``first`` on, always at the same local time; in UTC. Raises ValueError."""
    local = first.astimezone(BASE_ZONE).replace(tzinfo=None)
    for start in rrulestr(local_rule(rule), dtstart=local):
        yield start.replace(tzinfo=BASE_ZONE).astimezone(UTC)


def local_rule(rule: str) -> str:
    """With the last date as the base reads it: a date alone counts to its end."""
    def local(match: re.Match) -> str:
        text = match[1]
        if len(text) == 8:
            return f"UNTIL={text}T235959"
        if text.endswith("Z"):
            instant = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            return f"UNTIL={instant.astimezone(BASE_ZONE):%Y%m%dT%H%M%S}"
        return match[0]

    return re.sub(r"UNTIL=([^;]+)", local, rule)


def spans_of(rule: str, first: datetime, length: timedelta, after: datetime, until: datetime) -> list[Span]:
    """The stretches that begin in ``[after, until)``."""
    found = []
    for start in starts(rule, first):
        if start >= until:
            break
        if start >= after:
            found.append(Span(start, start + length))
    return found
