"""A fresh facilities database, with one facility and its people in it where a test asks for ``base``."""

import os

import pytest
import yaml
from sqlalchemy import create_engine

from services.contracts.messaging.unit_of_work import Transactions
from services.facilities import handlers, operations
from services.facilities.storage.unit_of_work import FacilitiesUnitOfWork
from tests.integration.servers import sqlalchemy_url
from tests.unit.facilities.fakes import a_facility_entry, a_person

ENTRIES = [
    a_facility_entry(facility="PLAT-01", kind="platform"),
    a_facility_entry(facility="LAB-2"),
    a_facility_entry(facility="LAB-1"),
    a_facility_entry(facility="LINE-1", kind="line"),
]
PEOPLE = [
    a_person("admin", ["admin"]),
    a_person("keeper", ["facility_manager"], ["LAB-1"], name="陈主管"),
    a_person("second", ["facility_manager"], ["LAB-2", "LAB-1"]),
    a_person("former", [], ["LAB-1"]),
    a_person("gone", ["facility_manager"], ["LAB-1"], active=False),
    a_person("member"),
]


@pytest.fixture
def database_url(database_for):
    return database_for("facilities")


@pytest.fixture
def engine(database_url):
    made = create_engine(sqlalchemy_url(database_url))
    yield made
    made.dispose()


@pytest.fixture
def transactions(engine):
    return Transactions(engine, FacilitiesUnitOfWork)


@pytest.fixture
def operate(database_url, monkeypatch):
    """operate("republish") runs an operator's verb and returns its exit code."""
    monkeypatch.setitem(os.environ, "FACILITIES_DATABASE_URL", database_url)
    return lambda *words: operations.main([str(word) for word in words])


@pytest.fixture
def file_of(tmp_path):
    """file_of(entries) is the path of an import file."""

    def write(entries):
        path = tmp_path / "facilities.yaml"
        path.write_text(yaml.safe_dump({"facilities": entries}, allow_unicode=True), encoding="utf-8")
        return path

    return write


@pytest.fixture
def base(operate, file_of, transactions):
    assert operate("import", file_of(ENTRIES)) == 0
    for person in PEOPLE:
        transactions.run(lambda uow, now, person=person: handlers.take_fact(person, uow, now))
