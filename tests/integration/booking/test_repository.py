"""The store in PostgreSQL does what any store must, and its schema is what the code says."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.booking.storage.tables import metadata
from tests.integration.booking.service import Booking
from tests.unit.booking.copies_cases import CopiesCases
from tests.unit.booking.examples import lab_1
from tests.unit.booking.replan_cases import ReplanCases
from tests.unit.booking.repository_cases import RepositoryCases


class TestInPostgres(RepositoryCases, CopiesCases, ReplanCases):
    @pytest.fixture
    def run(self, database_for):
        booking = Booking(database_for("booking"))
        yield lambda step: booking.run(lambda uow, now: step(uow))
        booking.engine.dispose()


def test_the_first_revision_makes_the_tables_of_the_code(engine_for):
    with engine_for("booking").connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_unit_keeps_its_number(booking):
    numbers = "SELECT unit, id, active FROM units WHERE facility = 'LAB-1' ORDER BY unit"
    before = booking.rows(numbers)
    booking.run(lambda uow, now: uow.copies.save_facility(lab_1(version=2, units="DC"), now))
    after = booking.rows(numbers)
    assert [row[:2] for row in after] == [row[:2] for row in before]
    assert [row.active for row in after] == [False, False, True, True]


def test_the_occupancy_shows_the_times_without_buffers(booking):
    made = booking.ask()
    (row,) = booking.rows("SELECT * FROM verify.occupancy")
    assert {**row._mapping, "reservation_id": str(row.reservation_id)} == {
        "reservation_id": made["id"], "facility": "LAB-3", "unit": "A", "starts_at": made["starts_at"],
        "ends_at": made["ends_at"], "held": True, "state": "requested", "version": 1, "team": "red",
        "places": None,
    }
