"""Where old and new places stand on the strips of a plan."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.pages import replan_strips
from services.portal.pages.timeline import Place, Window

DAY = datetime(2026, 3, 5, tzinfo=UTC).date()


def place(day, hour, days=0):
    first = datetime(2026, 3, day, hour, tzinfo=UTC)
    return {"starts_at": first.isoformat(), "ends_at": first.replace(day=day + days, hour=hour + 1).isoformat()}


@pytest.mark.parametrize(("after", "days", "step"), [
    (place(5, 3), 1, 15), (place(9, 3), 7, 15), (place(15, 3), 14, 30), (place(25, 3), 28, 60), (None, 1, 15),
])
def test_the_window_holds_old_and_new_places(after, days, step):
    window = replan_strips.window_around([{"before": place(5, 1), "after": after}])
    assert (window.first_day, window.days, window.step) == (DAY, days, step)


def bars(spans):
    return [{"place": Place(start, span, False, False, False)} for start, span in spans]


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(1, 72)), max_size=9))
def test_no_number_covers_another(spans):
    found = bars(spans)
    window = Window(DAY, 7, 0, 24, 15)
    below = replan_strips.in_lanes(found, window, 0)
    least = window.columns // replan_strips.ROOM
    for number, one in enumerate(found):
        assert one["lane"] < below
        for other in found[number + 1:]:
            ends = [each["place"].start + max(each["place"].span, least) for each in (one, other)]
            apart = ends[0] <= other["place"].start or ends[1] <= one["place"].start
            assert apart or one["lane"] != other["lane"]


def test_where_nothing_stands_nothing_is_left_free():
    assert replan_strips.in_lanes([], Window(DAY, 1, 0, 24, 15), 3) == 3


def test_what_is_crowded_shares_the_last_lane():
    found = bars([(10, 5)] * 15)
    replan_strips.in_lanes(found, Window(DAY, 1, 0, 24, 15), 0)
    assert {bar["lane"] for bar in found} == set(range(replan_strips.MOST_LANES))
