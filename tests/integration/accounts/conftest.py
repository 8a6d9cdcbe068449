"""A small base in a fresh accounts database, filled through the operators' own command."""

import os

import pytest
import yaml
from sqlalchemy import create_engine

from services.accounts import operations
from services.accounts.storage.unit_of_work import AccountsUnitOfWork
from services.contracts.messaging.unit_of_work import Transactions
from tests.integration.servers import sqlalchemy_url

PASSWORD = "rosa Tapir 51"


def person(name, *roles, manages=()):
    return {
        "person": name, "name": name, "email": f"{name}@example.com", "roles": list(roles), "manages": list(manages),
    }


def member(team, name, role):
    return {"team": team, "person": name, "role": role}


BASE = {
    "companies": [{"company": "c1", "name": "光电公司"}, {"company": "c2", "name": "智造公司"}],
    "people": [
        person("admin", "admin"), person("chief", "base_manager"),
        person("keeper", "facility_manager", manages=["LAB-1"]),
        person("lead01"), person("member01"), person("lead02"), person("newcomer"),
    ],
    "teams": [
        {"team": "team-01", "name": "光电一队", "company": "c1"},
        {"team": "team-02", "name": "智造二队", "company": "c2"},
    ],
    "memberships": [
        member("team-01", "lead01", "lead"), member("team-01", "member01", "member"),
        member("team-02", "lead02", "lead"),
    ],
    "projects": [{"project": "p1", "name": "光芯片", "team": "team-01"}],
}


@pytest.fixture
def database_url(database_for):
    return database_for("accounts")


@pytest.fixture
def engine(database_url):
    made = create_engine(sqlalchemy_url(database_url))
    yield made
    made.dispose()


@pytest.fixture
def transactions(engine):
    return Transactions(engine, AccountsUnitOfWork)


@pytest.fixture
def operate(database_url, monkeypatch):
    """operate("republish") runs an operator's verb and returns its exit code."""
    monkeypatch.setitem(os.environ, "ACCOUNTS_DATABASE_URL", database_url)
    return lambda *words: operations.main([str(word) for word in words])


@pytest.fixture
def base_file(tmp_path):
    path = tmp_path / "base.yaml"
    path.write_text(yaml.safe_dump(BASE, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture
def password_file(tmp_path):
    path = tmp_path / "password"
    path.write_text(PASSWORD + "\n", encoding="utf-8")
    return path


@pytest.fixture
def base(operate, base_file, password_file):
    """The base of BASE; everybody has PASSWORD."""
    assert operate("import", base_file, "--shared-password-file", password_file) == 0
