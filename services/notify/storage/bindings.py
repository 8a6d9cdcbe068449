"""Who is whom on a channel."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.notify.domain.bindings import BindingState

BIND = """
    INSERT INTO bindings (person, channel, external_id, bound_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (person, channel) DO UPDATE
       SET external_id = excluded.external_id, bound_at = excluded.bound_at,
           state = 'active', reason = NULL, suspended_at = NULL, told_at = NULL"""

# What the account did before it was bound again is no reason to suspend it now. Platforms tell whole seconds.
SUSPEND = """
    UPDATE bindings SET state = 'suspended', reason = %(reason)s, suspended_at = %(now)s
     WHERE channel = %(channel)s AND external_id = %(external_id)s AND state = 'active'
       AND date_trunc('second', bound_at) <= %(before)s
    RETURNING person"""

UNTOLD = """
    UPDATE bindings b SET told_at = %(now)s
      FROM (SELECT person, channel FROM bindings WHERE state = 'suspended' AND told_at IS NULL
             ORDER BY suspended_at LIMIT 50 FOR UPDATE SKIP LOCKED) AS untold
     WHERE b.person = untold.person AND b.channel = untold.channel
    RETURNING b.person, b.channel, b.reason, b.suspended_at"""


class Bindings:
    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def is_known(self, person: str) -> bool:
        return self.execute("SELECT 1 FROM people WHERE person = %s", (person,)).first() is not None

    def is_active(self, person: str) -> bool:
        return self.execute("SELECT 1 FROM people WHERE person = %s AND active", (person,)).first() is not None

    def is_admin(self, person: str) -> bool:
        asked = "SELECT 1 FROM people WHERE person = %s AND active AND 'admin' = ANY(roles)"
        return self.execute(asked, (person,)).first() is not None

    def owner(self, channel: str, external_id: str) -> tuple[str, BindingState] | None:
        """Whose account it is, and whether that binding is in force."""
        asked = "SELECT person, state FROM bindings WHERE channel = %s AND external_id = %s FOR UPDATE"
        row = self.execute(asked, (channel, external_id)).first()
        return row and (row.person, BindingState(row.state))

    def bind(self, person: str, channel: str, external_id: str, now: datetime) -> None:
        self.execute(BIND, (person, channel, external_id, now))

    def unbind(self, person: str, channel: str) -> bool:
        """Returns whether there was a binding."""
        return self.execute("DELETE FROM bindings WHERE person = %s AND channel = %s", (person, channel)).rowcount == 1

    def suspend(self, channel: str, external_id: str, reason: str, before: datetime, now: datetime) -> str | None:
        """Send there no longer. Returns the person, or None when nobody in force is bound so since ``before``."""
        asked = {"channel": channel, "external_id": external_id, "reason": reason, "before": before, "now": now}
        return self.execute(SUSPEND, asked).scalar()

    def take_untold(self, now: datetime) -> list[Any]:
        """The suspended ones whose people have not been told; they count as told from here."""
        return list(self.execute(UNTOLD, {"now": now}))
