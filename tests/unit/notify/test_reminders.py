"""When a reservation is reminded of, and when a message goes out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts import events
from services.notify.domain.outcomes import State
from services.notify.domain.preferences import Preferences
from services.notify.domain.reminders import BUSY, needless, quiet_minute, reminders_of
from services.notify.domain.steps import HOLDING, Category, holding
from services.notify.domain.timing import timing
from tests.unit.notify import situations
from tests.unit.notify.situations import NOW

on_the_grid = st.integers(0, 5000).map(lambda count: NOW + timedelta(minutes=15 * count))
keys = st.text(min_size=1, max_size=50)


@given(on_the_grid, keys)
def test_a_reminder_avoids_the_busy_minutes_and_is_always_the_same(instant, key):
    found = quiet_minute(instant, key)
    assert timedelta(minutes=1) <= instant - found <= timedelta(minutes=5)
    assert found.minute not in BUSY
    assert found == quiet_minute(instant, key)


def test_reminders_are_spread():
    assert len({quiet_minute(NOW, str(number)) for number in range(50)}) >= 4


@given(on_the_grid, st.integers(1, 200), on_the_grid, st.sampled_from(["requested", "approved", "in_use", "finished"]))
def test_only_what_is_to_come_is_reminded_of(starts_at, quarters, now, state):
    event = situations.step(
        events.ReservationEvent, state, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=15 * quarters)
    )
    found = reminders_of(event, now)
    assert all(now < each.due_at < each.stale_at for each in found)
    assert {each.kind for each in found} <= {
        "approved": {"starts_soon", "check_in_open", "ends_soon"},
        "in_use": {"ends_soon"},
    }.get(state, set())


def test_a_reservation_of_today_is_reminded_of_an_hour_before():
    event = replace(situations.standing(), starts_at=NOW + timedelta(hours=5), ends_at=NOW + timedelta(hours=7))
    first = reminders_of(event, NOW)[0]
    assert timedelta(hours=1) < event.starts_at - first.due_at <= timedelta(hours=1, minutes=5)


@given(st.sampled_from([60.0, 3600.0]))
def test_the_time_scale_divides_the_notice(time_scale):
    event = replace(situations.standing(), starts_at=NOW + timedelta(days=2), ends_at=NOW + timedelta(days=3))
    first = reminders_of(event, NOW, time_scale)[0]
    assert event.starts_at - first.due_at <= timedelta(days=1, minutes=5) / time_scale


def test_the_same_time_is_told_once_and_another_anew():
    event = replace(situations.standing(), starts_at=NOW + timedelta(days=2), ends_at=NOW + timedelta(days=3))
    later = replace(event, starts_at=event.starts_at + timedelta(hours=1))
    [first, again, anew] = [reminders_of(each, NOW)[0].event_id for each in (event, event, later)]
    assert first == again != anew


def test_who_is_there_anyway_is_reminded_of_nothing():
    assert needless("ends_soon", goes_on=True, went_on=False)
    assert needless("starts_soon", goes_on=False, went_on=True)
    assert not needless("ends_soon", goes_on=False, went_on=True)


def test_only_moves_of_what_is_not_near_are_held():
    move = situations.moved().event
    assert holding(move, NOW) == HOLDING
    assert not holding(replace(move, former_starts_at=NOW + timedelta(hours=1)), NOW)
    assert not holding(situations.cancelled().event, NOW)


QUIET = Preferences(quiet_from=0, quiet_until=23 * 60)
DIGEST = Preferences(digest="daily", digest_at=8 * 60)


def test_a_message_goes_out_at_once_unless_something_is_chosen():
    assert timing(Category.DECISIONS, Preferences(), NOW) == (State.PENDING, NOW)


@given(st.sampled_from(sorted(Category)), st.booleans())
def test_urgent_messages_wait_for_nothing(category, changes_calendar):
    for chosen in (QUIET, DIGEST, replace(QUIET, digest="weekly")):
        state, due_at = timing(Category(category), chosen, NOW, changes_calendar=changes_calendar)
        if category == Category.URGENT:
            assert (state, due_at) == (State.PENDING, NOW)
        else:
            assert due_at >= NOW


def test_what_changes_the_calendar_waits_for_no_digest():
    assert timing(Category.CHANGES, DIGEST, NOW)[0] is State.HELD
    assert timing(Category.CHANGES, DIGEST, NOW, changes_calendar=True) == (State.PENDING, NOW)


@pytest.mark.parametrize("expires_in", [timedelta(hours=1), timedelta(days=3)])
def test_what_would_be_stale_after_the_quiet_hours_comes_before(expires_in):
    _, due_at = timing(Category.REMINDERS, QUIET, NOW, expires_at=NOW + expires_in)
    assert (due_at == NOW) == (expires_in < timedelta(days=1))
    assert due_at == NOW or due_at == datetime(2026, 3, 4, 15, tzinfo=UTC)
