"""The real unit of work does what the fake does; the revision makes what tables.py describes."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from services.contracts.errors import StaleVersion
from services.facilities import handlers
from services.facilities.storage.tables import metadata
from services.facilities.storage.unit_of_work import FacilitiesUnitOfWork
from tests.unit.facilities.fakes import a_facility_entry, save
from tests.unit.facilities.repository_cases import RepositoryCases


@pytest.fixture
def uow(engine):
    with engine.connect() as connection:
        yield FacilitiesUnitOfWork(connection)


class TestFacilitiesUnitOfWork(RepositoryCases):
    pass


def test_the_revision_makes_the_tables(engine):
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize(("facility", "version"), [("LAB-1", 1), ("LAB-3", None)])
def test_of_those_who_save_at_once_one_wins_and_the_others_are_told(transactions, engine, facility, version):
    barrier, outcomes = threading.Barrier(5), []

    def change(number):
        entry = a_facility_entry(facility=facility, version=version, location=f"{number} 楼")
        message = save(actor="admin", **entry)
        barrier.wait()
        try:
            outcomes.append(transactions.run(lambda uow, now: handlers.save_facility(message, uow, now))["version"])
        except StaleVersion:
            outcomes.append("stale")

    threads = [threading.Thread(target=change, args=(number,)) for number in range(5)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(map(str, outcomes)) == [str((version or 0) + 1), "stale", "stale", "stale", "stale"]
    told = "SELECT version FROM verify.outbox WHERE aggregate_id = %s ORDER BY version"
    with engine.connect() as connection:
        versions = connection.exec_driver_sql(told, (facility,)).scalars().all()
    assert versions == list(range(1, (version or 0) + 2))
