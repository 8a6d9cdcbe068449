"""What may be asked, by whom."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from services.accounts import handlers, queries
from services.accounts.domain import tokens
from services.contracts.commands import CreateToken, RevokeToken, SavePerson, SetLeave
from services.contracts.errors import NotFound, Unauthenticated
from services.contracts.messaging.unit_of_work import Transactions

SECRET = tokens.compose("Qm3xT0v-" * 4)

pytestmark = pytest.mark.usefixtures("base")


@pytest.fixture
def ask(transactions):
    return partial(transactions.read)


def create_token(transactions, days=90):
    message = CreateToken(actor="lead01", request_key="k", name="script", scopes=["read", "reserve"], days=days)
    return transactions.execute(partial(handlers.create_token, secret=SECRET), message).value["token"]


def disable(transactions, person):
    message = SavePerson(actor="admin", request_key="off", person=person, name="x", email="x@example.com", active=False)
    transactions.execute(partial(handlers.save_person, passwords=None), message)


def codes(answer, name):
    return [item[name] for item in answer["items"]]


def test_an_identity_has_roles_and_teams(ask):
    lead = ask(queries.identity, person="lead01")
    assert lead["teams"] == [{"code": "team-01", "name": "光电一队", "role": "lead", "company": "c1"}]
    assert (lead["person"], lead["language"], lead["active"], lead["roles"]) == ("lead01", "zh-Hans", True, [])
    keeper = ask(queries.identity, person="keeper")
    assert (keeper["roles"], keeper["manages"], keeper["teams"]) == (["facility_manager"], ["LAB-1"], [])


def test_an_identity_names_the_delegate_and_those_one_stands_in_for(ask, transactions):
    now = datetime.now(UTC)
    for key, starts_at, ends_at, count in (("a", now - timedelta(days=1), now + timedelta(days=1), 1),
                                           ("b", now + timedelta(days=1), now + timedelta(days=2), 0)):
        message = SetLeave(
            actor="lead01", request_key=key, delegate="member01", starts_at=starts_at, ends_at=ends_at)
        transactions.execute(handlers.set_leave, message)
        assert ask(queries.identity, person="lead01")["leave"]["delegate"] == "member01"
        assert len(ask(queries.identity, person="member01")["stands_in_for"]) == count
    transactions.execute(handlers.set_leave, SetLeave(actor="lead01", request_key="c"))
    assert ask(queries.identity, person="lead01")["leave"] is None


@pytest.mark.parametrize(("actor", "able"), [
    ("lead01", ["member01"]), ("chief", ["admin", "keeper"]), ("member01", []), ("lead02", []), ("nobody", []),
])
def test_who_may_stand_in(ask, actor, able):
    assert codes(ask(queries.delegates, actor=actor), "person") == able


def test_the_disabled_and_the_unknown_have_none(ask, transactions):
    disable(transactions, "lead01")
    for person in ("lead01", "nobody", None):
        with pytest.raises(Unauthenticated):
            ask(queries.identity, person=person)


@pytest.mark.parametrize("actor", ["admin", "chief", "keeper"])
def test_managers_see_all_people_and_teams(ask, actor):
    assert len(codes(ask(queries.people, actor=actor), "person")) == 7
    assert codes(ask(queries.teams, actor=actor), "code") == ["team-01", "team-02"]


@pytest.mark.parametrize(("actor", "people", "teams"), [
    ("lead01", ["lead01", "member01"], ["team-01"]), ("newcomer", ["newcomer"], []), ("nobody", [], []),
])
def test_others_see_those_of_their_own_teams(ask, actor, people, teams):
    assert codes(ask(queries.people, actor=actor), "person") == people
    assert codes(ask(queries.teams, actor=actor), "code") == teams


def test_a_team_shows_members_and_projects(ask):
    team = ask(queries.team, actor="member01", team="team-01")
    assert (team["company_name"], team["role"]) == ("光电公司", "member")
    assert [(item["person"], item["role"]) for item in team["members"]] == [("lead01", "lead"), ("member01", "member")]
    ordinary = {"stage": "prototype", "priority": "normal", "priority_reason": ""}
    assert team["projects"] == [{"code": "p1", "name": "光芯片", **ordinary}]
    (project,) = ask(queries.projects, actor="chief", team="team-01")["items"]
    assert (project["code"], project["stage"], project["team_name"], project["role"]) == (
        "p1", "prototype", team["name"], None,
    )
    assert project in ask(queries.projects, actor="chief")["items"]
    assert [each["role"] for each in ask(queries.projects, actor="lead01")["items"]] == ["lead"]
    assert ask(queries.projects, actor="newcomer") == {"items": []}


@pytest.mark.parametrize(("actor", "team"), [("lead02", "team-01"), ("lead01", "team-99"), ("nobody", "team-01")])
def test_a_foreign_team_looks_like_none(ask, actor, team):
    for query in (queries.team, queries.projects):
        with pytest.raises(NotFound):
            ask(query, actor=actor, team=team)


def test_the_disabled_see_nothing(ask, transactions):
    disable(transactions, "chief")
    assert ask(queries.people, actor="chief") == ask(queries.teams, actor="chief") == {"items": []}


class TestTokens:
    def test_a_token_stands_for_its_person_with_its_scopes(self, ask, transactions):
        token = create_token(transactions)
        identity = ask(queries.identity_by_token, secret=SECRET)
        assert (identity["person"], identity["scopes"], identity["token"]) == ("lead01", ["read", "reserve"], token)

    def test_its_use_is_news_once_an_hour(self, ask, transactions):
        create_token(transactions)
        first, second = (ask(queries.identity_by_token, secret=SECRET) for _ in range(2))
        assert first["use_is_news"] is second["use_is_news"] is True
        handlers.note_use(first, transactions)
        assert ask(queries.identity_by_token, secret=SECRET)["use_is_news"] is False
        assert ask(queries.tokens, actor="lead01")["items"][0]["last_used_at"]

    def test_the_owner_sees_it_without_what_it_is_made_of(self, ask, transactions):
        token = create_token(transactions)
        item = ask(queries.tokens, actor="lead01")["items"][0]
        assert (item["token"], item["prefix"]) == (token, SECRET[:10])
        assert not {"hash", "secret"} & set(item)
        assert ask(queries.tokens, actor="lead02") == {"items": []}

    @pytest.mark.parametrize("end", ["revoked", "expired", "disabled", "unknown", "malformed"])
    def test_a_token_that_does_not_count_is_nobodys(self, ask, transactions, engine, end):
        long_ago = Transactions(engine, transactions.unit_of_work, clock=lambda: datetime.now(UTC) - timedelta(days=2))
        token = create_token(long_ago if end == "expired" else transactions, days=1)
        secret = {"unknown": tokens.compose("x" * 32), "malformed": SECRET[:-1]}.get(end, SECRET)
        if end == "revoked":
            message = RevokeToken(actor="lead01", request_key="end", token=token)
            transactions.execute(handlers.revoke_token, message)
        if end == "disabled":
            disable(transactions, "lead01")
        with pytest.raises(Unauthenticated):
            ask(queries.identity_by_token, secret=secret)
