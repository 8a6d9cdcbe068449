"""What seems free: open time without the time when all units are held."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.portal.pages.free_time import Taken, closed_spans, free_spans, full_spans, open_spans, proposal, without
from services.portal.pages.timeline import at

DAY = date(2026, 11, 26)
NINE_TO_SIX = [[[540, 1080]]] * 7
EARLY = at(DAY, 0)


def facility(units: int = 1, **more) -> dict:
    return {
        "opening_hours": NINE_TO_SIX,
        "units": [{"code": f"U{number}"} for number in range(units)],
        "notice_minutes": 0,
        "granularity_minutes": 30,
        "shortest_minutes": 30,
        "longest_minutes": 720,
        **more,
    }


def taken(unit: str, start: int, end: int) -> Taken:
    return Taken(unit, at(DAY, start * 60), at(DAY, end * 60))


def test_around_the_clock_is_one_span_over_days():
    days = [DAY, DAY + timedelta(days=1)]
    assert open_spans({"opening_hours": [[[0, 1440]]] * 7}, days) == [(at(DAY, 0), at(days[1], 1440))]


def test_closed_is_what_is_not_open():
    closed = [(at(DAY, 0), at(DAY, 540)), (at(DAY, 1080), at(DAY, 1440))]
    assert closed_spans({"opening_hours": NINE_TO_SIX}, [DAY]) == closed


def test_a_day_with_hours_of_its_own_does_not_follow_the_week():
    special = {"special_days": [{"date": DAY.isoformat(), "hours": [[600, 720]], "kind": "exception", "names": {}}]}
    assert open_spans(facility() | special, [DAY]) == [(at(DAY, 600), at(DAY, 720))]


def test_what_takes_the_whole_facility_takes_all_units():
    found = free_spans(facility(2), [Taken(None, at(DAY, 600), at(DAY, 720))], [DAY], EARLY)
    assert found == [(at(DAY, 540), at(DAY, 600)), (at(DAY, 720), at(DAY, 1080))]


def test_one_unit_is_full_when_it_is_held():
    assert full_spans([taken("U0", 10, 12), taken("U0", 12, 13)], 1) == [(at(DAY, 600), at(DAY, 780))]


def test_two_units_are_full_only_while_both_are_held():
    assert full_spans([taken("U0", 10, 14), taken("U1", 12, 16)], 2) == [(at(DAY, 720), at(DAY, 840))]


def test_overlapping_bars_of_one_unit_do_not_count_twice():
    assert full_spans([taken("U0", 10, 14), taken("U0", 12, 16)], 2) == []


def test_free_time_begins_on_the_grid_and_not_in_the_past():
    found = free_spans(facility(), [], [DAY], at(DAY, 610))
    assert found == [(at(DAY, 630), at(DAY, 1080))]


def test_notice_moves_the_beginning():
    found = free_spans(facility(notice_minutes=120), [], [DAY], at(DAY, 600))
    assert found[0][0] == at(DAY, 720)


def test_a_gap_shorter_than_the_shortest_is_not_offered():
    found = free_spans(facility(shortest_minutes=120), [taken("U0", 10, 18)], [DAY], EARLY)
    assert found == []


def test_between_two_reservations_one_is_cleared_down_and_the_next_set_up():
    found = free_spans(facility(setup_minutes=30, cleardown_minutes=60), [taken("U0", 12, 14)], [DAY], EARLY)
    assert found == [(at(DAY, 540), at(DAY, 630)), (at(DAY, 930), at(DAY, 1080))]


def test_two_hours_are_proposed_or_what_the_rules_allow():
    span = (at(DAY, 540), at(DAY, 1080))
    assert proposal(facility(), span)[1] == at(DAY, 660)
    assert proposal(facility(shortest_minutes=240), span)[1] == at(DAY, 780)
    assert proposal(facility(), (at(DAY, 540), at(DAY, 600)))[1] == at(DAY, 600)


hours = st.lists(st.tuples(st.sampled_from(["U0", "U1"]), st.integers(0, 22), st.integers(1, 2)), max_size=12)


@given(hours)
def test_free_time_is_open_and_never_full(stretches):
    held = [taken(unit, start, start + length) for unit, start, length in stretches]
    for start, end in free_spans(facility(2), held, [DAY], EARLY):
        assert at(DAY, 540) <= start < end <= at(DAY, 1080)
        moment = start
        while moment < end:
            assert len({each.unit for each in held if each.starts_at <= moment < each.ends_at}) < 2
            moment += timedelta(minutes=30)


@given(hours)
def test_what_is_left_and_what_is_removed_do_not_meet(stretches):
    removed = full_spans([taken(unit, start, start + length) for unit, start, length in stretches], 1)
    for start, end in without([(at(DAY, 0), at(DAY, 1440))], removed):
        assert all(end <= gone_from or start >= gone_to for gone_from, gone_to in removed)
