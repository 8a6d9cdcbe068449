"""Columns, folds, lanes and the grid, by example and by property."""

import itertools
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.portal.pages.timeline import ZONE, Window, at, lanes, merged, place, snap, snap_span, snap_up, week_of

MONDAY = date(2026, 11, 23)
WEEK = Window(MONDAY, 7, 8, 22, 15)
MONTH = Window(date(2026, 11, 1), 30, 0, 24, 720)

windows = st.sampled_from([WEEK, MONTH, Window(MONDAY, 7, 0, 24, 15), Window(MONDAY, 1, 0, 24, 15)])
FIRST = datetime(2026, 10, 20, tzinfo=UTC)
instants = st.integers(0, 60 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
lengths = st.integers(1, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return at(date(2026, 11, day), hour * 60 + minute)


def test_a_morning_on_monday_stands_at_the_left():
    bar = place(WEEK, local(23, 9), local(23, 11))
    assert (bar.start, bar.span, bar.over_fold) == (4, 8, False)


def test_a_run_over_the_night_joins_both_days_and_is_marked():
    bar = place(WEEK, local(23, 20), local(24, 10))
    assert (bar.start, bar.end, bar.over_fold) == (48, 56 + 8, True)


def test_a_reservation_inside_the_folded_night_keeps_a_narrow_bar():
    bar = place(WEEK, local(24, 0), local(24, 5))
    assert (bar.span, bar.over_fold) == (2, True)


def test_a_night_before_the_last_fold_stays_on_the_board():
    bar = place(WEEK, local(29, 23), local(30, 0))
    assert bar.end == WEEK.columns


def test_a_month_long_run_reaches_over_both_edges():
    bar = place(WEEK, local(10, 0), local(30, 12))
    assert (bar.start, bar.span, bar.continues_before, bar.continues_after) == (0, WEEK.columns, True, True)


def test_what_ends_when_the_window_begins_is_not_shown():
    assert place(WEEK, local(22, 10), local(23, 0)) is None


def test_the_week_begins_on_monday():
    assert week_of(date(2026, 11, 29)) == MONDAY


@given(windows, instants, lengths)
def test_every_bar_lies_on_the_board(window, start, length):
    bar = place(window, start, start + length)
    touches = start < window.ends_at and start + length > window.starts_at
    assert (bar is not None) == touches
    if bar:
        assert bar.span >= 1
        assert bar.start >= 0
        assert bar.end <= window.columns


@given(windows, instants, instants)
def test_later_instants_never_stand_further_left(window, one, other):
    early, late = sorted((one, other))
    assert window.column(early) <= window.column(late)


@given(instants, lengths, lengths)
def test_what_follows_does_not_overlap_when_both_are_wide_enough(start, first, second):
    middle = start + first
    left, right = place(WEEK, start, middle), place(WEEK, middle, middle + second)
    if left and right and WEEK.column(start) < WEEK.column(middle) < WEEK.column(middle + second):
        assert left.end <= right.start


@given(st.lists(st.tuples(instants, lengths), max_size=12))
def test_no_two_bars_of_a_lane_overlap(stretches):
    bars = [bar for start, length in stretches if (bar := place(WEEK, start, start + length))]
    chosen = lanes(bars)
    for lane in set(chosen):
        inside = sorted((bar.start, bar.end) for bar, number in zip(bars, chosen, strict=True) if number == lane)
        assert all(left[1] <= right[0] for left, right in itertools.pairwise(inside))


@given(st.lists(st.tuples(instants, lengths), max_size=12))
def test_lanes_are_no_more_than_bars_that_meet(stretches):
    bars = [bar for start, length in stretches if (bar := place(WEEK, start, start + length))]
    most = max((sum(bar.start <= column < bar.end for bar in bars) for column in range(WEEK.columns)), default=0)
    assert len(set(lanes(bars))) == most


@given(instants, st.sampled_from([5, 15, 30, 60, 120]))
def test_snapping_stays_on_the_local_grid_and_brackets_the_instant(moment, grid):
    low, high = snap(moment, grid), snap_up(moment, grid)
    assert low <= moment <= high
    for edge in (low, high):
        clock = edge.astimezone(ZONE)
        assert (clock.hour * 60 + clock.minute) % grid == 0


@given(instants, lengths, st.sampled_from([15, 30, 60]))
def test_a_snapped_stretch_covers_what_was_wished_and_is_stable(start, length, grid):
    low, high = snap_span(start, start + length, grid)
    assert low <= start
    assert high >= start + length
    assert snap_span(low, high, grid) == (low, high)


@given(st.lists(st.tuples(instants, lengths), max_size=10))
def test_merged_time_has_gaps_between_its_parts(stretches):
    parts = merged((start, start + length) for start, length in stretches)
    assert all(left[1] < right[0] for left, right in itertools.pairwise(parts))
