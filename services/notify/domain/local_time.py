"""Times as people at the base read them: Beijing time, with date and weekday."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = {"zh-Hans": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(instant: datetime, language: str) -> str:
    local = instant.astimezone(SHANGHAI)
    if language == "en":
        return f"{WEEKDAYS['en'][local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"
    return f"{local.year}年{local.month}月{local.day}日（周{WEEKDAYS['zh-Hans'][local.weekday()]}）"


def date_words(text: str, language: str) -> str:
    """A local date, given as 2026-03-05."""
    return day(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI), language)


def clock(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%H:%M}"


def moment(instant: datetime, language: str) -> str:
    gap = ", " if language == "en" else ""
    return f"{day(instant, language)}{gap}{clock(instant)}"


def brief_moment(instant: datetime, language: str) -> str:
    """Without year and weekday, for where there is little room."""
    local = instant.astimezone(SHANGHAI)
    date = f"{local.day} {MONTHS[local.month - 1]}" if language == "en" else f"{local.month}月{local.day}日"
    return f"{date} {clock(instant)}"


def span(starts_at: datetime, ends_at: datetime, language: str) -> str:
    """From and until; the date of the end only when it is another day's."""
    if day(starts_at, language) == day(ends_at, language):
        return f"{moment(starts_at, language)}–{clock(ends_at)}"
    return f"{moment(starts_at, language)} – {moment(ends_at, language)}"


def midnight(instant: datetime) -> datetime:
    """The beginning of the local day."""
    local = instant.astimezone(SHANGHAI)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def day_before(end: datetime) -> datetime:
    """The last day of what ends at a midnight."""
    return end - timedelta(seconds=1)
