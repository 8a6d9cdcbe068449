"""The real unit of work does what the fake does; the revision makes what tables.py describes."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from services.accounts import handlers
from services.accounts.storage.tables import metadata
from services.accounts.storage.unit_of_work import AccountsUnitOfWork
from services.contracts.commands import SetMembership
from tests.unit.accounts.repository_cases import RepositoryCases


@pytest.fixture
def uow(engine):
    with engine.connect() as connection:
        yield AccountsUnitOfWork(connection)


class TestAccountsUnitOfWork(RepositoryCases):
    pass


def test_the_revision_makes_the_tables(engine):
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_members_set_at_once_are_all_told_one_after_the_other(base, transactions, engine):
    people = ["admin", "chief", "keeper", "newcomer", "lead02", "lead01"]
    barrier = threading.Barrier(len(people))

    def bring_in(person):
        message = SetMembership(actor="admin", request_key=person, team="team-01", person=person, role="member")
        barrier.wait()
        transactions.execute(handlers.set_membership, message)

    threads = [threading.Thread(target=bring_in, args=(person,)) for person in people]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    told = "SELECT version FROM verify.outbox WHERE aggregate_id = 'team-01' ORDER BY version"
    with engine.connect() as connection:
        assert connection.exec_driver_sql(told).scalars().all() == list(range(1, 5 + len(people)))
