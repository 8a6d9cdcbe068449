"""The nearest ways to succeed over 90 days at 10,000 stored reservations, in the service: handler and database.

    near     the wished time is taken on a facility that is half full, as most are
    far      the facility is full for twelve weeks: everything is looked through
    find     the first times on any of ten equal facilities, judged for a team
"""

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import psycopg2
from alembic import command
from alembic.config import Config

from bench import stored
from services.booking import handlers, queries
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish
from services.booking.handlers.placing import offers
from services.booking.handlers.quotas import entitled
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.commands import RequestReservation
from services.contracts.events import FacilityChanged, PersonChanged, QuotaChanged, TeamChanged
from services.contracts.messaging.database import connect
from services.contracts.messaging.unit_of_work import Transactions

STORED = 10_000
UNITS = "ABCD"
CODES = [f"SUGGEST-{number:02}" for number in range(10)]
FULL = CODES[-1]
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LENGTH = 4 * HOUR
REPEATS = 60

# A thousand on each facility over 90 days, four hours long with breaks of 4:38; the last one has none for
# twelve weeks, in runs of a day, and shares the rest out over its last week.
FILL = """
    WITH places AS (
        SELECT id AS unit_id, facility, unit, row_number() OVER (ORDER BY facility, unit) - 1 AS place
          FROM units WHERE facility LIKE 'SUGGEST-%%'),
    wanted AS (
        SELECT gen_random_uuid() AS id, p.*, n, p.facility = %(full)s AS is_full
          FROM generate_series(0, %(stored)s / 40 - 1) AS n CROSS JOIN places p),
    timed AS (
        SELECT w.*, %(first)s::timestamptz + CASE
                   WHEN is_full THEN n * interval '8 hours'
                   ELSE n * interval '518 minutes' + place * interval '37 minutes' END AS starts_at,
               CASE WHEN is_full THEN interval '8 hours' ELSE interval '4 hours' END AS length
          FROM wanted w),
    stored AS (
        INSERT INTO reservations (reservation, version, state, facility, unit, starts_at, ends_at, team, purpose,
                                  requester)
        SELECT id, 1, 'approved', facility, unit, starts_at, starts_at + length,
               CASE WHEN n %% 50 = 0 THEN 'suggest' ELSE 'others' END, '批量', 'suggest' FROM timed)
    INSERT INTO claims (reservation, unit_id, period, held)
    SELECT id, unit_id, tstzrange(starts_at, starts_at + length), true FROM timed"""


class Spent(NamedTuple):
    """Milliseconds, and how many ways were found."""

    what: str
    median: float
    p95: float
    processor: float
    found: int


def facts() -> Iterator[Any]:
    """Ten equal facilities, open day and night, one person in one team, and a quota that binds them."""
    for code in CODES:
        yield FacilityChanged(
            version=1, facility=code, kind="lab", names={"zh-Hans": code, "en": code}, descriptions={},
            units=[{"code": unit, "names": {"zh-Hans": unit, "en": unit}} for unit in UNITS],
            opening_hours=[[[0, 1440]]] * 7, granularity_minutes=30, shortest_minutes=60, longest_minutes=1440,
            notice_minutes=0, horizon_days=120, setup_minutes=0, cleardown_minutes=30, approval="automatic",
            decision_hours=24, unit_choice=True, equivalents=[each for each in CODES if each not in (code, FULL)],
            location="", active=True, most_pieces=3,
        )
    yield PersonChanged(
        version=1, person="suggest", name="Suggest", email="", language="en", active=True, roles=[], manages=[],
        away=None,
    )
    yield TeamChanged(
        version=1, team="suggest", name="Suggest", company="suggest", company_name="Suggest",
        members=[{"person": "suggest", "role": "member"}], projects=[],
    )
    yield QuotaChanged(
        version=1, quota="suggest", scope="team", per="month", limit=60 * 400, subject="suggest", kind=None,
        off_peak_percent=100, peak_hours=[], active=True,
    )


@contextmanager
def own_database(admin_url: str) -> Iterator[str]:
    """The address of a migrated database that is there for this alone."""
    name = f"suggest_{uuid.uuid4().hex[:8]}"
    url = stored.beside(admin_url, name)
    administer(admin_url, f'CREATE DATABASE "{name}"')
    try:
        administer(url, "CREATE EXTENSION IF NOT EXISTS btree_gist")
        config = Config()
        config.set_main_option("script_location", "services/booking/storage/migrations")
        config.set_main_option("sqlalchemy.url", url.replace("postgresql://", "postgresql+psycopg2://", 1))
        command.upgrade(config, "head")
        yield url
    finally:
        administer(admin_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def administer(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


class Suggesting:
    """A booking database with the stored reservations, and a clock that stands still."""

    def __init__(self, url: str):
        midnight = datetime.now(UTC).replace(hour=16, minute=0, second=0, microsecond=0)
        self.now = midnight - 8 * HOUR
        self.engine = connect(url)
        self.transactions = Transactions(self.engine, BookingUnitOfWork, clock=lambda: self.now)
        for fact in facts():
            self.transactions.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))
        with self.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(FILL, {"first": midnight, "stored": STORED, "full": FULL})
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE reservations, claims")
        self.taken = Span(midnight + 20 * DAY, midnight + 20 * DAY + LENGTH)

    def offered(self, facility: str) -> int:
        """What a refusal offers to a wish that is refused."""
        with self.engine.begin() as connection:
            uow = BookingUnitOfWork(connection)
            asking = uow.copies.asking("suggest", "suggest", facility)
            wish = Wish(span=self.taken, unit="A", party=asking.party(None))
            wish = entitled(wish, [asking.facility.kind], uow, self.now, locking=False)
            return len(offers(wish, asking.facility, uow, self.now))

    def find(self) -> int:
        found = self.transactions.read(
            queries.find_times, now=self.now, actor="suggest", facility=FULL, equivalents=True, team="suggest",
            minutes=240, starts_at=self.now, ends_at=self.now + 90 * DAY, limit=5,
        )
        return len(found["items"])

    def request(self) -> int:
        """A plain request that is granted, to compare with."""
        place = next(self.free)
        self.transactions.execute(handlers.request_reservation, RequestReservation(
            actor="suggest", request_key=uuid.uuid4().hex, facility=CODES[0], team="suggest", purpose="p",
            starts_at=place, ends_at=place + HOUR,
        ))
        return 1

    def measured(self) -> list[Spent]:
        self.free = iter([self.taken.starts_at + 80 * DAY + number * 2 * HOUR for number in range(REPEATS + 5)])
        return [
            timed("plain request", self.request),
            timed("near", lambda: self.offered(CODES[0])),
            timed("far", lambda: self.offered(FULL)),
            timed("find", self.find),
        ]


def timed(what: str, call: Callable[[], int]) -> Spent:
    """One after the other, the first five to warm up."""
    times, used = [], 0.0
    for number in range(REPEATS + 5):
        began, began_used = time.perf_counter(), time.process_time()
        found = call()
        if number >= 5:
            times.append((time.perf_counter() - began) * 1000)
            used += (time.process_time() - began_used) * 1000
    return Spent(what, statistics.median(times), sorted(times)[int(len(times) * 0.95)], used / len(times), found)


def lines(spent: list[Spent]) -> Iterator[str]:
    """The rows of a table, the first being what the others are compared with."""
    for each in spent:
        yield (
            f"| {each.what} | {each.found} | {each.median:.1f} | {each.p95:.1f} | {each.processor:.1f} "
            f"| {each.median / spent[0].median:.2f} |"
        )
