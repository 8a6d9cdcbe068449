"""What any store of rivals and draws must do: run against the one in memory and the one in PostgreSQL."""

import uuid
from dataclasses import replace

import pytest

from services.booking.domain.contention.drawing import Ticket
from services.booking.domain.contention.fair_share import Past
from services.booking.domain.contention.rivals import Contender
from services.booking.domain.run import Run
from services.booking.domain.states import Action, State
from tests.unit.booking.examples import DAY, HOUR, NOW, on, team
from tests.unit.booking.repository_cases import a_line, a_request, whole


def competing(number=1, **changes):
    identity = str(uuid.UUID(int=number))
    return a_request(id=identity, state=State.COMPETING, awaits=None, **changes)


class ContentionCases:
    """``run(step)`` gives ``step(uow)`` one transaction on the base of examples.py."""

    def enter(self, run, *reservations, **more):
        for each in reservations:
            contender = Contender(**{"reservation": each, "party": "company:C1", "since": NOW, **more})
            run(lambda uow, each=each: uow.reservations.add(each, whole(each.span), a_line(Action.COMPETE)))
            run(lambda uow, contender=contender: uow.contention.enter(contender))

    def test_rivals_come_back_by_their_ids_with_what_is_kept_of_them(self, run):
        one, two, elsewhere = competing(1), competing(2, unit="B"), competing(3, facility="LAB-3")
        self.enter(run, two, needed_by="2026-12-01", unit="B")
        self.enter(run, one, elsewhere)
        found = run(lambda uow: uow.contention.rivals("LAB-1"))
        assert [each.reservation for each in found] == [one, two]
        assert (found[1].needed_by, found[1].unit, found[1].party, found[1].since) == (
            "2026-12-01", "B", "company:C1", NOW)
        assert run(lambda uow: uow.contention.rivals("LAB-1", locking=False)) == found
        assert run(lambda uow: uow.contention.places()) == ["LAB-1", "LAB-3"]
        assert run(lambda uow: uow.contention.place_of(elsewhere.id)) == "LAB-3"
        withdrawn = replace(one, version=2, state=State.WITHDRAWN, decide_by=None)
        run(lambda uow: uow.reservations.change(withdrawn, None, a_line(Action.WITHDRAW)))
        assert [each.reservation.id for each in run(lambda uow: uow.contention.rivals("LAB-1"))] == [two.id]
        assert run(lambda uow: uow.contention.place_of(one.id)) is None

    def test_what_is_competed_for_is_known_with_the_facility(self, run):
        one, two = competing(1), competing(2, unit="B", run=Run(elastic_minutes=30), decide_by=NOW + HOUR)
        self.enter(run, one, competing(3, facility="LAB-3"))
        self.enter(run, two, unit="B")
        facilities = run(lambda uow: uow.copies.facilities(["LAB-1", "LAB-4"]))
        assert [sorted(each.contended, key=lambda item: item.decide_by) for each in facilities] == [
            [("B", two.whole, NOW + HOUR), (None, one.span, one.decide_by)], []]

    def test_rivals_hold_nothing_and_may_lie_on_each_other(self, run):
        self.enter(run, competing(1), competing(2))
        assert not run(lambda uow: uow.reservations.claims(["LAB-1"], on(0, 0, 96)))

    def test_what_is_due_first_comes_first(self, run):
        assert run(lambda uow: uow.contention.take_due(NOW + 9 * DAY)) is None
        self.enter(run, competing(1, decide_by=NOW + 2 * HOUR), competing(2, facility="LAB-3", decide_by=NOW + HOUR))
        assert run(lambda uow: uow.contention.take_due(NOW)) is None
        assert run(lambda uow: uow.contention.take_due(NOW + 9 * DAY)) == "LAB-3"

    def test_a_party_keeps_its_number_and_what_it_drew(self, run):
        draw = str(uuid.UUID(int=9))
        run(lambda uow: uow.contention.make_draw(draw, "LAB-1", "secret", NOW))
        take = [run(lambda uow, who=who: uow.contention.take_part(draw, who)) for who in ("a", "b", "a", "c")]
        assert take == [1, 2, 1, 3]
        assert run(lambda uow: uow.contention.seeds([draw])) == {draw: "secret"}
        assert run(lambda uow: uow.contention.weights_drawn([draw])) == {}
        run(lambda uow: uow.contention.keep_drawn([(Ticket(draw, 2, 0.5, 0.25), True)]))
        assert run(lambda uow: uow.contention.weights_drawn([draw])) == {"b": 0.5}
        self.enter(run, competing(1), draw=draw, entry=3)
        assert [(each.draw, each.entry) for each in run(lambda uow: uow.contention.rivals("LAB-1"))] == [(draw, 3)]

    @pytest.mark.parametrize(("state", "counts"), [
        (State.FINISHED, True), (State.APPROVED, True), (State.NO_SHOW, True), (State.CANCELLED, False),
        (State.REQUESTED, False),
    ])
    def test_past_use_counts_what_a_party_had(self, run, state, counts):
        past = a_request(span=on(-3, 10, 12), state=state, decide_by=NOW if state is State.REQUESTED else None)
        to_come = a_request(span=on(3, 10, 12), state=State.APPROVED, decide_by=None)
        for each in (past, to_come):
            run(lambda uow, each=each: uow.reservations.add(each, whole(each.span), a_line()))
        found = run(lambda uow: uow.contention.past_use("lab", NOW))
        assert found == ([Past("company:C1", *past.span)] if counts else [])
        assert run(lambda uow: uow.contention.past_use("line", NOW)) == []

    def test_companies_are_counted_with_teams_that_have_none(self, run):
        assert run(lambda uow: uow.contention.parties()) == 1
        run(lambda uow: uow.copies.save_team(team("solo", "bob", company="")))
        assert run(lambda uow: uow.contention.parties()) == 2
