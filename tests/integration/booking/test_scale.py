"""With a hundred thousand reservations stored, what is asked every minute still goes by an index."""

import json

import pytest

from services.booking.queries.board import ITEMS
from services.booking.queries.reservations import QUEUE_LENGTH
from services.booking.storage.repository import CLAIMS, DUE
from tests.integration.booking.service import Booking
from tests.integration.servers import copied_database
from tests.unit.booking.examples import NOW, on

STORED = 100_000
# Two-hour reservations on the seven units of the small base, back to back, around NOW; one in a hundred waits.
FILL = f"""
    WITH numbered AS (
        SELECT id, facility, unit, row_number() OVER () - 1 AS place, count(*) OVER () AS places FROM units),
    wanted AS (
        SELECT gen_random_uuid() AS reservation, number %% 100 = 0 AS waits, u.*,
               %(now)s::timestamptz + interval '2 hours' * ((number / places) - {STORED} / 20) AS starts_at
          FROM generate_series(0, {STORED} - 1) AS number JOIN numbered u ON u.place = number %% places),
    stored AS (
        INSERT INTO reservations (reservation, version, state, facility, unit, starts_at, ends_at, team, purpose,
                                  requester, decide_by, awaits)
        SELECT reservation, 1, CASE WHEN waits THEN 'requested' ELSE 'approved' END, facility, unit, starts_at,
               starts_at + interval '2 hours', 'red', '85 ℃', 'ann', CASE WHEN waits THEN starts_at END,
               CASE WHEN waits THEN 'manager' END FROM wanted)
    INSERT INTO claims (reservation, unit_id, period, held)
    SELECT reservation, id, tstzrange(starts_at, starts_at + interval '2 hours'), true FROM wanted"""
WEEK = {**on(0, 0, 24 * 7)._asdict(), "facility": None, "sees_all": False, "teams": ["red"], "managed": [],
        "colleagues": ["green"]}
MOST_ROWS = 3_000


@pytest.fixture(scope="module")
def stored(template_for, servers):
    with copied_database(servers, template_for("booking")) as url:
        booking = Booking(url)
        with booking.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL statement_timeout = '60s'")
            connection.exec_driver_sql(FILL, {"now": NOW})
            connection.exec_driver_sql("ANALYZE")
        yield booking
        booking.engine.dispose()


def nodes(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


@pytest.mark.parametrize(("statement", "values", "index"), [
    (ITEMS, WEEK, "reservations_shown"),
    (CLAIMS, {"facilities": ["LAB-1"], "without": [], **on(1, 0, 48)._asdict()}, "claims_do_not_overlap"),
    (DUE, {"now": NOW, "limit": 100}, "reservations_waiting"),
    (QUEUE_LENGTH, {"sees_all": False, "managed": ["LAB-3"], "led": [], "own": ["mia"]}, "reservations_waiting"),
], ids=["board", "claims", "due", "approvals"])
def test_it_goes_by_an_index(stored, statement, values, index):
    with stored.engine.begin() as connection:
        (plan,) = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values).scalar_one()
    steps = list(nodes(plan["Plan"]))
    assert index in {step.get("Index Name") for step in steps}, json.dumps(plan)
    large = [step for step in steps if step.get("Relation Name") in ("reservations", "claims")]
    assert all(step["Node Type"] != "Seq Scan" for step in large), json.dumps(plan)
    seen = [(step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) * step["Actual Loops"] for step in large]
    assert max(seen) < MOST_ROWS
