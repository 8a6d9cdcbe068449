"""What every unit of work of accounts must do: the fake here, the real one in the integration ring."""

from datetime import timedelta

import pytest

from services.accounts.domain.people import Person
from services.accounts.domain.sign_in import known
from services.accounts.domain.teams import Project, Team
from services.accounts.domain.tokens import Token
from services.contracts.errors import StaleVersion, Unauthenticated
from tests.unit.accounts.fakes import NOW

TOKEN_ID = "9e1f2d6a-54e5-4c5a-9b1e-0f3f1a7f0001"


def a_person(person="lead01", **fields):
    return Person(**{"person": person, "name": "张三", "email": "z@example.com", "version": 1} | fields)


def a_team(**fields):
    known = {"team": "team-01", "name": "光电一队", "company": "c1", "company_name": "光电公司", "version": 1}
    return Team(**known | fields)


def a_token(**fields):
    return Token(**{
        "token": TOKEN_ID, "person": "lead01", "name": "script", "prefix": "pbb_abcdef", "hash": "0" * 64,
        "scopes": ("read",), "created_at": NOW, "expires_at": NOW + timedelta(days=90),
    } | fields)


class RepositoryCases:
    """The fixture ``uow`` gives an empty one."""

    def test_a_person_comes_back_as_saved(self, uow):
        saved = a_person(roles=("facility_manager",), manages=("LAB-1", "LAB-2"))
        uow.people.save(saved)
        assert uow.people.get("lead01") == saved
        assert uow.people.all() == [saved]
        assert uow.people.get("nobody") is None

    def test_leave_comes_back_and_a_delegate_is_active(self, uow):
        uow.people.save(a_person("member01"))
        uow.people.save(a_person("gone", active=False))
        away = a_person(delegate="member01", away_from=NOW, away_until=NOW + timedelta(days=5))
        uow.people.save(away)
        assert uow.people.get("lead01") == away
        assert uow.people.active("member01").person == "member01"
        assert uow.people.active("gone") is uow.people.active("nobody") is None

    def test_a_person_is_written_only_on_top_of_the_former_version(self, uow):
        uow.people.save(a_person())
        uow.people.save(a_person(name="李四", version=2))
        with pytest.raises(StaleVersion):
            uow.people.save(a_person(name="王五", version=2))
        assert uow.people.get("lead01").name == "李四"

    def test_a_team_comes_back_with_members_and_projects(self, uow):
        uow.people.save(a_person())
        uow.people.save(a_person("member01"))
        uow.teams.save_company("c1", "光电公司")
        first, second = Project(name="光芯片"), Project(name="光芯片二代", stage="pilot", priority="key")
        uow.teams.save(a_team(members={"lead01": "lead", "member01": "member"}, projects={"p1": first}))
        changed = uow.teams.get("team-01").with_member("member01", None).with_project("p1", second)
        uow.teams.save(a_team(members=changed.members, projects=changed.projects, version=2))
        expected = a_team(members={"lead01": "lead"}, projects={"p1": second}, version=2)
        assert uow.teams.get("team-01") == expected
        assert uow.teams.all() == uow.teams.of_company("c1") == [expected]
        assert uow.teams.of_company("c2") == []
        assert (uow.teams.team_of_project("p1"), uow.teams.team_of_project("p9")) == ("team-01", None)
        assert uow.teams.get("team-09") is None

    def test_a_team_without_members_is_a_team(self, uow):
        uow.teams.save_company("c1", "光电公司")
        uow.teams.save(a_team())
        assert uow.teams.get("team-01") == a_team()

    def test_a_project_is_not_taken_from_another_team(self, uow):
        uow.teams.save_company("c1", "光电公司")
        uow.teams.save(a_team(projects={"p1": Project(name="光芯片")}))
        with pytest.raises(StaleVersion):
            uow.teams.save(a_team(team="team-02", projects={"p1": Project(name="抢来的")}))

    def test_a_company_can_be_renamed(self, uow):
        assert uow.teams.company_name("c1") is None
        uow.teams.save_company("c1", "光电公司")
        uow.teams.save_company("c1", "光电集团")
        assert uow.teams.company_name("c1") == "光电集团"

    def test_an_actor_has_roles_and_teams(self, uow):
        uow.people.save(a_person(roles=("admin",)))
        uow.teams.save_company("c1", "光电公司")
        uow.teams.save(a_team(members={"lead01": "lead"}))
        actor = uow.actor("lead01")
        assert (actor.person, actor.roles, dict(actor.teams)) == ("lead01", {"admin"}, {"team-01": "lead"})

    @pytest.mark.parametrize("person", ["nobody", "gone"])
    def test_the_unknown_and_the_disabled_are_no_actors(self, uow, person):
        uow.people.save(a_person("gone", active=False))
        with pytest.raises(Unauthenticated):
            uow.actor(person)

    def test_a_password_hash_is_kept_and_only_the_known_one_is_renewed(self, uow):
        uow.people.save(a_person())
        assert uow.people.password_hash("lead01") is None
        uow.people.set_password("lead01", "first", NOW)
        uow.people.renew_hash("lead01", "another", "wrong")
        uow.people.renew_hash("lead01", "first", "second")
        assert uow.people.password_hash("lead01") == "second"
        uow.people.save(a_person(active=False, version=2))
        assert uow.people.password_hash("lead01") is None

    def test_a_token_has_an_owner_and_ends_once(self, uow):
        uow.people.save(a_person())
        uow.tokens.add(a_token())
        assert uow.tokens.owner(TOKEN_ID) == "lead01"
        assert uow.tokens.owner("9e1f2d6a-54e5-4c5a-9b1e-0f3f1a7f9999") is None
        uow.tokens.revoke(TOKEN_ID, NOW)
        uow.tokens.revoke(TOKEN_ID, NOW + timedelta(days=1))

    def test_tries_are_kept_per_person_and_address(self, uow):
        first = uow.sign_ins.get("lead01", "", NOW)
        assert (first.failures, first.last_at) == (0, NOW)
        uow.sign_ins.save(known("lead01", "10.0.0.1", NOW))
        assert uow.sign_ins.is_known("lead01", "10.0.0.1")
        assert not uow.sign_ins.is_known("lead01", "10.0.0.2")
        uow.sign_ins.forget("lead01", "10.0.0.1")
        assert not uow.sign_ins.is_known("lead01", "10.0.0.1")

    def test_all_tries_of_a_person_can_be_forgotten(self, uow):
        for person, address in (("lead01", ""), ("lead01", "10.0.0.1"), ("lead02", "10.0.0.1")):
            uow.sign_ins.save(known(person, address, NOW))
        uow.sign_ins.forget_person("lead01")
        found = [uow.sign_ins.is_known(person, "10.0.0.1") for person in ("lead01", "lead02")]
        assert found == [False, True]

    def test_what_is_old_is_forgotten(self, uow):
        uow.sign_ins.save(known("lead01", "10.0.0.1", NOW))
        assert uow.sign_ins.forget_old(NOW + timedelta(days=30)) == 0
        assert uow.sign_ins.forget_old(NOW + timedelta(days=31)) == 1
