"""The operator's command line: what it does, what it prints, how it ends."""

import time

import pytest

from services.accounts import queries
from services.accounts.domain import tokens
from tests.integration.accounts.conftest import PASSWORD


@pytest.fixture
def rows(engine):
    def run(statement):
        with engine.connect() as connection:
            return connection.exec_driver_sql(statement).all()

    return run


def hash_of(rows, person):
    return rows(f"SELECT password_hash FROM persons WHERE person = '{person}'")[0].password_hash


def test_an_import_brings_everything_and_tells_it(base, rows, transactions):
    assert transactions.read(queries.identity, person="lead01")["teams"][0]["role"] == "lead"
    newest = "SELECT DISTINCT ON (aggregate_id) aggregate_id, version FROM verify.outbox ORDER BY 1, 2 DESC"
    assert len(rows(newest)) == 9
    assert len({hash_of(rows, "lead01"), hash_of(rows, "lead02")}) == 1


def test_importing_again_changes_nothing(base, operate, base_file, rows):
    before = rows("SELECT event_id FROM verify.outbox ORDER BY 1")
    assert operate("import", base_file) == 0
    assert rows("SELECT event_id FROM verify.outbox ORDER BY 1") == before


def test_an_import_with_a_mistake_is_refused_and_says_why(operate, tmp_path, capsys):
    path = tmp_path / "wrong.yaml"
    path.write_text("teams: [{team: team-01, name: x, company: nowhere, colour: red}]")
    assert operate("import", path) == 1
    assert "unknown_field" in capsys.readouterr().err


def test_fifty_teams_are_imported_quickly(operate, tmp_path, password_file):
    path = tmp_path / "fifty.yaml"
    entries = ["companies: [{company: c1, name: c1}]", "people:"]
    numbers = [f"{number:02}" for number in range(50)]
    pairs = [(f"{role}{number}", f"team-{number}", role) for number in numbers for role in ("lead", "member")]
    entries += [f"- {{person: {person}, name: {person}, email: {person}@example.com}}" for person, _, _ in pairs]
    entries += ["teams:", *(f"- {{team: team-{number}, name: team {number}, company: c1}}" for number in numbers)]
    entries += ["memberships:", *(f"- {{team: {team}, person: {who}, role: {role}}}" for who, team, role in pairs)]
    path.write_text("\n".join(entries))
    began = time.monotonic()
    assert operate("import", path, "--shared-password-file", password_file) == 0
    assert time.monotonic() - began < 8


def test_a_person_is_created_and_gets_another_password(operate, password_file, tmp_path, rows):
    words = ("create-person", "zhao", "--name", "赵六", "--email", "z@example.com", "--roles", "admin")
    assert operate(*words, "--password-file", password_file) == 0
    first = hash_of(rows, "zhao")
    password_file.write_text("another Tapir 52")
    assert operate("set-password", "zhao", "--password-file", password_file) == 0
    assert hash_of(rows, "zhao") != first
    password_file.write_text("password")
    assert operate("set-password", "zhao", "--password-file", password_file) == 1


def test_a_token_is_printed_alone_and_can_be_ended(base, operate, capsys, transactions):
    capsys.readouterr()
    assert operate("create-token", "lead01", "--days", "7") == 0
    printed = capsys.readouterr()
    secret = printed.out.strip()
    assert tokens.is_well_formed(secret)
    assert transactions.read(queries.identity_by_token, secret=secret)["scopes"] == ["manage", "read", "reserve"]
    assert operate("revoke", printed.err.split()[1]) == 0
    assert transactions.read(queries.tokens, actor="lead01") == {"items": []}


def test_republishing_repeats_the_present_versions(base, operate, rows):
    assert operate("republish") == 0
    latest = "SELECT version, count(*) FROM verify.outbox WHERE aggregate_id = 'team-01' GROUP BY 1 ORDER BY 1 DESC"
    assert tuple(rows(latest)[0]) == (4, 2)


def test_the_operator_is_no_person(base, transactions):
    with pytest.raises(Exception, match="Sign in"):
        transactions.run(lambda uow, now: uow.actor("operator"))


def test_each_end_has_its_exit_code(base, operate, monkeypatch, capsys):
    assert operate("create-token", "nobody") == 1
    assert operate("create-token", "member01", "--scopes", "manage") == 1
    assert operate("import", "/no/such/file") == 2
    with pytest.raises(SystemExit) as ended:
        operate("no-such-verb")
    assert ended.value.code == 2
    monkeypatch.setenv("ACCOUNTS_DATABASE_URL", "postgresql://postgres@127.0.0.1:1/nothing")
    assert operate("republish") == 3
    monkeypatch.delenv("ACCOUNTS_DATABASE_URL")
    assert operate("republish") == 2
    assert PASSWORD not in capsys.readouterr().err
