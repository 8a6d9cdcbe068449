"""One transaction: the state, the facts it makes true and the answered request, or nothing.

    with transaction as uow:      a service's subclass adds its repositories
        answer = handler(message, uow, now)
    commit                        outbox, audit and processed rows are written here, last

Nothing is published here. The relay (outbox.py) finds the rows after the commit.
"""

import hashlib
import random
import time
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from services.contracts.commands import Answer, Command
from services.contracts.errors import Refusal, RequestKeyReused, Unavailable
from services.contracts.events import Event
from services.contracts.messaging import audit, encoding, tracing
from services.contracts.messaging.audit import Author
from services.contracts.messaging.database import is_collision, is_outage
from services.contracts.messaging.envelope import Envelope

T = TypeVar("T")
ATTEMPTS = 4
WEEK = timedelta(days=7)
MONTH = timedelta(days=30)

INSERT_FACT = """
    INSERT INTO outbox (event_id, type, aggregate_type, aggregate_id, aggregate_version, body, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s)"""
INSERT_PROCESSED = """
    INSERT INTO processed (person, request_key, fingerprint, answer, created_at)
    VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"""
FIND_PROCESSED = "SELECT fingerprint, answer FROM processed WHERE person = %s AND request_key = %s"


class UnitOfWork:
    """What a handler may touch in its transaction. Subclasses add repositories."""

    def __init__(self, connection: Connection):
        self.connection = connection
        self.author = Author()
        self.events: list[Event] = []
        self.notes: list[tuple[str, dict[str, Any]]] = []

    def record(self, event: Event) -> None:
        """Remember a fact; it is written to the outbox and the audit trail just before the commit."""
        self.events.append(event)

    def note(self, chain: str, **told: Any) -> None:
        """Remember a change of which no fact tells, for the audit trail alone; no secrets."""
        self.notes.append((chain, told))

    def write(self, now: datetime) -> None:
        """Write down what was remembered."""
        for event in self.events:
            write_fact(self.connection, event, now, self.author)
        for chain, told in self.notes:
            body = encoding.dumps(told).decode()
            audit.add(self.connection, chain, None, self.author, now, body, tracing.correlation_id.get())


class AlreadyProcessed(Exception):
    """Another call with the same key was quicker; this transaction must not commit."""


def fingerprint_of(message: Command) -> str:
    """A hash over everything that is asked, the key aside.

    Fields that are kept out of logs (``repr=False``) are secrets: a quick hash of one must not be stored.
    """
    asked = asdict(message)
    for item in fields(message):
        if item.name == "request_key" or not item.repr:
            asked.pop(item.name)
    return hashlib.sha256(type(message).__name__.encode() + encoding.dumps(asked)).hexdigest()


class Transactions:
    """Runs handlers and queries of one service against its database. Knows no framework."""

    def __init__(
        self,
        engine: Engine,
        unit_of_work: Callable[[Connection], UnitOfWork],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        after_commit: Callable[[], None] = lambda: None,
    ):
        self.engine = engine
        self.unit_of_work = unit_of_work
        self.clock = clock
        self.after_commit = after_commit

    def execute(self, handler: Callable[..., Any], message: Command) -> Answer:
        """Run a command's handler once per actor and request key.

        The key is looked up only when the work fails or its row exists already: the usual
        first call then pays for one insert and nothing else. A repeat does the work again,
        which the rollback undoes, or is refused, because the first call holds the slot; either
        way the stored answer is what counts.
        """
        fingerprint = fingerprint_of(message)

        def work(uow: UnitOfWork, now: datetime) -> Any:
            uow.author = Author(actor=message.actor, action=type(message).__name__)
            value = handler(message, uow, now)
            row = (message.actor, message.request_key, fingerprint, encoding.dumps(value).decode(), now)
            if not uow.connection.exec_driver_sql(INSERT_PROCESSED, row).rowcount:
                raise AlreadyProcessed
            return value

        try:
            return Answer(self.run(work))
        except (Refusal, AlreadyProcessed) as refusal:
            earlier = self.read(find_processed, message=message, fingerprint=fingerprint)
            if earlier:
                return earlier
            if isinstance(refusal, AlreadyProcessed):
                raise Unavailable(retry_after=1) from refusal
            raise

    def run(self, handler: Callable[[Any, datetime], T]) -> T:
        """Run ``handler(uow, now)`` in one transaction.

        Collisions with other transactions are repeated here and never shown. A connection that
        turns out dead is repeated once: the pool has dropped its companions by then. A commit
        whose answer was lost is safe to repeat, because the request key is found.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self.run_once(handler)
            except Exception as error:
                may_repeat = is_collision(error) or (is_outage(error) and attempt == 1)
                if not may_repeat or attempt == ATTEMPTS:
                    raise
                time.sleep(random.uniform(0.005, 0.02) * attempt)
        raise AssertionError("unreachable")

    def run_once(self, handler: Callable[[Any, datetime], T]) -> T:
        with self.engine.begin() as connection:
            uow = self.unit_of_work(connection)
            uow.author = Author(action=name_of(handler))
            now = self.clock()
            value = handler(uow, now)
            uow.write(now)
        if uow.events:
            self.after_commit()
        return value

    def read(self, query: Callable[..., T], **arguments: Any) -> T:
        """Run ``query(connection, **arguments)``; a dead connection is replaced once."""
        for attempt in (1, 2):
            try:
                with self.engine.connect() as connection:
                    return query(connection, **arguments)
            except Exception as error:
                if attempt == 2 or not is_outage(error):
                    raise
        raise AssertionError("unreachable")

    def forget(self) -> int:
        """Delete what only served repeats: answers and sent facts after a week, handled facts after a month.

        How far an aggregate was read is kept for ever, so a fact that comes later still is known to be old.
        """

        def work(uow: UnitOfWork, now: datetime) -> int:
            return sum(
                uow.connection.exec_driver_sql(statement, (now - age,)).rowcount
                for statement, age in (
                    ("DELETE FROM processed WHERE created_at < %s", WEEK),
                    ("DELETE FROM outbox WHERE sent_at < %s", WEEK),
                    ("DELETE FROM inbox WHERE handled_at < %s", MONTH),
                )
            )

        return self.run(work)


def write_fact(connection: Connection, event: Event, now: datetime, author: Author) -> None:
    """A fact in the outbox, and the same as an entry of the audit trail."""
    envelope = Envelope.around(event, now)
    connection.exec_driver_sql(INSERT_FACT, (
        envelope.event_id, envelope.type, envelope.aggregate_type, envelope.aggregate_id, envelope.aggregate_version,
        envelope.to_bytes().decode(), now,
    ))
    chain = f"{envelope.aggregate_type}:{envelope.aggregate_id}"
    body = encoding.dumps(envelope.data).decode()
    audit.add(connection, chain, envelope.aggregate_version, author, now, body, envelope.correlation_id)


def name_of(handler: Callable[..., Any]) -> str:
    """Under which name the audit trail knows work that nobody has asked for."""
    while isinstance(handler, partial):
        handler = handler.func
    return getattr(handler, "__name__", type(handler).__name__)


def find_processed(connection: Connection, message: Command, fingerprint: str) -> Answer | None:
    """The earlier answer to this key. Raises RequestKeyReused if it was another request."""
    row = connection.exec_driver_sql(FIND_PROCESSED, (message.actor, message.request_key)).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise RequestKeyReused
    return Answer(encoding.loads(row.answer), replayed=True)
