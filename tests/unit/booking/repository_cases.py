"""What any store of booking must do: run against the one in memory and the one in PostgreSQL."""

import uuid
from dataclasses import replace

import pytest

from services.booking.domain.attachments import Attachment, described
from services.booking.domain.held import Held
from services.booking.domain.reservation import Entry, Reservation, Route
from services.booking.domain.run import Run
from services.booking.domain.spans import Span
from services.booking.domain.states import Action, State
from services.booking.domain.units import SlotHeld
from tests.unit.booking.examples import DAY, HOUR, NOW, facility_changed, on

HOT = {"temperature": 85, "ramp": 3, "contamination": "clean"}


def a_request(unit="A", span=None, facility="LAB-1", **changes):
    waits = changes.get("state", State.REQUESTED) is State.REQUESTED
    return Reservation(**{
        "id": str(uuid.uuid4()), "version": 1, "state": State.REQUESTED, "facility": facility, "unit": unit,
        "span": span or on(1, 10, 12), "team": "red", "project": None, "purpose": "85 ℃", "requester": "ann",
        "decide_by": NOW + DAY, "awaits": "manager" if waits else None, **changes,
    })


def whole(span):
    """A claim on all places of a unit."""
    return (Held(*span),)


def periods_of(claims):
    return {place: [held.period for held in found] for place, found in claims.items()}


def a_line(action=Action.REQUEST):
    return Entry(action=action, actor="ann", at=NOW, reason="so", former={}, changed={"starts_at": NOW}, basis={"x": 1})


class Kept:
    """``run(step)`` gives ``step(uow)`` one transaction on the base of examples.py."""

    def add(self, run, *reservations):
        for each in reservations:
            run(lambda uow, each=each: uow.reservations.add(each, whole(each.span), a_line()))
        return reservations[0]

    def held(self, run, window, without=(), facilities=("LAB-1",)):
        found = run(lambda uow: uow.reservations.claims(facilities, window, without))
        assert found == run(lambda uow: uow.reservations.claims_under_lock(facilities, facilities, window, without))
        return periods_of(found)


