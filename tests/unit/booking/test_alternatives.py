"""What is offered with a refusal: only what would be granted, the nearest first."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking.domain.alternatives import REACHES, alternatives, free_times, search_window
from services.booking.domain.rules import broken_rules
from services.booking.domain.spans import Span
from services.booking.domain.units import choose_unit
from services.booking.domain.wish import Wish
from tests.strategies import MONDAY, QUARTER, facilities, held, spans, wishes
from tests.unit.booking.examples import DAY, HOUR, NOW, at, facility_changed, lab_1, on, plat_05
from tests.unit.booking.test_rules import facility

LAB_3, LAB_4 = facility(), facility(facility_changed("LAB-4"))


def offered(wish, rules=LAB_3, equivalents=(), claims=None, now=NOW):
    window = search_window(wish.span, rules, now, REACHES[-1])
    found = alternatives(wish, rules, equivalents, claims or {}, window, now)
    return [(each.why, each.facility, each.unit, each.starts_at) for each in found]


def test_earlier_and_later_with_buffers_then_an_equivalent_then_further_days():
    taken = {("LAB-3", "A"): [on(2, 9.5, 12.5)]}
    assert offered(Wish(span=on(2, 10, 12)), equivalents=[LAB_4], claims=taken) == [
        ("later", "LAB-3", "A", at(2, 13)),
        ("earlier", "LAB-3", "A", at(1, 18)),
        ("equivalent_facility", "LAB-4", "A", at(2, 10)),
        ("later", "LAB-3", "A", at(3, 8)),
        ("earlier", "LAB-3", "A", at(0, 18)),
    ]


def test_another_unit_when_one_was_asked_for():
    lab = facility(lab_1())
    taken = {("LAB-1", "A"): [on(2, 0, 48)], ("LAB-1", "B"): [on(2, 12, 15)]}
    assert offered(Wish(span=on(2, 10, 12), unit="A"), lab, claims=taken) == [
        ("earlier", "LAB-1", "A", at(1, 21)),
        ("later", "LAB-1", "A", at(4, 0)),
        ("other_unit", "LAB-1", "C", at(2, 10)),
    ]


def test_where_the_system_chooses_the_offer_names_no_unit():
    wish = Wish(span=on(2, 10, 12), unit="B")
    assert offered(wish, facility(plat_05()))[0] == ("other_unit", "PLAT-05", None, at(2, 10))


def test_what_can_never_be_granted_has_no_alternatives_but_shorter_ones():
    assert offered(Wish(span=on(2, 8, 20)), equivalents=[LAB_4]) == [("shorter", "LAB-3", "A", at(2, 8))]
    assert offered(Wish(span=on(6, 10, 12))) == [
        ("later", "LAB-3", "A", at(7, 8)), ("earlier", "LAB-3", "A", at(4, 18)), ("later", "LAB-3", "A", at(8, 8)),
        ("earlier", "LAB-3", "A", at(3, 18)), ("later", "LAB-3", "A", at(9, 8)),
    ]
    assert offered(Wish(span=on(2, 10, 12)), facility(active=False)) == []


def test_it_is_looked_for_as_far_as_may_be_asked_for():
    lab = facility(lab_1())
    full = {("LAB-1", unit): [on(0, 0, 24 * 60)] for unit in lab.units}
    assert offered(Wish(span=on(1, 10, 12)), lab, claims=full) == [("later", "LAB-1", "A", at(60, 0))]
    assert offered(Wish(span=on(1, 10, 12)), replace(lab, horizon_days=30), claims=full) == []


def test_nobody_looks_further_than_the_horizon():
    assert search_window(on(1, 10, 12), LAB_3, NOW, REACHES[-1]) == on(0, 8.5, 24 * 90 + 11.5)


@settings(deadline=None)
@given(st.data())
def test_whatever_is_offered_would_be_granted(data):
    rules, other = data.draw(facilities()), data.draw(facilities("LAB-4"))
    wish, claims = data.draw(wishes(rules)), data.draw(held(rules)) | data.draw(held(other))
    found = alternatives(wish, rules, [other], claims, search_window(wish.span, rules, MONDAY, REACHES[0]), MONDAY)
    for each in found:
        place = rules if each.facility == rules.code else other
        taking = Wish(span=Span(each.starts_at, each.ends_at), unit=each.unit)
        assert broken_rules(taking, place, MONDAY) == []
        assert choose_unit(taking, place, claims) is not None
    assert len(found) <= 5
    assert len({(each.facility, each.unit, each.starts_at, each.ends_at) for each in found}) == len(found)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_nearest_are_offered(data):
    """Against a walk through the quarters of an hour, outwards from what was wished."""
    rules = data.draw(facilities())
    wish, claims = replace(data.draw(wishes(rules)), unit=None), data.draw(held(rules))
    window = search_window(wish.span, rules, MONDAY, REACHES[-1])
    found = {each.why: each.starts_at for each in reversed(alternatives(wish, rules, [], claims, window, MONDAY))}

    def would_be_granted(start):
        moved = replace(wish, span=Span(start, start + wish.span.length))
        return not broken_rules(moved, rules, MONDAY) and choose_unit(moved, rules, claims) is not None

    if not would_be_granted(wish.span.starts_at) and rules.granularity_minutes != 50:
        steps = int((window.length - wish.span.length) / QUARTER)
        starts = [rules.grid_before(window.starts_at) + count * QUARTER for count in range(steps + 1)]
        earlier = (start for start in reversed(starts) if start < wish.span.starts_at)
        later = (start for start in starts if start > wish.span.starts_at)
        assert found.get("earlier") == next(filter(would_be_granted, earlier), None)
        assert found.get("later") == next(filter(would_be_granted, later), None)


def test_free_times_are_told_by_start_then_code():
    taken = {("LAB-3", "A"): [on(1, 7.5, 14)]}
    starts = Span(at(1, 0), at(3, 0))
    found = free_times(2 * HOUR, starts, [LAB_4, LAB_3, facility(plat_05())], taken, NOW, 4)
    assert [(each.starts_at, each.facility) for each in found] == [
        (at(1, 8), "LAB-4"), (at(1, 8), "PLAT-05"), (at(1, 14.5), "LAB-3"), (at(2, 8), "LAB-3"),
    ]


@settings(deadline=None)
@given(st.data(), spans(longest=timedelta(days=9)))
def test_free_times_begin_in_the_window_and_would_be_granted(data, starts):
    rules = data.draw(facilities())
    claims = data.draw(held(rules))
    length = data.draw(st.integers(1, 40)) * QUARTER
    for each in free_times(length, starts, [rules], claims, MONDAY + DAY, 5):
        taking = Wish(span=Span(each.starts_at, each.ends_at), unit=each.unit)
        assert starts.starts_at <= each.starts_at < starts.ends_at
        assert broken_rules(taking, rules, MONDAY + DAY) == []
        assert choose_unit(taking, rules, claims) is not None
