"""Commands on companies, teams, people and projects: who may, what is kept, what is told."""

from datetime import timedelta

import pytest

from services.accounts import handlers
from services.contracts.commands import (
    ChooseLanguage,
    SaveCompany,
    SavePerson,
    SaveProject,
    SaveTeam,
    SetLeave,
    SetMembership,
    SetPriority,
)
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, Unauthenticated
from tests.unit.accounts.fakes import NOW, FakePasswords, a_base


@pytest.fixture
def uow():
    return a_base()


def give(uow, kind, handler, actor="admin", **fields):
    return handler(kind(actor=actor, request_key="k", **fields), uow, NOW)


def save_person(uow, person, actor="admin", **fields):
    message = SavePerson(
        actor=actor, request_key="k", **{"person": person, "name": "赵六", "email": "z@example.com"} | fields,
    )
    return handlers.save_person(message, uow, NOW, FakePasswords())


def set_membership(uow, actor, team, person, role):
    return give(uow, SetMembership, handlers.set_membership, actor, team=team, person=person, role=role)


def save_project(uow, actor, team, project, name="新项目"):
    return give(uow, SaveProject, handlers.save_project, actor, team=team, project=project, name=name)


def rank(uow, actor, project, priority, reason=""):
    fields = {"team": "team-01", "project": project, "priority": priority, "reason": reason}
    return give(uow, SetPriority, handlers.set_priority, actor, **fields)


class TestCompaniesAndTeams:
    def test_a_team_is_created_and_told(self, uow):
        answer = give(uow, SaveTeam, handlers.save_team, team="team-03", name="三队", company="c1")
        assert answer == {"team": "team-03", "version": 1}
        told = uow.events[-1]
        assert (told.team, told.version, told.company_name, told.members) == ("team-03", 1, "光电公司", [])

    def test_saving_the_same_again_tells_nothing(self, uow):
        answer = give(uow, SaveTeam, handlers.save_team, team="team-01", name="光电一队", company="c1")
        assert (answer["version"], uow.events) == (1, [])

    def test_a_team_of_an_unknown_company_is_refused(self, uow):
        with pytest.raises(InvalidInput) as refused:
            give(uow, SaveTeam, handlers.save_team, team="team-03", name="三队", company="c9")
        assert refused.value.facts["errors"] == {"company": ["unknown"]}

    def test_a_new_name_of_a_company_is_told_for_each_of_its_teams(self, uow):
        give(uow, SaveCompany, handlers.save_company, company="c1", name="光电集团")
        assert [(fact.team, fact.version, fact.company_name) for fact in uow.events] == [("team-01", 2, "光电集团")]

    @pytest.mark.parametrize("actor", ["chief", "lead01", "newcomer"])
    def test_only_admins_save_companies_teams_and_people(self, uow, actor):
        with pytest.raises(NotAllowed):
            give(uow, SaveCompany, handlers.save_company, actor, company="c1", name="x")
        with pytest.raises(NotAllowed):
            give(uow, SaveTeam, handlers.save_team, actor, team="team-01", name="x", company="c1")
        with pytest.raises(NotAllowed):
            save_person(uow, "lead01", actor=actor)


class TestMembers:
    def test_a_lead_brings_in_a_member(self, uow):
        set_membership(uow, "lead01", "team-01", "newcomer", "member")
        assert {"person": "newcomer", "role": "member"} in uow.events[-1].members
        assert uow.events[-1].version == 2

    def test_a_lead_takes_out_a_member(self, uow):
        set_membership(uow, "lead01", "team-01", "member01", None)
        assert uow.events[-1].members == [{"person": "lead01", "role": "lead"}]

    @pytest.mark.parametrize(("person", "role"), [("newcomer", "lead"), ("member01", "lead"), ("lead01", None)])
    def test_only_an_admin_decides_who_leads(self, uow, person, role):
        with pytest.raises(NotAllowed):
            set_membership(uow, "lead01", "team-01", person, role)
        set_membership(uow, "admin", "team-01", person, role)

    @pytest.mark.parametrize(("actor", "refusal"), [
        ("member01", NotAllowed), ("chief", NotAllowed), ("lead02", NotFound), ("newcomer", NotFound),
    ])
    def test_others_may_not_and_a_foreign_team_is_not_there(self, uow, actor, refusal):
        with pytest.raises(refusal):
            set_membership(uow, actor, "team-01", "newcomer", "member")

    def test_everything_unknown_is_named_at_once(self, uow):
        with pytest.raises(InvalidInput) as refused:
            set_membership(uow, "admin", "team-99", "nobody", "member")
        assert refused.value.facts["errors"] == {"team": ["unknown"], "person": ["unknown"]}


class TestProjects:
    def test_a_lead_adds_and_renames_a_project(self, uow):
        save_project(uow, "lead01", "team-01", "p2")
        save_project(uow, "lead01", "team-01", "p1", "光芯片二代")
        ordinary = {"stage": "prototype", "priority": "normal", "priority_reason": ""}
        assert uow.events[-1].projects == [
            {"code": "p1", "name": "光芯片二代", **ordinary}, {"code": "p2", "name": "新项目", **ordinary},
        ]

    def test_base_management_ranks_it_with_a_reason_that_outlives_a_new_name(self, uow):
        rank(uow, "chief", "p1", "key", " 揭榜挂帅 ")
        save_project(uow, "lead01", "team-01", "p1", "光芯片二代")
        (project,) = uow.events[-1].projects
        assert (project["priority"], project["priority_reason"], project["name"]) == ("key", "揭榜挂帅", "光芯片二代")
        rank(uow, "chief", "p1", "normal")
        assert uow.events[-1].projects[0]["priority_reason"] == ""

    @pytest.mark.parametrize("actor", ["lead01", "newcomer"])
    def test_teams_and_facility_managers_rank_nothing(self, uow, actor):
        with pytest.raises(NotAllowed):
            rank(uow, actor, "p1", "urgent", "we are late")

    def test_a_rank_needs_a_reason_and_a_project_that_is_there(self, uow):
        with pytest.raises(InvalidInput) as refused:
            rank(uow, "chief", "p9", "urgent")
        assert refused.value.facts["errors"] == {"project": ["unknown"], "reason": ["required"]}

    def test_a_project_stays_with_its_team(self, uow):
        with pytest.raises(InvalidInput) as refused:
            save_project(uow, "lead02", "team-02", "p1")
        assert refused.value.facts["errors"] == {"project": ["taken"]}

    def test_a_member_may_not(self, uow):
        with pytest.raises(NotAllowed):
            save_project(uow, "member01", "team-01", "p2")


