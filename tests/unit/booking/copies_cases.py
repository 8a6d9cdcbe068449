"""What any store of booking must make of facts: run against the one in memory and the one in PostgreSQL."""

from dataclasses import replace

from services.booking.domain.states import State
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
from tests.unit.booking.repository_cases import Kept, a_request
from tests.unit.booking.test_interruptions import interruption


class CopiesCases(Kept):
    """People, teams and facilities as the facts tell of them, and what takes time away."""

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
