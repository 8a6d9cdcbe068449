"""What waits for the digests of its readers."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

# A person's row is the lock on their whole digest: what another worker has in hand is left to it.
DUE = """
    SELECT person FROM people
     WHERE person IN (SELECT recipient FROM deliveries WHERE state = 'held' AND due_at <= %s)
     ORDER BY person LIMIT %s FOR UPDATE SKIP LOCKED"""

TAKE = """
    UPDATE deliveries d
       SET state = 'skipped', due_at = NULL,
           reason = CASE WHEN d.expires_at <= %(now)s THEN 'too late' ELSE 'told in a digest' END
     WHERE recipient = %(person)s AND state = 'held'
    RETURNING d.event_id::text, d.channel, d.created_at, d.reason, d.content->'line' AS line"""


class Digests:
    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def due(self, now: datetime, most: int) -> list[str]:
        """Whose digest is due; theirs is ours until the transaction ends."""
        return list(self.execute(DUE, (now, most)).scalars())

    def take(self, person: str, now: datetime) -> list[dict[str, Any]]:
        """The lines of a person's digest in the order of what happened, each fact once."""
        rows = self.execute(TAKE, {"person": person, "now": now}).all()
        told = [row for row in rows if row.reason != "too late"]
        lines = {row.event_id: row.line for row in sorted(told, key=lambda row: (row.created_at, row.event_id))}
        return list(lines.values())
