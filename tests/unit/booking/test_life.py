"""No history of commands gives one unit to two reservations, loses a version or a fact, or keeps what was given up."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.booking import handlers
from services.booking.domain.spans import Span
from services.booking.domain.states import HELD, SHOWN, State
from services.contracts.commands import (
    AddSeriesDates,
    ApproveReservation,
    ApproveSeries,
    CancelReservation,
    CancelSeries,
    CheckInReservation,
    CheckOutReservation,
    ExtendReservation,
    MarkNoShow,
    MoveReservation,
    MoveSeries,
    RejectReservation,
    RejectSeries,
    WithdrawReservation,
)
from services.contracts.errors import DatesClash, Refusal, RuleBroken, SlotTaken
from services.contracts.events import ReservationsHit, SeriesEvent
from tests.strategies import QUARTER
from tests.unit.booking.examples import BASE, DAY, HOUR, NOW, command, lab_1, plat_05, request, series
from tests.unit.booking.fakes import FakeBase, FakeInterruptions, overlapping
from tests.unit.booking.test_interruptions import interruption

FACILITIES = st.sampled_from(["LAB-1", "LAB-3", "LAB-4", "PLAT-05"])
ELASTIC = st.sampled_from([0, 0, 0, 60, 120, 180])
UNITS = st.sampled_from([None, None, "A"])
TEAM = st.sampled_from(["ann", "bob", "cyd", "mia"])
PEOPLE = TEAM | st.sampled_from(["max", "bea"])
SPANS = st.builds(
    lambda start, length: Span(NOW + DAY + start * QUARTER, NOW + DAY + (start + 2 * length) * QUARTER),
    st.integers(0, 12).map(lambda count: 2 * count) | st.integers(0, 24), st.integers(2, 6),
)
"""Near in time, so that they meet; mostly on the grid."""
DECISIONS = {
    ApproveReservation: handlers.approve_reservation, RejectReservation: handlers.reject_reservation,
    WithdrawReservation: handlers.withdraw_reservation, CancelReservation: handlers.cancel_reservation,
}

OF_SERIES = {
    ApproveSeries: handlers.approve_series, RejectSeries: handlers.reject_series, CancelSeries: handlers.cancel_series,
}
REPEATS = st.sampled_from(["FREQ=DAILY;COUNT=3", "FREQ=DAILY;INTERVAL=2;COUNT=2", "FREQ=WEEKLY;COUNT=2"])

USE = {
    CheckInReservation: handlers.check_in_reservation, CheckOutReservation: handlers.check_out_reservation,
    MarkNoShow: handlers.mark_no_show,
}
USED = {State.IN_USE, State.FINISHED}
DOORS = ["door.LAB-1", "door.LAB-3"]
DUE_WORK = (
    handlers.expire_due, handlers.release_no_shows, handlers.tell_overruns, handlers.check_out_all_forgotten,
)


def rule_on_one(**arguments):
    """A rule that needs a reservation to be there."""
    return lambda step: precondition(lambda self: self.base.reservations)(rule(**arguments)(step))


class Life(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.base, self.now = FakeBase(), NOW
        for fact in (*BASE, plat_05(version=2, no_show_minutes=30), lab_1(version=2, elastic_minutes=120)):
            self.base.run(handlers.take_fact, fact, now=NOW)

    def give(self, handler, message):
        try:
            return self.base.run(handler, message, now=self.now)
        except Refusal as refusal:
            return refusal

    def some(self, data):
        return data.draw(st.sampled_from(list(self.base.reservations)))

    @rule(actor=TEAM, facility=FACILITIES, span=SPANS, unit=UNITS, elastic=ELASTIC, data=st.data())
    def request_reservation(self, actor, facility, span, unit, elastic, data):
        message = request(actor, span, facility, unit=unit, elastic_minutes=elastic)
        answer = self.give(handlers.request_reservation, message)
        if isinstance(answer, RuleBroken | SlotTaken) and answer.facts["alternatives"] and data.draw(st.booleans()):
            self.take(data.draw(st.sampled_from(answer.facts["alternatives"])), actor, elastic)

    def take(self, alternative, actor, elastic):
        fields = {name: alternative[name] for name in ("facility", "unit", "starts_at", "ends_at")}
        message = request(actor, elastic_minutes=elastic, **fields)
        answer = self.give(handlers.request_reservation, message)
        assert not isinstance(answer, Refusal), (alternative, answer.to_dict())

    @rule_on_one(data=st.data(), actor=PEOPLE, span=SPANS, facility=st.none() | FACILITIES)
    def move(self, data, actor, span, facility):
        reservation = self.some(data)
        fields = {"facility": facility, "version": self.base.reservations[reservation].version, **span._asdict()}
        message = command(MoveReservation, actor, reservation=reservation, **fields)
        answer = self.give(handlers.move_reservation, message)
        if isinstance(answer, SlotTaken) and answer.facts["alternatives"]:
            self.move_to(message, data.draw(st.sampled_from(answer.facts["alternatives"])))

    def move_to(self, message, alternative):
        fields = {name: alternative[name] for name in ("facility", "unit", "starts_at", "ends_at")}
        again = command(
            MoveReservation, message.actor, reservation=message.reservation, version=message.version, **fields
        )
        answer = self.give(handlers.move_reservation, again)
        assert not isinstance(answer, Refusal), (alternative, answer.to_dict())

    @rule_on_one(data=st.data(), actor=PEOPLE, kind=st.sampled_from(list(DECISIONS)))
    def decide(self, data, actor, kind):
        more = {"reason": "because"} if kind in (RejectReservation, CancelReservation) else {}
        self.give(DECISIONS[kind], command(kind, actor, reservation=self.some(data), **more))

    @rule_on_one(data=st.data(), actor=PEOPLE | st.sampled_from(DOORS), kind=st.sampled_from(list(USE)))
    def use(self, data, actor, kind):
        self.give(USE[kind], command(kind, actor, reservation=self.some(data)))

    @rule_on_one(data=st.data(), actor=PEOPLE, steps=st.integers(-2, 12))
    def extend(self, data, actor, steps):
        reservation = self.some(data)
        ends_at = self.base.reservations[reservation].span.ends_at + 2 * steps * QUARTER
        answer = self.give(
            handlers.extend_reservation, command(ExtendReservation, actor, reservation=reservation, ends_at=ends_at))
        if isinstance(answer, RuleBroken | SlotTaken) and answer.facts["alternatives"]:
            (shorter,) = answer.facts["alternatives"]
            again = command(ExtendReservation, actor, reservation=reservation, ends_at=shorter["ends_at"])
            assert not isinstance(self.give(handlers.extend_reservation, again), Refusal), shorter

    @rule(actor=TEAM, facility=FACILITIES, span=SPANS, repeats=REPEATS, data=st.data())
    def request_series(self, actor, facility, span, repeats, data):
        fields = {"rule": repeats, **span._asdict()}
        answer = self.give(handlers.request_series, series(actor, facility, **fields))
        if isinstance(answer, DatesClash) and data.draw(st.booleans()):
            chosen = [chosen_for(each) for each in answer.facts["clashes"]]
            again = self.give(handlers.request_series, series(actor, facility, choices=chosen, **fields))
            assert not isinstance(again, DatesClash), again.facts

    @precondition(lambda self: self.base.series)
    @rule(data=st.data(), actor=PEOPLE, hour=st.integers(8, 16), days=st.integers(-1, 2), lenient=st.booleans())
    def move_series(self, data, actor, hour, days, lenient):
        found = data.draw(st.sampled_from(list(self.base.series.values())))
        self.give(handlers.move_series, command(
            MoveSeries, actor, series=found.id, version=found.version, clock=f"{hour:02}:00", days_later=days,
            on_clash="keep" if lenient else "refuse"))

    @precondition(lambda self: self.base.series)
    @rule(data=st.data(), actor=PEOPLE, kind=st.sampled_from(list(OF_SERIES)))
    def decide_series(self, data, actor, kind):
        found = data.draw(st.sampled_from(list(self.base.series)))
        more = {} if kind is ApproveSeries else {"reason": "because"}
        self.give(OF_SERIES[kind], command(kind, actor, series=found, **more))

    @precondition(lambda self: self.base.series)
    @rule(data=st.data(), actor=TEAM, more=st.integers(0, 2))
    def add_dates(self, data, actor, more):
        found = data.draw(st.sampled_from(list(self.base.series.values())))
        dates = [day.isoformat() for day in data.draw(st.lists(st.sampled_from(found.dates()), unique=True))]
        self.give(handlers.add_series_dates, command(
            AddSeriesDates, actor, series=found.id, dates=dates, more=more, on_clash="skip"))

    @rule(facility=FACILITIES, span=SPANS, unit=UNITS, code=st.sampled_from(["I-1", "I-2"]))
    def interrupt(self, facility, span, unit, code):
        version = self.base.interruptions[code].version + 1 if code in self.base.interruptions else 1
        if version > 1:
            facility, unit = (getattr(self.base.interruptions[code], name) for name in ("facility", "unit"))
        told = interruption(span, code=code, version=version, facility=facility, unit=unit)
        self.base.run(handlers.take_fact, told, now=self.now)

    @rule(hours=st.integers(1, 9))
    def time_passes(self, hours):
        self.now += hours * HOUR
        for work in DUE_WORK:
            self.base.run(work, now=self.now)

    @invariant()
    def no_unit_is_held_twice(self):
        assert not overlapping(self.base)

    @invariant()
    def exactly_what_is_alive_is_held(self):
        for reservation in self.base.reservations.values():
            place, period, held = self.base.claims[reservation.id]
            assert held == (reservation.state in HELD)
            assert place == (reservation.facility, reservation.unit)
            whole = Span(reservation.span.starts_at, reservation.latest_end)
            assert period == self.base.facilities[reservation.facility].period(whole)

    @invariant()
    def use_is_metered_from_coming_to_leaving(self):
        for reservation in self.base.reservations.values():
            assert (reservation.checked_in_at is not None) == (reservation.state in USED)
            assert (reservation.checked_out_at is not None) == (reservation.state is State.FINISHED)
            assert (reservation.used_minutes or 0) >= 0
            assert reservation.overran in (None, reservation.latest_end)

    @invariant()
    def who_stands_in_interrupted_time_has_been_hit(self):
        told = {fact.hit: fact for fact in self.base.events if isinstance(fact, ReservationsHit)}
        for code, fact in told.items():
            hit = {each["reservation"] for each in fact.hits}
            standing = {each["reservation"] for each in FakeInterruptions(self.base).hits(code, self.now)}
            assert standing <= hit

    @invariant()
    def each_date_of_a_series_has_one_member_and_each_version_one_fact(self):
        shown = [each for each in self.base.reservations.values() if each.series and each.state in SHOWN]
        assert len({(each.series, each.series_date) for each in shown}) == len(shown)
        for found in self.base.series.values():
            told = [fact for fact in self.base.events if isinstance(fact, SeriesEvent) and fact.series == found.id]
            assert [fact.version for fact in told] == list(range(1, found.version + 1))
            assert set(found.skipped) <= set(found.dates())
            members = {each.series_date for each in shown if each.series == found.id}
            assert not members & set(found.skipped)

    @invariant()
    def versions_history_and_facts_go_together(self):
        for reservation in self.base.reservations.values():
            versions = list(range(1, reservation.version + 1))
            facts = [fact for fact in self.base.events if getattr(fact, "reservation", None) == reservation.id]
            assert [fact.version for fact in facts] == versions
            assert len(self.base.history[reservation.id]) == reservation.version
            assert facts[-1].state == reservation.state


def chosen_for(clash):
    """The best that is offered for a date, else to leave it out."""
    if not clash["alternatives"]:
        return {"date": clash["date"], "action": "skip"}
    way = clash["alternatives"][0]
    times = {name: way[name].isoformat() for name in ("starts_at", "ends_at")}
    return {"date": clash["date"], "facility": way["facility"], "unit": way["unit"], **times}


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