class TestPeople:
    def test_a_person_is_created_with_a_hashed_password_and_told_without(self, uow):
        roles = {"roles": ["facility_manager"], "manages": ["LAB-2", "LAB-1"]}
        answer = save_person(uow, "zhao", password="rosa Tapir 51", **roles)
        assert answer == {"person": "zhao", "version": 1}
        assert uow.people.hashes["zhao"] == "old:rosa Tapir 51"
        assert uow.events[-1].manages == ["LAB-1", "LAB-2"]
        assert "Tapir" not in repr(uow.events)

    def test_versions_rise_by_one_with_each_change(self, uow):
        save_person(uow, "zhao")
        save_person(uow, "zhao", name="赵七")
        save_person(uow, "zhao", name="赵七")
        assert [fact.version for fact in uow.events] == [1, 2]

    def test_a_new_password_lets_a_person_in_again(self, uow):
        uow.sign_ins.get("lead01", "", NOW)
        save_person(uow, "lead01", password="rosa Tapir 51")
        assert uow.sign_ins.kept == {}

    def test_no_password_leaves_the_one_kept(self, uow):
        uow.people.set_password("lead01", "old:secret", NOW)
        save_person(uow, "lead01", name="新名字")
        assert uow.people.hashes["lead01"] == "old:secret"

    def test_everything_wrong_is_named_at_once(self, uow):
        with pytest.raises(InvalidInput) as refused:
            save_person(uow, "zhao", password="password", manages=["LAB-1"])
        assert refused.value.facts["errors"] == {"password": ["too_common"], "manages": ["needs_facility_manager"]}
        assert (uow.events, uow.people.get("zhao")) == ([], None)

    def test_a_disabled_admin_is_nobody(self, uow):
        save_person(uow, "admin", active=False)
        with pytest.raises(Unauthenticated):
            save_person(uow, "zhao")

    def test_everybody_chooses_a_language(self, uow):
        give(uow, ChooseLanguage, handlers.choose_language, "newcomer", language="en")
        assert (uow.events[-1].person, uow.events[-1].language) == ("newcomer", "en")


def test_republishing_tells_everything_in_its_present_version(uow):
    assert handlers.republish(uow, NOW) == {"facts": 8}
    assert {fact.version for fact in uow.events} == {1}
    assert [fact.aggregate_id for fact in uow.events if fact.aggregate_type == "team"] == ["team-01", "team-02"]


DAY = timedelta(days=1)


class TestLeave:
    def set(self, uow, actor="lead01", delegate="member01", starts_at=NOW, ends_at=NOW + 7 * DAY):
        return give(uow, SetLeave, handlers.set_leave, actor, delegate=delegate, starts_at=starts_at, ends_at=ends_at)

    def test_a_delegate_is_told_with_the_dates(self, uow):
        assert self.set(uow)["version"] == 2
        assert uow.events[-1].away == {
            "delegate": "member01", "starts_at": NOW.isoformat(), "ends_at": (NOW + 7 * DAY).isoformat(),
        }

    def test_leave_ends_when_no_delegate_is_named(self, uow):
        self.set(uow)
        give(uow, SetLeave, handlers.set_leave, "lead01")
        assert (uow.events[-1].version, uow.events[-1].away) == (3, None)

    def test_somebody_of_the_base_stands_in_for_somebody_of_the_base(self, uow):
        self.set(uow, "chief", "admin")
        assert uow.people.get("chief").delegate == "admin"

    @pytest.mark.parametrize(("actor", "delegate", "word"), [
        ("lead01", "nobody", "unknown"), ("lead01", "lead01", "unknown"), ("member01", "lead01", "nothing_to_decide"),
        ("lead01", "lead02", "cannot_stand_in"), ("chief", "lead01", "cannot_stand_in"),
        ("lead01", "admin", "cannot_stand_in"),
    ])
    def test_who_cannot_stand_in(self, uow, actor, delegate, word):
        """A rival must not come to see a team's requests as somebody's delegate."""
        with pytest.raises(InvalidInput) as refused:
            self.set(uow, actor, delegate)
        assert refused.value.facts["errors"] == {"delegate": [word]}

    @pytest.mark.parametrize(("starts_at", "ends_at", "errors"), [
        (None, None, {"starts_at": ["required"], "ends_at": ["required"]}),
        (NOW, NOW, {"ends_at": ["ends_before_start"]}),
        (NOW - 5 * DAY, NOW - DAY, {"ends_at": ["in_the_past"]}),
        (NOW, NOW + 400 * DAY, {"ends_at": ["out_of_range"]}),
    ])
    def test_wrong_dates(self, uow, starts_at, ends_at, errors):
        with pytest.raises(InvalidInput) as refused:
            self.set(uow, starts_at=starts_at, ends_at=ends_at)
        assert refused.value.facts["errors"] == errors
