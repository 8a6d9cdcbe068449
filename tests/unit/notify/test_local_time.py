"""Times in messages read as people of the base say them."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notify.domain import local_time

MORNING = datetime(2026, 3, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "language", "expected"),
    [
        (3, "zh-Hans", "2026年3月5日（周四）09:00–12:00"),
        (3, "en", "Thu 5 Mar 2026, 09:00–12:00"),
        (24, "zh-Hans", "2026年3月5日（周四）09:00 – 2026年3月6日（周五）09:00"),
        (15, "en", "Thu 5 Mar 2026, 09:00 – Fri 6 Mar 2026, 00:00"),
    ],
)
def test_both_dates_are_there_when_it_crosses_midnight_in_beijing(hours, language, expected):
    assert local_time.span(MORNING, MORNING + timedelta(hours=hours), language) == expected
