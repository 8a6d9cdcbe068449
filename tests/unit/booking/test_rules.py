"""Rules of use: each alone, all together, over midnight and over weeks."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.rules import WAIVABLE_BY, broken_rules
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish
from services.booking.storage.rows import facility_in, snapshot_of
from services.contracts.messaging import encoding
from tests.strategies import MONDAY, QUARTER, any_spans, facilities, spans, wishes
from tests.unit.booking.examples import ALL_DAY, DAY, HOUR, NOW, OFFICE, at, facility_changed, lab_1, on, plat_05


def facility(event=None, **changes):
    return facility_in(encoding.dumps(snapshot_of(event or facility_changed(**changes))).decode())


def broken(span, rules=None, now=NOW, **wish):
    return [violation.rule for violation in broken_rules(Wish(span=span, **wish), rules or facility(), now)]


@pytest.mark.parametrize(("span", "rule"), [
    (on(1, 10.25, 12), "not_whole_grid"),
    (on(1, 10, 12.25), "not_whole_grid"),
    (Span(at(1, 10) + timedelta(seconds=1), at(1, 12)), "not_whole_grid"),
    (on(1, 10, 10.5), "too_short"),
    (on(1, 10, 18.5), "too_long"),
    (on(0, 8.5, 10), "in_the_past"),
    (on(91, 10, 12), "beyond_horizon"),
    (on(1, 7.5, 9), "outside_opening_hours"),
    (on(1, 19, 20.5), "outside_opening_hours"),
    (on(5, 10, 12), "outside_opening_hours"),
])
def test_each_rule_alone(span, rule):
    assert broken(span) == [rule]


@pytest.mark.parametrize("span", [on(1, 10, 12), on(1, 8, 16), on(0, 9, 10), on(88, 8, 9), on(1, 19, 20)])
def test_what_keeps_the_rules_is_granted(span):
    assert broken(span) == []


def test_notice_counts_from_now_and_names_the_earliest_start_on_the_grid():
    rules = facility(notice_minutes=95)
    assert broken(on(0, 11, 13), rules) == []
    (violation,) = broken_rules(Wish(span=on(0, 10.5, 12)), rules, NOW)
    assert (violation.rule, violation.facts["earliest"]) == ("too_little_notice", at(0, 11))


def test_a_facility_that_takes_nothing_and_a_unit_that_the_system_chooses():
    assert broken(on(1, 10, 12), facility(active=False)) == ["facility_inactive"]
    assert broken(on(1, 10, 12), facility(plat_05()), unit="B") == ["unit_not_choosable"]
    assert broken(on(1, 10, 12), facility(plat_05()), unit="B", former=on(2, 8, 9), former_unit="B") == []


def test_everything_wrong_is_told_at_once_with_who_may_waive_it():
    rules = facility(plat_05(active=False, notice_minutes=60))
    found = broken_rules(Wish(span=Span(at(-2, 3) + timedelta(minutes=7), at(-2, 3.25)), unit="A"), rules, NOW)
    assert [violation.rule for violation in found] == [
        "not_whole_grid", "too_short", "in_the_past", "too_little_notice", "outside_opening_hours", "facility_inactive",
        "unit_not_choosable",
    ]
    assert all(violation.to_dict()["waivable_by"] == list(WAIVABLE_BY[violation.rule]) for violation in found)


@pytest.mark.parametrize("span", [on(1, 22, 30), on(1, 0, 24), on(2, 14, 14 + 24 * 30), on(0, 10, 1000)])
def test_day_and_night_takes_runs_across_midnight_and_over_weeks(span):
    assert broken(span, facility(lab_1())) == []


def test_a_night_of_closing_ends_a_run_and_an_open_night_does_not():
    weekend = facility(opening_hours=[OFFICE] * 4 + [[[480, 1440]], ALL_DAY, [[0, 1080]]], longest_minutes=6000)
    assert broken(on(4, 20, 20 + 46), weekend) == []
    assert broken(on(4, 20, 20 + 46.5), weekend) == ["outside_opening_hours"]
    assert broken(on(3, 19, 24 + 9), weekend) == ["outside_opening_hours"]


def test_two_stretches_that_touch_are_one():
    assert broken(on(1, 10, 14), facility(opening_hours=[[[480, 720], [720, 1200]]] * 7)) == []


def test_the_hours_of_the_first_week_are_told():
    (violation,) = broken_rules(Wish(span=on(4, 10, 12 + 24 * 30)), facility(longest_minutes=90_000), NOW)
    office = ((480, 1200),)
    assert violation.facts["opens"] == [office, (), (), office, office, office, office]


def test_a_grid_that_does_not_divide_the_day_starts_anew_each_day():
    rules = facility(granularity_minutes=50, opening_hours=[ALL_DAY] * 7)
    starts = Span(at(1, 0) + 28 * timedelta(minutes=50), at(2, 0) + 2 * timedelta(minutes=50))
    assert broken(starts, rules) == []
    assert rules.grid_after(starts.starts_at + timedelta(minutes=1)) == at(2, 0)


def test_a_start_that_is_held_stays_good():
    """A running reservation may be made shorter or longer, but not end in the past."""
    running = {"former": on(0, 9, 12), "former_unit": "A", "now": at(0, 10.25), "rules": facility(notice_minutes=600)}
    assert broken(on(0, 9, 11), **running) == []
    assert broken(on(0, 9, 14), **running) == []
    assert broken(on(0, 9, 10), **running) == ["in_the_past"]
    assert broken(on(0, 10, 12), **running) == ["in_the_past", "too_little_notice"]


@given(st.data())
def test_a_rule_is_told_once_and_every_rule_is_known(data):
    rules = data.draw(facilities())
    found = broken(data.draw(any_spans()), rules, now=MONDAY)
    assert len(set(found)) == len(found)
    assert set(found) <= set(WAIVABLE_BY)


@given(st.data())
def test_open_throughout_means_open_at_every_step(data):
    """Against a walk through the time in steps, hour by hour of the week."""
    rules = replace(data.draw(facilities()), active=True)
    span = data.draw(spans(longest=timedelta(days=10)))
    instants = [span.starts_at + count * QUARTER for count in range(int(span.length / QUARTER))]
    is_open = all(any(opens <= minute < closes for opens, closes in rules.hours_on(midnight)) for midnight, minute in (
        (MONDAY + day * DAY, left // timedelta(minutes=1))
        for day, left in (divmod(instant - MONDAY, DAY) for instant in instants)
    ))
    assert ("outside_opening_hours" in broken(span, rules)) != is_open


@given(st.data())
def test_the_rules_do_not_mind_other_weeks(data):
    """The same wish a week later, asked a week later, breaks the same rules."""
    rules = data.draw(facilities())
    wish = data.draw(wishes(rules))
    later = replace(wish, span=Span(wish.span.starts_at + 7 * DAY, wish.span.ends_at + 7 * DAY))
    assert broken(wish.span, rules, MONDAY + HOUR) == broken(later.span, rules, MONDAY + HOUR + 7 * DAY)
