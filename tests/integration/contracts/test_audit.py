"""The audit trail on the real database: written with the change, verified by an operator, closed to the service."""

import json
from functools import partial

import pytest

from services.contracts.commands import SaveCompany
from services.contracts.errors import NotAllowed
from services.contracts.messaging import operations
from services.contracts.messaging.database import connect
from services.contracts.messaging.unit_of_work import Transactions, UnitOfWork
from tests.integration.contracts.test_facts import snapshot


@pytest.fixture
def transactions(sample_database, monkeypatch):
    monkeypatch.setenv("BOOKING_DATABASE_URL", sample_database)
    for other in ("ACCOUNTS", "FACILITIES", "NOTIFY"):
        monkeypatch.delenv(f"{other}_DATABASE_URL", raising=False)
    engine = connect(sample_database, 2)
    yield Transactions(engine, UnitOfWork)
    engine.dispose()


@pytest.fixture
def audit(capsys):
    """audit("verify", ...) is the operator's command: (exit code, what it printed)."""

    def run(*words):
        capsys.readouterr()
        return operations.main(["audit", *map(str, words)]), capsys.readouterr().out

    return run


def save(person, version, uow, now):
    uow.record(snapshot(person, version).event())


def three_versions(transactions):
    for version in (1, 2, 3):
        transactions.run(partial(save, "li", version))


def test_each_change_is_an_entry_and_the_chain_holds(transactions, audit, database):
    three_versions(transactions)
    assert audit("verify") == (0, "booking      the audit trail holds\n")
    rows = database("SELECT chain, sequence, action FROM verify.audit ORDER BY sequence")
    assert [tuple(row) for row in rows] == [("person:li", number, "save") for number in (1, 2, 3)]


def test_a_snapshot_told_again_is_no_change(transactions, audit, database):
    three_versions(transactions)
    transactions.run(partial(save, "li", 3))
    assert database("SELECT count(*) FROM verify.audit")[0][0] == 3
    assert audit("verify")[0] == 0


def test_a_command_names_its_actor_and_notes_go_along(transactions, audit):
    message = SaveCompany(actor="admin", request_key="k1", company="C1", name="A")
    for name in ("A", "B"):
        handler = partial(lambda message, uow, now, name: uow.note("company:C1", name=name), name=name)
        transactions.execute(handler, SaveCompany(**vars(message) | {"request_key": name}))
    code, told = audit("show", "company:C1")
    newest, oldest = [json.loads(line) for line in told.splitlines()]
    assert (code, newest["actor"], newest["action"]) == (0, "admin", "SaveCompany")
    assert (newest["changed"], oldest["changed"]) == ({"name": ["A", "B"]}, {"name": [None, "A"]})
    assert audit("show", "company:C2") == (3, "")


def test_what_is_refused_leaves_no_entry(transactions, database):
    def refused(uow, now):
        uow.note("company:C1", name="A")
        raise NotAllowed

    with pytest.raises(NotAllowed):
        transactions.run(refused)
    assert database("SELECT count(*) FROM verify.audit")[0][0] == 0


@pytest.mark.parametrize("forgery", [
    "UPDATE audit SET actor = 'mallory' WHERE sequence = 2",
    "UPDATE audit SET object = replace(object, '李薇', '李伟') WHERE sequence = 2",
    "DELETE FROM audit WHERE sequence = 2",
])
def test_a_forgery_is_found(transactions, audit, database, forgery):
    three_versions(transactions)
    database(forgery)
    code, told = audit("verify")
    assert code == 1
    assert "booking person:li" in told


def test_an_end_that_was_cut_off_is_found_by_the_heads_kept_elsewhere(transactions, audit, database, tmp_path):
    three_versions(transactions)
    kept = tmp_path / "heads"
    kept.write_text(audit("heads")[1])
    transactions.run(partial(save, "li", 4))
    assert audit("verify", "--heads", kept)[0] == 0
    database("DELETE FROM audit WHERE sequence >= 3")
    assert audit("verify")[0] == 0
    code, told = audit("verify", "--heads", kept)
    assert (code, "person:li 3" in told) == (1, True)
