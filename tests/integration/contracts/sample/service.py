"""A small service under booking's name: what delivery promises is tried on it.

It keeps one counter per facility, and a list of the facts it took.
"""

import time

from nameko.timer import timer

from services.contracts import events
from services.contracts.commands import WithdrawReservation
from services.contracts.errors import WrongState
from services.contracts.messaging.facts import facts
from services.contracts.messaging.observed import Observed
from services.contracts.messaging.rpc import command, query
from services.contracts.messaging.store import Store
from services.contracts.messaging.unit_of_work import UnitOfWork

TABLES = """
    CREATE TABLE counters (name text PRIMARY KEY, value int NOT NULL);
    CREATE TABLE taken (id bigserial PRIMARY KEY, aggregate text, version int);
    CREATE TABLE poison (aggregate text PRIMARY KEY);
"""
COUNT = """
    INSERT INTO counters VALUES (%s, 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"""


def count(message, uow, now):
    """Each command adds one to its reservation's counter and says so; version 13 is refused, 99 is slow."""
    value = uow.connection.exec_driver_sql(COUNT, (message.reservation,)).scalar_one()
    uow.record(
        events.ReservationWithdrawn(
            version=value,
            reservation=message.reservation,
            state="withdrawn",
            facility="LAB-1",
            unit="A",
            starts_at=now,
            ends_at=now,
            team="team-01",
            project=None,
            purpose="",
            requester=message.actor,
            actor=message.actor,
        )
    )
    if message.version == 13:
        raise WrongState(state="unlucky")
    if message.version == 99:
        time.sleep(3)
    return {"value": value, "at": now}


def take(event, uow, now):
    execute = uow.connection.exec_driver_sql
    if execute("SELECT 1 FROM poison WHERE aggregate = %s", (event.aggregate_id,)).first():
        raise ValueError("this one is poisonous")
    execute("INSERT INTO taken (aggregate, version) VALUES (%s, %s)", (event.aggregate_id, event.version))


class SampleService(Observed):
    name = "booking"
    store = Store(UnitOfWork)

    @command(WithdrawReservation)
    def withdraw_reservation(self, message):
        return self.store.execute(count, message)

    @query
    def counters(self, name):
        rows = "SELECT name, value FROM counters WHERE name = %s"
        return self.store.read(
            lambda connection: [dict(row._mapping) for row in connection.exec_driver_sql(rows, (name,))]
        )

    @query
    def sleepy(self, seconds):
        return self.store.read(
            lambda connection: connection.exec_driver_sql("SELECT pg_sleep(%s)", (seconds,)).first() and 1
        )

    @query
    def broken(self):
        raise RuntimeError("a mistake of ours")

    @facts
    def take_fact(self, envelope):
        self.store.take(envelope, take)

    @timer(interval=0.2)
    def redrive(self):
        self.store.redrive(take)
