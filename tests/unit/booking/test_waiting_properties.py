"""Serving a wait list against brute force: the order is kept, no place is held twice, and none that fits stays free."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.rules import broken_rules
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.waiting import LEAST_TO_ANSWER, EntryState, wish_of
from services.contracts import commands
from services.contracts.errors import Refusal
from tests.unit.booking.examples import BASE, HOUR, NOW, at, command, facility_changed, request
from tests.unit.booking.fakes import FakeBase, FakeUnitOfWork, overlapping
from tests.unit.booking.test_waiting import joining

SECOND = timedelta(seconds=1)
OPEN, CLOSE = 8, 20
BUFFER = timedelta(minutes=30)
"""Set-up and clear-down of the lab."""

slots = st.tuples(st.integers(OPEN, CLOSE - 1), st.integers(1, 6)).map(
    lambda slot: Span(at(1, slot[0]), at(1, min(slot[0] + slot[1], CLOSE))))
wishes = st.tuples(slots, st.integers(1, 4), st.sampled_from(["ann", "cyd"]))
steps = st.lists(st.one_of(
    st.tuples(st.just("join"), wishes), st.tuples(st.just("free"), st.integers(0, 9)),
    st.tuples(st.just("ask"), slots), st.tuples(st.sampled_from(["accept", "decline", "leave"]), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(1, 5)),
), min_size=3, max_size=14)


class History:
    """A lab of some chambers through which a list of steps runs; what is refused changes nothing."""

    def __init__(self, units):
        self.base, self.now = FakeBase(), NOW
        for fact in BASE:
            self.run(handlers.take_fact, fact)
        self.run(handlers.take_fact, facility_changed("LAB-3", version=2, units=units, granularity_minutes=60))
        self.settle()

    def run(self, handler, *arguments):
        return self.base.run(handler, *arguments, now=self.now)

    def settle(self):
        self.run(handlers.expire_offers)
        self.now += SECOND
        while self.run(handlers.offer_freed):
            pass

    def take(self, step, value):
        with suppress(Refusal):
            getattr(self, step)(value)

    def join(self, wish):
        span, hours, actor = wish
        self.now += SECOND
        self.run(handlers.join_wait_list, joining(actor, span, minutes=60 * hours))

    def ask(self, span):
        self.run(handlers.request_reservation, request("mia", span))

    def free(self, number):
        self.each_in(State.REQUESTED, number, handlers.withdraw_reservation, commands.WithdrawReservation)

    def accept(self, number):
        self.each_in(State.OFFERED, number, handlers.accept_offer, commands.AcceptOffer)

    def decline(self, number):
        self.each_in(State.OFFERED, number, handlers.decline_offer, commands.DeclineOffer)

    def each_in(self, state, number, handler, kind):
        found = [each for each in self.base.reservations.values() if each.state is state]
        if found:
            chosen = found[number % len(found)]
            self.run(handler, command(kind, chosen.requester, reservation=chosen.id))

    def leave(self, number):
        if waiting := self.waiting():
            chosen = waiting[number % len(waiting)]
            self.run(handlers.leave_wait_list, command(
                commands.LeaveWaitList, chosen.requester, wait_entry=chosen.id))

    def wait(self, hours):
        self.now += hours * HOUR

    def waiting(self):
        return sorted(
            (each for each in self.base.wait_entries.values() if each.state is EntryState.WAITING),
            key=lambda each: (each.rank, each.joined_at, each.id))

    def held(self, unit):
        return [each.span for each in self.base.reservations.values() if each.is_held and each.unit == unit]


def starts(entry):
    """Every full hour at which an entry might begin, in order."""
    found = entry.window.starts_at.replace(minute=0, second=0)
    while found + entry.length <= entry.window.ends_at:
        yield found
        found += HOUR


def is_free(span, taken):
    """With set-up and clear-down of both sides between any two."""
    return all(
        span.ends_at + 2 * BUFFER <= each.starts_at or each.ends_at + 2 * BUFFER <= span.starts_at for each in taken)


def fits(entry, history, taken):
    """The earliest span that an entry may have beside what is taken, tried one by one."""
    asking = FakeUnitOfWork(history.base).copies.asking(entry.requester, entry.team, "LAB-3")
    for start in starts(entry):
        wish = wish_of(entry, asking.party(None), start)
        in_time = start - history.now >= LEAST_TO_ANSWER
        if in_time and is_free(wish.span, taken) and not broken_rules(wish, asking.facility, history.now):
            return wish.span
    return None


@settings(max_examples=30)
@given(steps, st.sampled_from(["A", "AB"]))
def test_no_place_is_held_twice_and_none_that_fits_stays_free(taken, units):
    history = History(units)
    for step, value in taken:
        history.take(step, value)
        history.settle()
        assert overlapping(history.base) == []
        for entry in history.waiting():
            assert not any(fits(entry, history, history.held(unit)) for unit in units)


@settings(max_examples=30)
@given(steps)
def test_offers_are_those_that_trying_everything_in_order_finds(taken):
    history = History("A")
    for step, value in taken:
        history.take(step, value)
        history.run(handlers.expire_offers)
        history.now += SECOND
        held, expected = history.held("A"), {}
        is_due = bool(history.base.freed) and min(history.base.freed)[0] <= history.now
        for entry in history.waiting() if is_due else ():
            if span := fits(entry, history, held):
                held.append(span)
                expected[entry.id] = span
        before = set(history.base.reservations)
        while history.run(handlers.offer_freed):
            pass
        made = {each.id: each.span for each in history.base.reservations.values() if each.id not in before}
        assert {
            entry.id: made[entry.reservation] for entry in history.base.wait_entries.values()
            if entry.reservation in made
        } == expected
