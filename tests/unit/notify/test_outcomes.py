"""What happens to a delivery after an attempt."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some

from services.notify.domain.outcomes import (
    MOST_TRIES,
    RATE_PAUSE,
    WAITS,
    Kind,
    Outcome,
    State,
    Trial,
    must_not_send,
    next_step,
)
from tests.unit.notify.situations import NOW

WINDOW = timedelta(minutes=9)


def after(kind, number=1, jitter=0.0, time_scale=1.0, recognised=None, in_doubt_since=None, now=NOW):
    trial = Trial(number=number, started_at=now, in_doubt_since=in_doubt_since)
    return next_step(Outcome(kind=kind, code="7"), trial, now, jitter, time_scale, recognised)


def test_eight_tries_last_for_a_day():
    now, dues = NOW, []
    for number in range(1, MOST_TRIES):
        step = after(Kind.TRANSIENT, number, now=now)
        assert step.state is State.RETRY
        now = step.due_at
        dues.append(now)
    assert len(dues) == 7
    assert now - NOW >= timedelta(hours=24)
    last = after(Kind.TRANSIENT, MOST_TRIES, now=now)
    assert (last.state, last.due_at, last.reason) == (State.DEAD, None, "transient 7")


@given(some.floats(0, 1), some.integers(1, MOST_TRIES - 1), some.sampled_from([1.0, 60.0]))
def test_jitter_only_lengthens_a_wait_and_the_scale_divides_it(jitter, number, time_scale):
    wait = after(Kind.TRANSIENT, number, jitter, time_scale).due_at - NOW
    assert WAITS[number - 1] / time_scale <= wait <= WAITS[number - 1] * 1.2 / time_scale + timedelta(microseconds=1)


def test_what_cannot_get_better_is_dead_at_once():
    for kind in (Kind.RECIPIENT, Kind.OUR_BUG, Kind.UNCLASSIFIED):
        assert after(kind).state is State.DEAD


def test_a_full_channel_uses_up_no_try():
    step = after(Kind.RATE, MOST_TRIES)
    assert (step.state, step.counts, step.due_at) == (State.RETRY, False, NOW + RATE_PAUSE)


def test_unknown_stays_in_doubt_whatever_comes_next():
    first = after(Kind.UNKNOWN)
    assert (first.state, first.in_doubt_since) == (State.UNKNOWN, NOW)
    second = after(Kind.TRANSIENT, 2, in_doubt_since=NOW, now=first.due_at)
    assert (second.state, second.in_doubt_since) == (State.UNKNOWN, NOW)


def test_a_delivery_in_doubt_is_not_repeated_when_the_provider_has_forgotten_it():
    states, now, in_doubt_since = [], NOW, None
    for number in range(1, 9):
        step = after(Kind.UNKNOWN, number, recognised=WINDOW, in_doubt_since=in_doubt_since, now=now)
        states.append(step.state)
        if step.state is State.DEAD:
            break
        now, in_doubt_since = step.due_at, step.in_doubt_since
        assert now < NOW + WINDOW
    assert states == [State.UNKNOWN, State.UNKNOWN, State.DEAD]
    assert step.reason.startswith("in doubt")


def test_a_try_after_that_or_beyond_the_last_is_not_made():
    late = Trial(number=2, started_at=NOW, in_doubt_since=NOW - WINDOW)
    assert must_not_send(late, NOW, WINDOW)
    assert not must_not_send(late, NOW, None)
    assert must_not_send(Trial(number=MOST_TRIES + 1, started_at=NOW), NOW, None)


def test_accepted_is_accepted():
    assert after(Kind.ACCEPTED, 3).state is State.ACCEPTED
