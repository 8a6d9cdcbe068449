"""The relay: takes facts from the outbox to the broker, again and again until each is confirmed.

Rows are found by their state, never by "id greater than the last one seen": an id is taken
when a transaction begins to write and becomes visible when it commits, so a cursor skips
those that commit late. One relay works at a time (a lock in the database), so the facts of
one aggregate leave in the order of their rows, however many processes a service has.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

import amqp
from sqlalchemy import Connection, Engine

from services.contracts.messaging.broker import Confirmed
from services.contracts.messaging.database import is_outage
from services.contracts.messaging.metrics import FACTS_SENT, FACTS_UNSENT

log = logging.getLogger(__name__)

BATCH = 200
LOCK = 0x0B0C5  # any number that nothing else in these databases locks

# A mark that a crash of the database forgets costs a repeat and no fact, so it waits for no disk.
BEGIN = "SELECT pg_try_advisory_xact_lock(%s) AS alone, set_config('synchronous_commit', 'off', true)"
CLAIM = f"""
    SELECT id, event_id::text, type, body FROM outbox
     WHERE sent_at IS NULL ORDER BY id LIMIT {BATCH} FOR UPDATE SKIP LOCKED"""
MARK = "UPDATE outbox SET sent_at = %s WHERE id = ANY(%s)"


class Relay:
    """Moves unsent facts of one service to its exchange."""

    def __init__(
        self,
        engine: Engine,
        publisher: Confirmed,
        exchange: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ):
        self.engine = engine
        self.publisher = publisher
        self.exchange = exchange
        self.clock = clock

    def send_batch(self) -> tuple[int, int]:
        """Send what is unsent, up to a batch. Returns how many were claimed and how many confirmed.

        A crash between the confirm and the commit sends the same event ids again; the readers'
        inboxes know them.
        """
        with self.engine.begin() as connection:
            if not connection.exec_driver_sql(BEGIN, (LOCK,)).one().alone:
                return 0, 0
            rows = connection.exec_driver_sql(CLAIM).all()
            if not rows:
                return 0, 0
            taken = self.publisher.publish(self.exchange, [(row.event_id, row.type, row.body.encode()) for row in rows])
            sent = [row.id for row in rows if row.event_id in taken]
            connection.exec_driver_sql(MARK, (self.clock(), sent))
        FACTS_SENT.inc(len(sent))
        if len(sent) < len(rows):
            log.warning(
                "facts were not taken by any queue", extra={"exchange": self.exchange, "count": len(rows) - len(sent)}
            )
        return len(rows), len(sent)

    def work(self, wait: Callable[[float], None], stopping: Callable[[], bool]) -> None:
        """Send until told to stop. ``wait(seconds)`` returns early when there is something to do."""
        pause = 0.5
        while not stopping():
            try:
                claimed, sent = self.send_batch()
            except (OSError, amqp.AMQPError) as error:
                log.warning("broker away", extra={"error": type(error).__name__})
                claimed, sent = 1, 0
            except Exception as error:  # whatever it is, the rows are still there
                log.warning("outbox not readable", exc_info=None if is_outage(error) else error)
                claimed, sent = 1, 0
            pause = 0.5 if sent == claimed else min(pause * 2, 10)
            if sent < BATCH:
                wait(pause)


def unsent(connection: Connection) -> dict[str, object]:
    """How many facts wait, and since when the oldest does."""
    row = connection.exec_driver_sql(
        "SELECT count(*) AS waiting, min(created_at) AS oldest FROM outbox WHERE sent_at IS NULL"
    ).one()
    FACTS_UNSENT.set(row.waiting)
    return {"waiting": row.waiting, "oldest": row.oldest}
