"""Which unit a reservation gets."""

from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.units import choose_unit
from services.booking.domain.wish import Wish
from tests.strategies import facilities, held, wishes
from tests.unit.booking.examples import facility_changed, on, plat_05
from tests.unit.booking.test_rules import facility

LAB = facility(facility_changed(units="ABC"))


def claims(**periods):
    return {("LAB-3", unit): found for unit, found in periods.items()}


def test_an_empty_facility_fills_from_its_first_unit():
    assert choose_unit(Wish(span=on(1, 10, 12)), LAB, {}) == "A"


def test_the_unit_that_was_asked_for_or_none():
    assert choose_unit(Wish(span=on(1, 10, 12), unit="C"), LAB, {}) == "C"
    assert choose_unit(Wish(span=on(1, 10, 12), unit="C"), LAB, claims(C=[on(1, 11, 13)])) is None


def test_buffers_count():
    """Half an hour of clear-down and half an hour of set-up lie between two reservations."""
    taken = claims(A=[on(1, 7.5, 10)], B=[on(1, 7.5, 10)], C=[on(1, 7.5, 9.5)])
    assert choose_unit(Wish(span=on(1, 10, 12)), LAB, taken) == "C"
    assert choose_unit(Wish(span=on(1, 10.5, 12)), LAB, taken) == "A"


def test_the_best_fit_leaves_long_stretches_whole():
    taken = claims(A=[on(1, 13, 15)], B=[on(1, 7, 9.5), on(1, 12.5, 14)], C=[on(1, 7, 9)])
    assert choose_unit(Wish(span=on(1, 10, 12)), LAB, taken) == "B"


def test_a_reservation_that_moves_keeps_its_unit_where_it_can():
    former = {"former": on(1, 8, 9), "former_unit": "C"}
    taken = claims(A=[on(1, 12.5, 14)])
    assert choose_unit(Wish(span=on(1, 10, 12), **former), LAB, taken) == "C"
    assert choose_unit(Wish(span=on(1, 10, 12), **former), LAB, claims(C=[on(1, 11, 13)])) is None
    automatic = facility(plat_05())
    former = {"former": on(1, 8, 9), "former_unit": "B"}
    assert choose_unit(Wish(span=on(1, 10, 12), **former), automatic, {}) == "B"
    assert choose_unit(Wish(span=on(1, 10, 12), **former), automatic, {("PLAT-05", "B"): [on(1, 11, 13)]}) == "A"


@given(st.data())
def test_the_chosen_unit_is_free_and_none_means_that_none_is(data):
    rules = data.draw(facilities())
    wish, taken = data.draw(wishes(rules)), data.draw(held(rules))
    period = rules.period(wish.span)
    free = [
        unit for unit in rules.units
        if wish.unit in (None, unit) and not any(span.overlaps(period) for span in taken[rules.code, unit])
    ]
    chosen = choose_unit(wish, rules, taken)
    assert chosen in free if free else chosen is None
