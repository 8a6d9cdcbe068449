"""Facts of others, each handled once and in order; one that fails is parked, not lost.

For a *change* the next version of its aggregate is handled, an earlier one is a repeat, and
a later one waits in the table until the gap is filled. For a *snapshot* the newest counts.
The row, the position and the effect commit together.
"""

import logging
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from services.contracts.messaging import tracing
from services.contracts.messaging.audit import Author
from services.contracts.messaging.database import is_outage
from services.contracts.messaging.envelope import Envelope
from services.contracts.messaging.metrics import FACTS_TAKEN
from services.contracts.messaging.unit_of_work import Transactions, UnitOfWork

log = logging.getLogger(__name__)

BACKOFF = [timedelta(seconds=seconds) for seconds in (2, 10, 60, 600, 3600)]
GAP_IS_ODD_AFTER = timedelta(minutes=10)

# Whoever gets the position's lock second reads the version that the first has left, whatever the
# statement's snapshot is; only for a snapshot told twice at once may handled_at be out of date, and
# applying the same snapshot twice changes nothing.
OPEN = """
    WITH position AS (
        INSERT INTO inbox_position (reader, aggregate_type, aggregate_id, version)
        VALUES (%(reader)s, %(aggregate_type)s, %(aggregate_id)s, 0)
        ON CONFLICT (reader, aggregate_type, aggregate_id) DO UPDATE SET version = inbox_position.version
        RETURNING version)
    SELECT version, (SELECT handled_at FROM inbox WHERE reader = %(reader)s AND event_id = %(event_id)s) AS handled_at
      FROM position"""
WRITE = """
    INSERT INTO inbox (reader, event_id, type, aggregate_type, aggregate_id, aggregate_version,
                       received_at, handled_at, parked, attempts, next_attempt_at, error, body)
    VALUES (%(reader)s, %(event_id)s, %(type)s, %(aggregate_type)s, %(aggregate_id)s, %(version)s,
            %(now)s, %(handled_at)s, %(parked)s, %(attempts)s, %(next_attempt_at)s, %(error)s, %(body)s)
    ON CONFLICT (reader, event_id) DO UPDATE
       SET handled_at = excluded.handled_at, parked = excluded.parked, error = excluded.error, body = excluded.body,
           attempts = greatest(inbox.attempts, excluded.attempts), next_attempt_at = excluded.next_attempt_at
     WHERE inbox.handled_at IS NULL"""
# The fact is handled: keep that, move the position on, and say what has waited for it.
CLOSE = f"""
    WITH written AS ({WRITE}),
         advanced AS (
             UPDATE inbox_position SET version = %(version)s
              WHERE reader = %(reader)s AND aggregate_type = %(aggregate_type)s AND aggregate_id = %(aggregate_id)s)
    SELECT body FROM inbox
     WHERE reader = %(reader)s AND aggregate_type = %(aggregate_type)s AND aggregate_id = %(aggregate_id)s
       AND aggregate_version = %(version)s + 1 AND handled_at IS NULL"""
ATTEMPTS_SO_FAR = "SELECT attempts FROM inbox WHERE reader = %s AND event_id = %s"
DUE = """
    UPDATE inbox SET next_attempt_at = %(now)s + interval '1 minute' WHERE (reader, event_id) IN (
        SELECT reader, event_id FROM inbox
         WHERE reader = %(reader)s AND handled_at IS NULL AND next_attempt_at <= %(now)s
         ORDER BY aggregate_version LIMIT 50 FOR UPDATE SKIP LOCKED)
    RETURNING body, aggregate_version"""

Handler = Callable[[Any, Any, datetime], Any]


