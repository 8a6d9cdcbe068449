"""When a whole channel rests."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from services.notify.domain.outcomes import CHANNEL_IS_DOWN, RATE_PAUSE, Kind, Outcome
from services.notify.domain.pauses import next_midnight, pause_after
from tests.unit.notify.situations import NOW

FULL = Outcome(kind=Kind.RATE, code="45009", pause=RATE_PAUSE)


def test_an_answer_about_one_message_lets_no_channel_rest():
    assert pause_after("wechat", Outcome(kind=Kind.RECIPIENT), NOW, 1, full_again=False) is None


def test_a_server_that_is_away_gets_ten_seconds():
    down = Outcome(kind=Kind.TRANSIENT, pause=CHANNEL_IS_DOWN)
    assert pause_after("email", down, NOW, 1, full_again=True).until == NOW + CHANNEL_IS_DOWN


def test_a_full_channel_rests_for_a_minute_and_if_it_is_still_full_until_midnight_in_beijing():
    first = pause_after("wechat", FULL, NOW, 1, full_again=False)
    assert (first.until, first.kind, first.reason) == (NOW + RATE_PAUSE, Kind.RATE, "rate 45009")
    again = pause_after("wechat", FULL, NOW, 1, full_again=True)
    assert again.until == datetime(2026, 3, 4, 16, tzinfo=UTC), "NOW is 09:00 in Beijing"


def test_the_scale_divides_a_rest():
    assert pause_after("wechat", FULL, NOW, 60, full_again=False).until == NOW + timedelta(seconds=1)


@given(some.integers(0, 4 * 365 * 86400))
def test_midnight_is_always_ahead_and_never_more_than_a_day(seconds):
    now = NOW + timedelta(seconds=seconds)
    midnight = next_midnight(now)
    assert timedelta(0) < midnight - now <= timedelta(days=1)
    assert midnight.astimezone(UTC).hour == 16
