"""The demo base on running services: complete, alive, and loaded once."""

from collections import Counter

import pytest
from sqlalchemy import create_engine

from deploy.demo import seed
from services.booking.domain.states import State
from services.contracts.messaging.topology import SERVICES
from tests.integration.servers import sqlalchemy_url
from tests.waiting import until

SMTP = {
    "SMTP_HOST": "127.0.0.1",
    "SMTP_PORT": "1",
    "SMTP_SENDER": "base@base.example",
    "PUBLIC_URL": "http://base.example",
}


@pytest.fixture
def databases(database_for, monkeypatch, tmp_path):
    urls = {service: database_for(service) for service in SERVICES}
    for service, url in urls.items():
        monkeypatch.setenv(f"{service.upper()}_DATABASE_URL", url)
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "state"))
    return urls


@pytest.fixture
def ask(databases):
    """ask("booking", "SELECT ...") returns rows."""
    engines = {service: create_engine(sqlalchemy_url(url)) for service, url in databases.items()}

    def run(service, statement):
        with engines[service].connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

    yield run
    for engine in engines.values():
        engine.dispose()


@pytest.fixture
def stack(databases, run_service):
    for service, url in databases.items():
        run_service(service, url, **SMTP)


@pytest.mark.usefixtures("stack")
def test_an_empty_stack_comes_alive(ask, capsys, tmp_path):
    assert seed.main() == 0
    steps = [line for line in capsys.readouterr().out.splitlines() if line.startswith("demo base:")]
    assert len(steps) == 8

    password = tmp_path / "state" / "demo-password"
    assert password.stat().st_mode & 0o777 == 0o600
    assert ask("accounts", "SELECT count(*), count(password_hash) FROM persons") == [(105, 105)]
    assert ask("facilities", "SELECT kind, count(*) FROM facilities GROUP BY 1 ORDER BY 1") == [
        ("lab", 9), ("line", 2), ("platform", 12),
    ]  # fmt: skip
    assert ask("notify", "SELECT external_id FROM bindings WHERE person = 'member01'") == [("demo-member01",)]

    states = Counter(dict(ask("booking", "SELECT state, count(*) FROM reservations GROUP BY 1")))
    assert set(states) == {str(state) for state in State} - {"offered", "declined"}
    repeated = "SELECT s.version, count(r.*) > 1 FROM series s JOIN reservations r USING (series) GROUP BY s.series"
    assert sorted(ask("booking", repeated)) == [(1, True), (2, True)], "one waits, one is decided"
    wishes = "SELECT (SELECT count(*) FROM campaigns), (SELECT count(*) FROM wait_entries), (SELECT count(*) FROM asks)"
    assert ask("booking", wishes) == [(1, 2, 1)], "what teams want beside each other"
    unsound = "SELECT count(*) FROM reservations r JOIN claims c USING (reservation) WHERE NOT c.period @> starts_at"
    assert ask("booking", unsound) == [(0,)]
    odd = "SELECT count(*) FROM reservation_history WHERE at > now()"
    assert ask("booking", odd) == [(0,)]
    gaps = """SELECT aggregate_id FROM verify.outbox WHERE aggregate_type = 'reservation'
               GROUP BY 1 HAVING min(version) <> 1 OR max(version) <> count(*)"""
    assert ask("booking", gaps) == []

    until(lambda: ask("booking", "SELECT count(*) FROM interruptions") == [(2,)], 120)
    assert ask("booking", "SELECT site, known_years[1] >= 2026 FROM sites") == [("BASE", True)]

    # Life goes on meanwhile, so both are counted anew each time.
    told = "SELECT count(*) FROM verify.outbox WHERE aggregate_type = 'reservation'"
    taken = "SELECT count(*) FROM inbox WHERE aggregate_type = 'reservation' AND handled_at IS NOT NULL"
    until(lambda: ask("notify", taken) == ask("booking", told), 120)
    assert ask("notify", "SELECT count(*) FROM verify.inbox WHERE parked") == [(0,)]

    assert seed.main() == 0
    assert "loaded already" in capsys.readouterr().out
    assert ask("booking", "SELECT count(*) FROM reservations") == [(states.total(),)]


def test_a_stack_with_people_of_its_own_is_left_alone(databases, ask, capsys, monkeypatch):
    from services.accounts import operations

    assert operations.main(["create-person", "chen.wei", "--name", "陈伟", "--email", "c@base.example"]) == 0
    assert seed.main() == 0
    assert "another base" in capsys.readouterr().out
    assert ask("accounts", "SELECT count(*) FROM persons") == [(1,)]
    assert ask("facilities", "SELECT count(*) FROM facilities") == [(0,)]


def test_it_says_who_has_not_taken_the_facts(databases, capsys, monkeypatch):
    monkeypatch.setattr(seed, "COPIES_SECONDS", 0)
    assert seed.main() == 1
    assert "booking lacks" in capsys.readouterr().err
