"""Opening hours: what is accepted is a sound week, and every sound week is accepted."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.facilities.domain import opening_hours

CLOSED = [[] for _ in range(7)]


def words(day):
    return opening_hours.wrong_in([day, *CLOSED[1:]]).get("opening_hours.0", [])


@st.composite
def sound_days(draw):
    """Any number of pairs, in order and without overlaps; they may touch."""
    minutes = sorted(draw(st.sets(st.integers(0, 1440), max_size=12)))
    touching = draw(st.booleans())
    pairs = [list(pair) for pair in pairwise(minutes)]
    return pairs if touching else pairs[::2]


any_pairs = st.lists(st.lists(st.integers(-10, 1500), max_size=3), max_size=4)


@given(st.lists(sound_days(), min_size=7, max_size=7))
def test_every_sound_week_is_accepted(week):
    assert opening_hours.wrong_in(week) == {}


@given(any_pairs)
def test_what_is_accepted_opens_each_minute_at_most_once(day):
    if words(day):
        return
    minutes = [minute for opens, closes in day for minute in range(opens, closes)]
    assert minutes == sorted(set(minutes))
    assert all(0 <= minute < 1440 for minute in minutes)
    assert all(opens < closes for opens, closes in day)


@given(sound_days(), st.integers(0, 1438))
def test_a_day_with_one_minute_twice_is_refused(day, minute):
    assert words(sorted([*day, [minute, minute + 2], [minute + 1, minute + 2]])) == ["overlapping"]


@given(sound_days().filter(lambda day: len(day) > 1))
def test_the_order_matters(day):
    assert words(day[::-1]) == ["overlapping"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ([], []),
        ([[0, 1440]], []),
        ([[480, 720], [720, 1080]], []),
        ([[480, 721], [720, 1080]], ["overlapping"]),
        ([[480, 480]], ["ends_before_start"]),
        ([[720, 480]], ["ends_before_start"]),
        ([[0, 1441]], ["out_of_range"]),
        ([[-1, 60]], ["out_of_range"]),
        ([[480]], ["malformed"]),
        ([[480, 720, 900]], ["malformed"]),
        ([[900, 1500], [1000, 990]], ["ends_before_start", "out_of_range", "overlapping"]),
    ],
)
def test_a_day_is_judged(day, expected):
    assert words(day) == expected


@pytest.mark.parametrize("week", [[], CLOSED[:6], [*CLOSED, []]])
def test_a_week_has_seven_days(week):
    assert opening_hours.wrong_in(week) == {"opening_hours": ["not_seven_days"]}


def test_each_wrong_day_is_told():
    week = [[[480, 720]], [[720, 480]], *CLOSED[2:6], [[0, 2000]]]
    assert set(opening_hours.wrong_in(week)) == {"opening_hours.1", "opening_hours.6"}
