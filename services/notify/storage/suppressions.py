"""The addresses to which no mail is sent, until they change or their person says that they work."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

ADD = """
    INSERT INTO suppressions (address, reason, since) VALUES (lower(%s), %s, %s)
    ON CONFLICT (address) DO UPDATE SET reason = excluded.reason"""

CAME_BACK = """
    UPDATE deliveries SET state = 'dead', arrival = 'failed', arrived_at = %(now)s, reason = %(reason)s, due_at = NULL
     WHERE id = CAST(%(id)s AS uuid) AND channel = 'email' AND state = 'accepted'
    RETURNING *"""

# 40003 is reported falsely now and then, so the first one says nothing yet.
REFUSED_BEFORE = """
    SELECT outcome FROM attempts a JOIN deliveries d ON d.id = a.delivery
     WHERE d.channel = %s AND d.address = %s AND a.ended_at IS NOT NULL AND a.outcome <> 'skipped'
     ORDER BY a.id DESC LIMIT 1 OFFSET 1"""


class Suppressions:
    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def add(self, address: str, reason: str, now: datetime) -> None:
        self.execute(ADD, (address, reason[:300], now))

    def lift(self, address: str) -> bool:
        """Returns whether it was suppressed."""
        return self.execute("DELETE FROM suppressions WHERE address = lower(%s)", (address,)).rowcount == 1

    def address_of(self, person: str) -> str | None:
        return self.execute("SELECT nullif(email, '') FROM people WHERE person = %s AND active", (person,)).scalar()

    def delivery(self, delivery: str) -> Any | None:
        asked = "SELECT address, recipient FROM deliveries WHERE id = CAST(%s AS uuid) AND channel = 'email'"
        return self.execute(asked, (delivery,)).first()

    def came_back(self, delivery: str, reason: str, now: datetime) -> bool:
        """Note that an accepted mail did not arrive; False when that is known already."""
        return self.execute(CAME_BACK, {"id": delivery, "reason": reason[:100], "now": now}).rowcount == 1

    def refused_before(self, channel: str, address: str) -> bool:
        """Whether the last try but this one was refused, too."""
        return self.execute(REFUSED_BEFORE, (channel, address)).scalar() == "recipient"
