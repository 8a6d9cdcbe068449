"""The webhooks as rows."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from services.contracts import events
from services.notify.domain.webhooks import SILENT, Webhook

FIELDS = tuple(Webhook.__dataclass_fields__)
COLUMNS = ", ".join(FIELDS)
QUIET_DAYS = timedelta(days=3)

ADD = f"INSERT INTO webhooks ({COLUMNS}) VALUES ({', '.join(f'%({name})s' for name in FIELDS)})"

# One that nothing has reached for as long as the repeats last is spoken to no more.
SWITCH_OFF = """
    UPDATE webhooks w SET active = false, reason = %(reason)s
     WHERE w.webhook = %(webhook)s AND w.active
       AND (%(at_once)s OR NOT EXISTS (
           SELECT 1 FROM deliveries d WHERE d.channel = 'webhook' AND d.recipient = w.webhook::text
              AND d.accepted_at > %(since)s))"""

REPLAY = """
    WITH again AS (
        UPDATE deliveries SET state = 'pending', attempts = 0, due_at = %(now)s, reason = NULL, in_doubt_since = NULL
         WHERE channel = 'webhook' AND recipient = %(webhook)s
           AND CASE WHEN %(delivery)s::uuid IS NULL THEN state = 'dead'
                    ELSE id = %(delivery)s::uuid AND state IN ('dead', 'accepted') END
        RETURNING id)
    INSERT INTO attempts (delivery, started_at, ended_at, outcome, detail)
    SELECT id, %(now)s, %(now)s, 'resent', %(by)s FROM again"""


class Webhooks:
    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def manages_base(self, person: str) -> bool:
        asked = "SELECT 1 FROM people WHERE person = %s AND active AND roles && '{base_manager,admin}'"
        return self.execute(asked, (person,)).first() is not None

    def knows_team(self, team: str) -> bool:
        return self.execute("SELECT 1 FROM teams WHERE team = %s", (team,)).first() is not None

    def add(self, webhook: Webhook) -> None:
        self.execute(ADD, vars(webhook) | {"facts": list(webhook.facts)})

    def find(self, webhook: str) -> Webhook | None:
        asked = f"SELECT {COLUMNS} FROM webhooks WHERE webhook = %s FOR UPDATE"
        row = self.execute(asked, (webhook,)).mappings().first()
        return row and webhook_of(row)

    def listening(self, event: events.ReservationEvent) -> list[Webhook]:
        """Those that may want a fact."""
        asked = f"SELECT {COLUMNS} FROM webhooks WHERE active AND (team IS NULL OR team = %s)"
        return [webhook_of(row) for row in self.execute(asked, (event.team,)).mappings()]

    def switch(self, webhook: str, active: bool, reason: str | None) -> None:
        self.execute("UPDATE webhooks SET active = %s, reason = %s WHERE webhook = %s", (active, reason, webhook))

    def change_secret(self, webhook: str, now: datetime) -> None:
        changed = "UPDATE webhooks SET changes = changes + 1, changed_at = %s WHERE webhook = %s"
        self.execute(changed, (now, webhook))

    def switch_off_silent(self, webhook: str, now: datetime, gone: bool) -> None:
        """After a delivery was given up: at once when the receiver is gone, else if nothing has reached it lately."""
        reason = "gone" if gone else SILENT
        about = {"webhook": webhook, "reason": reason, "at_once": gone, "since": now - QUIET_DAYS}
        self.execute(SWITCH_OFF, about)

    def replay(self, webhook: str, delivery: str | None, by: str, now: datetime) -> int:
        """Make one delivery due again, or all dead ones. Returns how many."""
        about = {"webhook": webhook, "delivery": delivery, "now": now, "by": f"by {by}"}
        return self.execute(REPLAY, about).rowcount


def webhook_of(row: Any) -> Webhook:
    fields = {name: row[name] for name in FIELDS}
    return Webhook(**fields | {"webhook": str(row["webhook"]), "facts": tuple(row["facts"])})


def find_now(connection: Connection, webhook: str) -> Webhook | None:
    """As it is at this moment, for a sender."""
    asked = f"SELECT {COLUMNS} FROM webhooks WHERE webhook::text = %s"
    row = connection.exec_driver_sql(asked, (webhook,)).mappings().first()
    return row and webhook_of(row)
