"""No history brings two runs nearer than their changeover, mixes what does not go together, or overfills a chamber.

What was accepted is held against the rules of the moment: later changes of buffers or places break nothing.
"""

from datetime import timedelta
from itertools import combinations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.booking import handlers
from services.booking.domain.changeover import minutes_between
from services.booking.domain.sharing import go_together
from services.contracts.commands import CancelReservation, MoveReservation
from services.contracts.errors import Refusal
from tests.unit.booking.capacity_examples import FAMILIES, SHARING, lab_9, line_1, shared
from tests.unit.booking.examples import BASE, NOW, command, request
from tests.unit.booking.fakes import FakeBase, overlapping
from tests.unit.booking.test_life import SPANS

PROFILES = st.fixed_dictionaries({
    "temperature": st.sampled_from([60, 82, 85]), "contamination": st.sampled_from(["clean", "solder", "salt"]),
})
PLACES = st.integers(1, 3) | st.none()
UNITS = st.sampled_from([None, "A", "B"])


class Capacity(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.base, self.versions = FakeBase(), {"LINE-1": 1, "LAB-9": 1}
        for fact in (*BASE, line_1(), lab_9()):
            self.base.run(handlers.take_fact, fact, now=NOW)

    def give(self, handler, message):
        try:
            answer = self.base.run(handler, message, now=NOW)
        except Refusal:
            return
        self.accepted(answer["id"])

    def accepted(self, reservation):
        """The rules in force now bound what was just accepted, and all that it stands beside."""
        made = self.base.reservations[reservation]
        others = [each for each in self.beside(made) if each.id != made.id]
        if made.facility == "LINE-1":
            for other in others:
                first, then = sorted((made, other), key=lambda each: each.span)
                least = minutes_between(self.base.facilities["LINE-1"], first.run.family, then.run.family)
                assert then.span.starts_at - first.span.ends_at >= timedelta(minutes=least)
        if made.facility == "LAB-9":
            self.fits(made, others)

    def fits(self, made, others):
        period = self.base.claims[made.id][1]
        beside = [each for each in others if self.base.claims[each.id][1].overlaps(period)]
        if made.run.places is None:
            assert not beside
        for other in beside:
            assert other.run.places is not None
            assert go_together(made.run.profile, other.run.profile, SHARING)
        periods = {each.id: self.base.claims[each.id][1] for each in beside}
        for instant in {period.starts_at, *(each.starts_at for each in periods.values())}:
            if period.starts_at <= instant < period.ends_at:
                there = [each for each in beside if periods[each.id].starts_at <= instant < periods[each.id].ends_at]
                most = self.base.facilities["LAB-9"].places_on(made.unit)
                assert sum(each.run.places for each in there) + (made.run.places or most) <= most

    def beside(self, made):
        return [
            each for each in self.base.reservations.values()
            if each.is_held and (each.facility, each.unit) == (made.facility, made.unit)
        ]

    @rule(span=SPANS, family=st.sampled_from(FAMILIES))
    def run_on_the_line(self, span, family):
        self.give(handlers.request_reservation, request("ann", span, "LINE-1", family=family))

    @rule(span=SPANS, places=PLACES, unit=UNITS, described=PROFILES)
    def run_in_a_chamber(self, span, places, unit, described):
        self.give(handlers.request_reservation, shared("ann", span, places, unit, **described))

    @precondition(lambda self: self.base.reservations)
    @rule(data=st.data(), span=SPANS, unit=UNITS)
    def move(self, data, span, unit):
        moving = self.base.reservations[data.draw(st.sampled_from(list(self.base.reservations)))]
        unit = unit if moving.facility == "LAB-9" else None
        fields = {"version": moving.version, "unit": unit, **span._asdict()}
        self.give(handlers.move_reservation, command(MoveReservation, "ann", reservation=moving.id, **fields))

    @precondition(lambda self: self.base.reservations)
    @rule(data=st.data())
    def cancel(self, data):
        reservation = data.draw(st.sampled_from(list(self.base.reservations)))
        try:
            message = command(CancelReservation, "ann", reservation=reservation)
            self.base.run(handlers.cancel_reservation, message, now=NOW)
        except Refusal:
            return

    @rule(minutes=st.sampled_from([0, 15, 45]))
    def change_buffers(self, minutes):
        self.tell(line_1, "LINE-1", setup_minutes=minutes, cleardown_minutes=minutes)

    @rule(places=st.sampled_from([{"A": 2, "B": 2}, {"A": 5, "B": 4}, {"A": 1, "B": 3}]))
    def change_places(self, places):
        self.tell(lab_9, "LAB-9", places=places)

    def tell(self, described, facility, **changes):
        self.versions[facility] += 1
        self.base.run(handlers.take_fact, described(version=self.versions[facility], **changes), now=NOW)

    @invariant()
    def no_place_is_held_twice(self):
        assert not overlapping(self.base)

    @invariant()
    def a_run_holds_what_it_asked_for_all_the_time(self):
        for key, (_, period, _) in self.base.claims.items():
            held, made = self.base.pieces[key], self.base.reservations[key]
            shares = all(each.beyond is not None for each in held)
            for instant in {each.starts_at for each in held}:
                taken = [each for each in held if each.starts_at <= instant < each.ends_at]
                assert not shares or sum(each.beyond - each.first for each in taken) == made.run.places
            assert shares or held[0].period == period

    @invariant()
    def nothing_but_compatible_runs_overlap(self):
        for one, other in combinations([each for each in self.base.reservations.values() if each.is_held], 2):
            there = (one.facility, one.unit) == (other.facility, other.unit)
            if there and self.base.claims[one.id][1].overlaps(self.base.claims[other.id][1]):
                assert go_together(one.run.profile, other.run.profile, SHARING)


TestCapacity = Capacity.TestCase
TestCapacity.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
