"""What a person has chosen, and what counts where they have chosen nothing."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.preferences import CHANNELS, Preferences, default, minute_of
from services.notify.domain.steps import Category
from tests.unit.notify.situations import person

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC")
instants = st.integers(0, 700 * 24 * 60).map(lambda count: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=count))
minutes = st.integers(0, 1439)


def at(hour, minute=0):
    return datetime(2026, 3, 4, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (at(21, 59), None),
        (at(22), at(7) + timedelta(days=1)),
        (at(23, 59), at(7) + timedelta(days=1)),
        (at(0), at(7)),
        (at(6, 59), at(7)),
        (at(7), None),
    ],
)
def test_quiet_hours_cross_midnight_and_end_on_time(now, ends):
    assert Preferences(quiet_from=22 * 60, quiet_until=7 * 60).quiet_ends(now) == ends


def test_quiet_hours_are_those_of_the_persons_zone():
    berlin = Preferences(quiet_from=22 * 60, quiet_until=7 * 60, timezone="Europe/Berlin")
    assert berlin.quiet_ends(at(4)) is None, "there it is nine in the evening"
    assert berlin.quiet_ends(at(6)) == at(14)


@given(instants, minutes, minutes, st.sampled_from(ZONES))
def test_quiet_hours_end_soon_and_it_is_not_quiet_then(now, start, end, zone):
    chosen = Preferences(quiet_from=start, quiet_until=end, timezone=zone)
    ends = chosen.quiet_ends(now)
    if ends is not None:
        assert now < ends <= now + timedelta(hours=26), "a day, or a little more when clocks change"
        assert chosen.quiet_ends(ends) is None


@given(instants, minutes, st.integers(1, 7), st.sampled_from(["daily", "weekly"]), st.sampled_from(ZONES))
def test_a_digest_comes_at_its_time(now, minute, weekday, every, zone):
    chosen = Preferences(digest=every, digest_at=minute, digest_weekday=weekday, timezone=zone)
    found = chosen.next_digest(now)
    assert now < found <= now + timedelta(days=7 if every == "weekly" else 1, hours=2)
    local = found.astimezone(ZoneInfo(zone))
    assert minute_of(local) in (minute, (minute + 60) % 1440), "an hour later where the clocks skip it"
    assert every == "daily" or local.isoweekday() == weekday


@pytest.mark.parametrize("bound", [{"email"}, {"email", "wechat"}, {"wechat"}, {"email", "wecom", "wechat"}])
@pytest.mark.parametrize("category", Category)
def test_by_default_nothing_is_lost_and_what_is_light_comes_once(category, bound):
    told = {channel for channel in bound if default(category, channel, frozenset(bound))}
    assert told
    if category in (Category.REMINDERS, Category.REPORTS) and "wecom" not in bound:
        assert len(told) == 1


@given(st.sampled_from(sorted(Category)), st.sampled_from(CHANNELS), st.booleans())
def test_a_choice_counts_unless_it_is_about_what_is_urgent(category, channel, wish):
    chosen = Preferences(switches={category: {channel: wish}})
    assert chosen.wants(Category(category), channel, frozenset(CHANNELS)) == (wish or category == Category.URGENT)


def test_what_is_switched_off_everywhere_reaches_nobody():
    off = Preferences(switches={"reminders": dict.fromkeys(CHANNELS, False)})
    assert person("lead01", preferences=off).wanted(Category.REMINDERS) == {}
    assert set(person("lead01", preferences=off).wanted(Category.CHANGES)) == {"email", "wechat"}
