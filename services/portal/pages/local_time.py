"""Times as people read them: the base's zone, 24 hours, the page's language."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date
from flask_babel import get_locale, gettext, ngettext

from services.portal.pages.timeline import ZONE, week_of

ELASTIC = (30, 60, 120, 240, 480, 720, 1440, 2880, 4320, 7200, 10080, 20160, 43200, 86400)
"""By how many minutes a run may be said to end later."""

THIN_DASH = "–"


def now() -> datetime:
    """The present; the only clock of the pages."""
    return datetime.now(UTC)


def today() -> date:
    return now().astimezone(ZONE).date()


@lru_cache(maxsize=8192)
def instant(text: str) -> datetime:
    """An instant of a service's answer. A board reads the same thousands of them several times."""
    return datetime.fromisoformat(text)


def local_day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def day_of(text: str) -> date:
    """A local date of a service's answer."""
    return date.fromisoformat(text)


week_start = week_of


def plus_days(day: date, number: int) -> date:
    return day + timedelta(days=number)


def is_chinese() -> bool:
    return get_locale().language == "zh"


def formatted(day: date, chinese: str, english: str) -> str:
    return written(day, chinese, "zh_Hans_CN") if is_chinese() else written(day, english, "en")


@lru_cache(maxsize=4096)
def written(day: date, pattern: str, locale: str) -> str:
    """A board writes a few days hundreds of times, and Babel reads the pattern each time."""
    return format_date(day, pattern, locale=locale)


def day_words(day: date) -> str:
    """11月26日 周四 / Thu 26 Nov; with the year when it is not this one."""
    if day.year != today().year:
        return formatted(day, "y年M月d日 EEE", "EEE d MMM y")
    return formatted(day, "M月d日 EEE", "EEE d MMM")


def short_day(day: date) -> str:
    """The head of a board column: 11/23 周一 / Mon 23 Nov."""
    return formatted(day, "M/d EEE", "EEE d MMM")


def weekday_words(day: date) -> str:
    return formatted(day, "EEE", "EEE")


def through_words(until: datetime) -> str:
    """The last day of something that ends at an instant, with its year."""
    return formatted((until - timedelta(microseconds=1)).astimezone(ZONE).date(), "y年M月d日", "d MMM y")


def agenda_words(day: date) -> str:
    """What stands under the day's number: 11月 周二 / Tue, Nov."""
    return formatted(day, "M月 EEE", "EEE, MMM")


def range_words(first: date, last: date) -> str:
    """The title of a board: 2026年11月23日 – 11月29日 / 23 Nov – 29 Nov 2026."""
    if first == last:
        return formatted(first, "y年M月d日 EEEE", "EEEE d MMMM y")
    if is_chinese():
        end = "y年M月d日" if first.year != last.year else "M月d日"
        return f"{formatted(first, 'y年M月d日', '')} {THIN_DASH} {formatted(last, end, '')}"
    start = "d MMM y" if first.year != last.year else "d MMM" if first.month != last.month else "d"
    return f"{formatted(first, '', start)} {THIN_DASH} {formatted(last, '', 'd MMM y')}"


def local_text(moment: datetime) -> str:
    """An instant as forms and addresses carry it: local, without a zone."""
    return moment.astimezone(ZONE).isoformat()[:16]


def clock_words(moment: datetime) -> str:
    return moment.astimezone(ZONE).isoformat()[11:16]


def last_day(starts_at: datetime, ends_at: datetime) -> tuple[date, str]:
    """The local day and clock of an end; midnight belongs to the day before as 24:00."""
    local = ends_at.astimezone(ZONE)
    if (local.hour, local.minute) == (0, 0) and ends_at > starts_at:
        return local.date() - timedelta(days=1), "24:00"
    return local.date(), f"{local:%H:%M}"


def hours_words(starts_at: datetime, ends_at: datetime) -> str:
    """13:30–18:30, or with days when the end is on another one."""
    first = starts_at.astimezone(ZONE).date()
    last, end = last_day(starts_at, ends_at)
    if first == last:
        return f"{clock_words(starts_at)}{THIN_DASH}{end}"
    return f"{day_words(first)} {clock_words(starts_at)} {THIN_DASH} {day_words(last)} {end}"


def span_words(starts_at: datetime, ends_at: datetime) -> str:
    """11月26日 周四 13:30–18:30; both dates when it ends on another day."""
    first = starts_at.astimezone(ZONE).date()
    if last_day(starts_at, ends_at)[0] != first:
        return hours_words(starts_at, ends_at)
    return f"{day_words(first)} {hours_words(starts_at, ends_at)}"


def moment_words(moment: datetime) -> str:
    return f"{day_words(moment.astimezone(ZONE).date())} {clock_words(moment)}"


def length_words(minutes: int) -> str:
    """2 小时 / 2 h; the two largest parts."""
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(num)d day", "%(num)d days", days))
    if hours:
        parts.append(gettext("%(number)d h", number=hours))
    if left and not days:
        parts.append(gettext("%(number)d min", number=left))
    return " ".join(parts) or gettext("%(number)d min", number=0)


def hour_words(minutes: int) -> str:
    """Whole hours as hours: 48 h rather than 2 days."""
    if minutes % 60 or minutes < 60:
        return length_words(minutes)
    return gettext("%(number)d h", number=minutes // 60)


def end_words(former: datetime, end: datetime) -> str:
    """A later end: the clock alone while it is on the same day."""
    same = former.astimezone(ZONE).date() == end.astimezone(ZONE).date()
    return clock_words(end) if same else moment_words(end)


def later(moment: datetime, minutes: int) -> datetime:
    return moment + timedelta(minutes=minutes)


def minutes_between(starts_at: datetime, ends_at: datetime) -> int:
    return max(0, int((ends_at - starts_at).total_seconds()) // 60)


def between(starts_at: datetime, ends_at: datetime) -> str:
    return length_words(int((ends_at - starts_at).total_seconds()) // 60)