class RepositoryCases(Kept):
    """Reservations, their claims and what is attached to them."""

    def test_what_is_added_is_found_with_the_one_who_asks(self, run):
        added = self.add(run, a_request(project="red-p"))
        found, asking = run(lambda uow: uow.reservations.locked(added.id, "mia"))
        assert found == added
        assert (asking.person, asking.roles, asking.teams) == ("mia", {"facility_manager"}, {"blue"})
        assert asking.manages == {"LAB-1", "LAB-3", "LAB-4"}

    def test_its_route_and_what_it_is_excused_from_come_back(self, run):
        route = Route(stages=("lead", "base"), skipped=("lead",), by_lead=True, unanswered="lead")
        waivers = ({"rule": "too_long", "facts": {"longest_minutes": 480}},)
        added = self.add(run, a_request(awaits="base", route=route, waivers=waivers, exception="a long ageing"))
        assert run(lambda uow: uow.reservations.locked(added.id, "mia"))[0] == added
        on_its_way = replace(added, version=2, awaits="manager", route=Route(stages=("manager",)), waivers=())
        run(lambda uow: uow.reservations.change(on_its_way, None, a_line(Action.APPROVE)))
        assert run(lambda uow: uow.reservations.locked(added.id, "mia"))[0] == on_its_way

    def test_files_come_back_without_their_content_and_go(self, run):
        added = self.add(run, a_request())
        file = Attachment(
            id=str(uuid.uuid4()), reservation=added.id, added_by="ann", added_at=NOW,
            **described("plan.pdf", b"%PDF-1"),
        )
        run(lambda uow: uow.attachments.add(file, b"%PDF-1"))
        assert run(lambda uow: uow.attachments.of(added.id)) == [file]
        assert run(lambda uow: uow.attachments.of(str(uuid.uuid4()))) == []
        run(lambda uow: uow.attachments.remove(file.id))
        assert run(lambda uow: uow.attachments.of(added.id)) == []

    def test_who_is_there_with_how_many(self, run):
        asked = a_request(run=Run(people=4))
        ended = a_request("B", state=State.REJECTED, decide_by=None, awaits=None)
        self.add(run, asked, ended, a_request("C", on(1, 12, 14)), a_request("D", on(1, 9, 10)))

        def people(window, without=()):
            found = run(lambda uow: uow.reservations.people(["LAB-1"], window, without))
            return sorted(found.get("LAB-1", ()))

        assert people(on(1, 11, 13)) == [(on(1, 10, 12), 4), (on(1, 12, 14), 1)]
        assert people(on(1, 11, 12), [asked.id]) == []

    def test_what_is_not_there(self, run):
        added = self.add(run, a_request())
        assert run(lambda uow: uow.reservations.locked(added.id, "nobody")) == (added, None)
        assert run(lambda uow: uow.reservations.locked(str(uuid.uuid4()), "mia")) == (None, None)

    def test_claims_in_order_by_unit_and_in_the_window_only(self, run):
        late, early, other = a_request(span=on(1, 14, 15)), a_request(), a_request("B")
        self.add(run, late, early, other, a_request("A", on(1, 20, 21)), a_request("A", on(1, 6, 10)))
        self.add(run, a_request("A", facility="LAB-3"))
        window = on(1, 10, 20)
        assert self.held(run, window) == {
            ("LAB-1", "A"): [on(1, 10, 12), on(1, 14, 15)], ("LAB-1", "B"): [on(1, 10, 12)],
        }
        assert self.held(run, window, [early.id])["LAB-1", "A"] == [on(1, 14, 15)]
        assert set(self.held(run, window, facilities=["LAB-1", "LAB-3"])) == {
            ("LAB-1", "A"), ("LAB-1", "B"), ("LAB-3", "A"),
        }

    def test_a_step_without_a_move_keeps_the_claim_or_frees_it(self, run):
        added = self.add(run, a_request())
        approved = replace(added, version=2, state=State.APPROVED, decide_by=None, awaits=None)
        run(lambda uow: uow.reservations.change(approved, None, a_line(Action.APPROVE)))
        assert self.held(run, on(1, 0, 24)) == {("LAB-1", "A"): [on(1, 10, 12)]}
        cancelled = replace(approved, version=3, state=State.CANCELLED)
        run(lambda uow: uow.reservations.change(cancelled, None, a_line(Action.CANCEL)))
        assert self.held(run, on(1, 0, 24)) == {}
        assert run(lambda uow: uow.reservations.locked(added.id, "ann"))[0] == cancelled
        self.add(run, a_request())

    def test_a_move_takes_the_claim_along(self, run):
        added = self.add(run, a_request())
        moved = replace(added, version=2, facility="LAB-3", unit="A", span=on(2, 10, 12))
        run(lambda uow: uow.reservations.change(moved, whole(on(2, 9, 13)), a_line(Action.MOVE)))
        assert self.held(run, on(1, 0, 48)) == {}
        assert self.held(run, on(1, 0, 48), facilities=["LAB-3"]) == {("LAB-3", "A"): [on(2, 9, 13)]}
        assert run(lambda uow: uow.reservations.locked(added.id, "ann"))[0] == moved

    @pytest.mark.parametrize("span", [on(1, 11, 13), on(1, 9, 10.5), on(1, 10.5, 11), on(1, 10, 12), on(1, 9, 13)])
    def test_a_claim_on_held_time_is_refused_and_the_transaction_lives_on(self, run, span):
        self.add(run, a_request())
        moving = self.add(run, a_request(span=on(3, 10, 12)))

        def step(uow):
            with pytest.raises(SlotHeld):
                uow.reservations.add(a_request(span=span), whole(span), a_line())
            with pytest.raises(SlotHeld):
                uow.reservations.change(replace(moving, version=2, span=span), whole(span), a_line(Action.MOVE))
            return periods_of(uow.reservations.claims(["LAB-1"], on(1, 0, 24)))

        assert run(step) == {("LAB-1", "A"): [on(1, 10, 12)]}
        assert run(lambda uow: uow.reservations.locked(moving.id, "ann"))[0] == moving

    def test_touching_and_other_units_are_no_clash(self, run):
        self.add(run, a_request(), a_request(span=on(1, 12, 14)), a_request(span=on(1, 8, 10)), a_request("B"))

    def test_due_is_what_waits_too_long_the_oldest_first(self, run):
        first, second = a_request(decide_by=NOW + HOUR), a_request("B", decide_by=NOW + 2 * HOUR)
        approved = a_request("C", state=State.APPROVED, decide_by=None, awaits=None)
        self.add(run, second, first, approved)
        assert run(lambda uow: uow.reservations.due(NOW, 9)) == []
        assert run(lambda uow: uow.reservations.due(NOW + 2 * HOUR, 9)) == [first, second]
        assert run(lambda uow: uow.reservations.due(NOW + 2 * HOUR, 1)) == [first]

    def test_a_unit_that_left_keeps_its_claims_and_one_that_returns_is_the_same(self, run):
        self.add(run, a_request("D"))
        for version, units in ((2, "ABC"), (3, "ABCDE")):
            run(lambda uow, version=version, units=units: uow.copies.save_facility(
                facility_changed("LAB-1", version=version, units=units), NOW))
            assert self.held(run, on(1, 0, 24)) == {("LAB-1", "D"): [on(1, 10, 12)]}
        with pytest.raises(SlotHeld):
            self.add(run, a_request("D", on(1, 11, 13)))
        self.add(run, a_request("E", on(1, 11, 13)))

    def test_a_reservation_may_last_for_weeks(self, run):
        self.add(run, a_request(span=on(1, 22, 22 + 24 * 40)))
        assert list(self.held(run, on(20, 0, 1)).values()) == [[on(1, 22, 22 + 24 * 40)]]
        assert self.held(run, on(0, 0, 24)) == {}

    def test_runs_that_share_hold_places_in_pieces_and_are_read_as_they_were_written(self, run):
        first = (Held(*on(1, 10, 12), 1, 3, profile=HOT), Held(*on(1, 12, 14), 2, 4, profile=HOT))
        second = (Held(*on(1, 12, 15), 1, 2, profile=HOT),)
        for held in (first, second):
            span = Span(held[0].starts_at, held[-1].ends_at)
            run(lambda uow, span=span, held=held: uow.reservations.add(a_request(span=span), held, a_line()))
        found = run(lambda uow: uow.reservations.claims(["LAB-1"], on(1, 0, 24)))
        assert found == {("LAB-1", "A"): [first[0], second[0], first[1]]}
        for taken in (whole(on(1, 14, 16)), (Held(*on(1, 13, 14), 3, 4, profile=HOT),)):
            with pytest.raises(SlotHeld):
                run(lambda uow, taken=taken: uow.reservations.add(a_request(), taken, a_line()))
        run(lambda uow: uow.reservations.add(a_request(), (Held(*on(1, 10, 14), 4, 5, profile=HOT),), a_line()))

    def test_all_pieces_move_and_are_given_up_together(self, run):
        held = (Held(*on(1, 10, 12), 1, 3, profile=HOT), Held(*on(1, 12, 14), 2, 4, profile=HOT))
        added = a_request()
        run(lambda uow: uow.reservations.add(added, held, a_line()))
        moved = replace(added, version=2, span=on(2, 10, 12))
        run(lambda uow: uow.reservations.change(moved, held[:1], a_line(Action.MOVE)))
        assert run(lambda uow: uow.reservations.claims(["LAB-1"], on(1, 0, 48))) == {("LAB-1", "A"): [held[0]]}
        run(lambda uow: uow.reservations.change(replace(moved, version=3), held, a_line(Action.MOVE)))
        withdrawn = replace(moved, version=4, state=State.WITHDRAWN, decide_by=None, awaits=None)
        run(lambda uow: uow.reservations.change(withdrawn, None, a_line(Action.WITHDRAW)))
        assert self.held(run, on(1, 0, 48)) == {}

    def test_the_family_and_the_run_itself_are_read_again(self, run):
        held = Held(*on(1, 9, 13), family="board", runs_from=on(1, 10, 12).starts_at, runs_to=on(1, 10, 12).ends_at)
        run(lambda uow: uow.reservations.add(a_request(), (held,), a_line()))
        assert run(lambda uow: uow.reservations.claims(["LAB-1"], on(1, 0, 24))) == {("LAB-1", "A"): [held]}
