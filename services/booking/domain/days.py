"""The local days of the base."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.booking.domain.spans import Span

BASE_ZONE = ZoneInfo("Asia/Shanghai")
"""Where the base stands. Opening hours and the grid are local; China keeps one offset all year."""

DAY = timedelta(days=1)


def midnight_before(instant: datetime) -> datetime:
    """The local midnight with which the local day of ``instant`` begins, in UTC."""
    return datetime.combine(instant.astimezone(BASE_ZONE).date(), time(), BASE_ZONE).astimezone(UTC)


def midnight_of(day: str) -> datetime:
    """The local midnight with which a date such as 2026-11-26 begins, in UTC."""
    return datetime.combine(date.fromisoformat(day), time(), BASE_ZONE).astimezone(UTC)


def midnights(window: Span) -> Iterator[datetime]:
    """The beginning of each local day that ``window`` touches, in UTC."""
    midnight = midnight_before(window.starts_at)
    while midnight < window.ends_at:
        yield midnight
        midnight += DAY
