"""Whoever asks for what: nothing overlaps, nobody with room is passed over, and everybody is told once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.states import State
from services.booking.domain.units import FITTING, choose_unit
from services.booking.domain.wish import Wish
from services.contracts import events
from services.contracts.errors import Refusal
from tests.unit.booking.examples import BASE, HOUR, NOW, on
from tests.unit.booking.fakes import FakeBase, FakeUnitOfWork, overlapping
from tests.unit.booking.rival_examples import OTHERS, allocate, ask, collecting, decide, told

ASKED = st.lists(
    st.tuples(
        st.sampled_from(["ann", "dan", "eve"]), st.integers(16, 34), st.integers(2, 8),
        st.sampled_from([None, "A", "B"]),
    ), min_size=1, max_size=6,
)


def a_base(how):
    base = FakeBase()
    for fact in (*BASE, *OTHERS, collecting(how, units="AB")):
        base.run(handlers.take_fact, fact, now=NOW)
    return told(base)


def collect(base, asked):
    for actor, start, length, unit in asked:
        try:
            ask(base, actor, on(3, start / 2, (start + length) / 2), unit=unit)
        except Refusal:
            continue  # the rules of the facility, or the same again


def has_room(base, reservation, unit):
    (facility,) = FakeUnitOfWork(base).copies.facilities(["LAB-3"])
    wish = Wish(span=reservation.span, unit=unit)
    near = facility.period(reservation.span).widened(FITTING, FITTING)
    return choose_unit(wish, facility, FakeUnitOfWork(base).reservations.claims(["LAB-3"], near)) is not None


def check(base):
    assert not overlapping(base)
    for reservation in base.reservations.values():
        if reservation.state is State.REJECTED:
            assert not has_room(base, reservation, base.contenders[reservation.id].unit)
    ended = [each for each in base.reservations.values() if each.state is not State.COMPETING]
    kinds = (events.ReservationAllocated, events.ReservationPassedOver)
    facts = [each for each in base.events if isinstance(each, kinds)]
    assert sorted(each.reservation for each in facts) == sorted(each.id for each in ended)


@settings(max_examples=25, deadline=None)
@given(ASKED, st.sampled_from(["manager", "draw"]))
def test_what_time_decides(asked, how):
    base = a_base(how)
    collect(base, asked)
    decide(base, on(3, 20, 21).starts_at - 24 * HOUR)
    assert not [each for each in base.reservations.values() if each.state is State.COMPETING]
    check(base)


@settings(max_examples=25, deadline=None)
@given(ASKED, st.data())
def test_what_a_manager_decides_one_after_the_other(asked, data):
    base = a_base("manager")
    collect(base, asked)
    while competing := [each for each in base.reservations.values() if each.state is State.COMPETING]:
        chosen = data.draw(st.sampled_from(sorted(competing, key=lambda each: each.span)), label="chosen")
        allocate(base, "bea", {"id": chosen.id, "version": 1}, reason="so")
        check(base)
