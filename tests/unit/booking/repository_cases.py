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
from services.contracts.events import SiteChanged
from tests.unit.booking.examples import (
    DAY,
    HOUR,
    LONG_AGO,
    NOW,
    at,
    away,
    facility_changed,
    holder,
    lab_3,
    on,
    person,
    qualification,
    team,
)
from tests.unit.booking.test_interruptions import interruption

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


class RepositoryCases:
    """``run(step)`` gives ``step(uow)`` one transaction on the base of examples.py."""

    def add(self, run, *reservations):
        for each in reservations:
            run(lambda uow, each=each: uow.reservations.add(each, whole(each.span), a_line()))
        return reservations[0]

    def held(self, run, window, without=(), facilities=("LAB-1",)):
        found = run(lambda uow: uow.reservations.claims(facilities, window, without))
        assert found == run(lambda uow: uow.reservations.claims_under_lock(facilities, facilities, window, without))
        return periods_of(found)

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

    def test_a_person_with_the_teams_they_lead_and_those_on_leave(self, run):
        for each in (person("mia", "facility_manager", manages=("LAB-1",), version=2, away=away("bob")),
                     person("cyd", version=2, away=away("bob", ends_at=LONG_AGO + DAY)),
                     person("ian", version=2, active=False, away=away("bob")),
                     person("ann", version=2, away=away("bob"))):
            run(lambda uow, each=each: uow.copies.save_person(each))
        run(lambda uow: uow.copies.save_team(team("red", "ann", "bob", version=2, lead="ann")))
        bob = run(lambda uow: uow.copies.person("bob"))
        assert (bob.leads, bob.colleagues) == (set(), {"blue"})
        assert [(each.person, each.roles, each.manages, each.leads) for each in bob.absent] == [
            ("ann", set(), set(), {"red"}), ("mia", {"facility_manager"}, {"LAB-1"}, set()),
        ]
        run(lambda uow: uow.copies.save_person(person("mia", "facility_manager", version=3)))
        asking = run(lambda uow: uow.copies.asking("bob", "red", "LAB-3"))
        assert [each.person for each in asking.person.absent] == ["ann"]

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

    def test_who_asks_the_teams_projects_and_the_facility(self, run):
        found = run(lambda uow: uow.copies.asking("ann", "red", "LAB-3", "bob"))
        asking, facility = found.person, found.facility
        assert (asking.person, asking.name, asking.active, asking.teams) == ("ann", "Ann", True, {"red"})
        assert (list(found.team.projects), found.team.company) == (["red-p"], "C1")
        party = found.party("red-p")
        assert (party.team, party.project, party.priority, party.operator) == ("red", "red-p", "normal", "bob")
        assert (facility.code, facility.units, facility.equivalents) == ("LAB-3", ("A",), ("LAB-4",))
        assert facility.opening_hours[0] == ((480, 1200),)
        nobody = run(lambda uow: uow.copies.asking("nobody", None, "LAB-9"))
        assert (*nobody[:4], nobody.operates) == (None, None, None, "nobody", False)
        assert found.operates
        assert not run(lambda uow: uow.copies.asking("ann", "red", "LAB-3", "cyd")).operates
        assert nobody.party(None) is None
        found = run(lambda uow: uow.copies.facilities(["LAB-4", "none", "LAB-1"]))
        assert [each.code for each in found] == ["LAB-1", "LAB-4"]
        assert run(lambda uow: uow.copies.facilities([])) == []

    def test_a_newer_snapshot_replaces_and_an_older_one_does_not(self, run):
        run(lambda uow: uow.copies.save_person(person("ann", "admin", version=5)))
        run(lambda uow: uow.copies.save_person(person("ann", version=4)))
        run(lambda uow: uow.copies.save_team(team("red", "bob", version=5)))
        run(lambda uow: uow.copies.save_team(team("red", "ann", "bob", version=4)))
        ann = run(lambda uow: uow.copies.person("ann"))
        assert (ann.roles, ann.teams) == ({"admin"}, set())
        run(lambda uow: uow.copies.save_facility(lab_3(version=5, granularity_minutes=5), NOW))
        run(lambda uow: uow.copies.save_facility(lab_3(version=4, units="XY"), NOW))
        (facility,) = run(lambda uow: uow.copies.facilities(["LAB-3"]))
        assert (facility.version, facility.granularity_minutes, facility.units) == (5, 5, ("A",))

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

    def test_interrupted_time_stands_on_the_units_that_it_concerns(self, run):
        self.add(run, a_request(span=on(1, 8, 9)))
        run(lambda uow: uow.interruptions.save(interruption(on(1, 10, 12), on(2, 10, 12), facility="LAB-1")))
        run(lambda uow: uow.interruptions.save(interruption(on(1, 7, 20), code="I-2", facility="LAB-1", unit="B")))
        found = self.held(run, on(1, 0, 24))
        assert found["LAB-1", "A"] == [on(1, 8, 9), on(1, 10, 12)]
        assert found["LAB-1", "B"] == [on(1, 7, 20), on(1, 10, 12)]
        run(lambda uow: uow.interruptions.save(interruption(facility="LAB-1", version=2)))
        run(lambda uow: uow.interruptions.save(interruption(on(1, 10, 12), facility="LAB-1", version=1)))
        assert self.held(run, on(1, 0, 24)) == {("LAB-1", "A"): [on(1, 8, 9)], ("LAB-1", "B"): [on(1, 7, 20)]}

    def test_a_facility_comes_with_its_calendar_and_what_interrupts_it(self, run):
        day = {"date": "2026-11-24", "kind": "holiday", "names": {"en": "Day off"}}
        site = SiteChanged(version=2, site="BASE", names={"en": "Base"}, days=[day], known_years=[2026])
        run(lambda uow: uow.interruptions.save_site(site))
        run(lambda uow: uow.interruptions.save_site(replace(site, version=1, days=[])))
        run(lambda uow: uow.interruptions.save(interruption(on(1, 10, 12), unit="A", open_end=True)))
        run(lambda uow: uow.interruptions.save(interruption(on(3, 0, 9), code="I-2", facility=None, kind="closure")))
        run(lambda uow: uow.interruptions.save(interruption(on(3, 0, 9), code="I-3", facility="LAB-1")))
        (lab,) = run(lambda uow: uow.copies.facilities(["LAB-3"]))
        assert lab == run(lambda uow: uow.copies.asking("ann", "red", "LAB-3")).facility
        assert lab.hours_on(at(1, 0)) == ()
        assert lab.special_on(at(1, 0)) == day
        assert {each.id: (each.kind, each.unit, each.spans, each.open_end) for each in lab.interruptions} == {
            "I-1": ("outage", "A", (on(1, 10, 12),), True), "I-2": ("closure", None, (on(3, 0, 9),), False),
        }

    def test_hits_are_what_is_held_and_not_over_on_the_units_concerned(self, run):
        hit, other_unit, over = a_request(span=on(1, 11, 13)), a_request("B"), a_request(span=on(-1, 10, 12))
        gone = a_request("A", on(1, 14, 15), state=State.CANCELLED, decide_by=None, awaits=None)
        self.add(run, hit, other_unit, over, gone)
        run(lambda uow: uow.interruptions.save(interruption(on(-2, 0, 72), on(1, 12, 20), facility="LAB-1", unit="A")))
        (found,) = run(lambda uow: uow.interruptions.hits("I-1", NOW))
        assert found == {
            "reservation": hit.id, "facility": "LAB-1", "unit": "A", "team": "red", "requester": "ann",
            **hit.span._asdict(),
        }

    def test_a_unit_that_is_added_is_interrupted_like_the_others(self, run):
        run(lambda uow: uow.interruptions.save(interruption(on(1, 10, 12))))
        run(lambda uow: uow.copies.save_facility(facility_changed("LAB-3", version=2, units="AB"), NOW))
        run(lambda uow: uow.interruptions.spread_again("LAB-3"))
        assert set(self.held(run, on(1, 0, 24), facilities=["LAB-3"])) == {("LAB-3", "A"), ("LAB-3", "B")}
    def test_what_the_operator_is_qualified_for(self, run):
        run(lambda uow: uow.copies.save_facility(lab_3(version=5, qualifications=["EMC"]), NOW))
        for version, until in ((2, NOW + HOUR), (1, NOW)):
            run(lambda uow, version=version, until=until: uow.copies.save_holder(holder("bob", version, EMC=until)))
            run(lambda uow, version=version: uow.copies.save_qualification(qualification("EMC", version)))
        found = run(lambda uow: uow.copies.asking("ann", "red", "LAB-3", "bob")).party(None)
        assert (found.operator, found.qualifications) == ("bob", {"EMC": NOW + HOUR})
        assert found.qualification_names == {"EMC": {"zh-Hans": "EMC 2", "en": "EMC 2"}}
        assert run(lambda uow: uow.copies.asking("ann", "red", "LAB-3")).party(None).qualifications == {}

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