class Inbox:
    """Takes facts for one reader."""

    def __init__(self, transactions: Transactions, reader: str, time_scale: float = 1):
        self.transactions = transactions
        self.reader = reader
        self.time_scale = time_scale

    def take(self, envelope: Envelope, handler: Handler) -> str:
        """Handle a fact and whatever waited for it. Returns the outcome; raises only when the database is away.

        Raises Undecodable before anything is written, when the fact is none that this code knows.
        """
        event = envelope.event()
        tracing.begin(envelope.correlation_id, envelope.event_id)
        following = None
        try:
            outcome, following = self.transactions.run(partial(self.settle, envelope, event, handler))
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("a fact could not be handled", extra={"event_id": envelope.event_id, "type": envelope.type})
            outcome = self.transactions.run(partial(self.park, envelope, error))
        FACTS_TAKEN.labels(outcome).inc()
        if following:
            self.take(following, handler)
        return outcome

    def settle(
        self, envelope: Envelope, event: Any, handler: Handler, uow: UnitOfWork, now: datetime
    ) -> tuple[str, Envelope | None]:
        """Decide under the lock of the aggregate's position, and handle if it is its turn.

        Returns the outcome, and the fact that has waited for this one, if any.
        """
        execute = uow.connection.exec_driver_sql
        found = execute(OPEN, self.row(envelope, now)).one()
        version, position = envelope.aggregate_version, found.version
        if found.handled_at or version < position or (version == position and not event.is_snapshot):
            execute(WRITE, self.row(envelope, now, handled_at=now))
            return "repeated", None
        if not event.is_snapshot and version > position + 1:
            odd_at = now + GAP_IS_ODD_AFTER / self.time_scale
            execute(WRITE, self.row(envelope, now, next_attempt_at=odd_at, keep=True))
            return "waiting", None
        uow.author = Author(action=envelope.type)
        handler(event, uow, now)
        waiting = execute(CLOSE, self.row(envelope, now, handled_at=now)).first()
        return "handled", Envelope.from_bytes(waiting.body.encode()) if waiting else None

    def park(self, envelope: Envelope, error: Exception, uow: UnitOfWork, now: datetime) -> str:
        """Keep the fact with its error; it is tried again with growing gaps, then waits for a person."""
        so_far = uow.connection.exec_driver_sql(ATTEMPTS_SO_FAR, (self.reader, envelope.event_id)).scalar() or 0
        again = None
        if so_far < len(BACKOFF):
            again = now + BACKOFF[so_far] * random.uniform(1, 1.3) / self.time_scale
        text = f"{type(error).__name__}: {error}"[:2000]
        row = self.row(envelope, now, parked=True, attempts=so_far + 1, next_attempt_at=again, error=text, keep=True)
        uow.connection.exec_driver_sql(WRITE, row)
        return "parked"

    def row(self, envelope: Envelope, now: datetime, keep: bool = False, **state: Any) -> dict[str, Any]:
        """The inbox's row for a fact; its body is kept only as long as it may be needed again."""
        return {
            "reader": self.reader,
            "event_id": envelope.event_id,
            "type": envelope.type,
            "aggregate_type": envelope.aggregate_type,
            "aggregate_id": envelope.aggregate_id,
            "version": envelope.aggregate_version,
            "now": now,
            "handled_at": None,
            "parked": False,
            "attempts": 0,
            "next_attempt_at": None,
            "error": None,
            "body": envelope.to_bytes().decode() if keep else None,
        } | state

    def redrive(self, handler: Handler) -> int:
        """Try again what is due. A gap that is still open after its time is parked, so that it is seen."""
        rows = self.transactions.run(
            lambda uow, now: uow.connection.exec_driver_sql(DUE, {"reader": self.reader, "now": now}).all()
        )
        for row in sorted(rows, key=lambda row: row.aggregate_version):
            envelope = Envelope.from_bytes(row.body.encode())
            if self.take(envelope, handler) == "waiting":
                gap = LookupError(f"an earlier version than {envelope.aggregate_version} has not arrived")
                self.transactions.run(partial(self.park, envelope, gap))
        return len(rows)

    def take_patiently(self, envelope: Envelope, handler: Handler, stopping: Callable[[], bool]) -> None:
        """Like ``take``, but waits while the database is away: the fact stays with this process, unacknowledged."""
        pause = 0.5
        while True:
            try:
                self.take(envelope, handler)
                return
            except Exception as error:
                if not is_outage(error) or stopping():
                    raise
                log.warning("database away, a fact waits", extra={"event_id": envelope.event_id})
                time.sleep(pause)
                pause = min(pause * 2, 15)
