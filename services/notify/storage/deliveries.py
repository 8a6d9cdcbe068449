"""The deliveries as rows: written with the fact, and what becomes of them besides being sent (see queue.py)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from services.contracts.messaging import encoding
from services.notify.domain.deliveries import Delivery, fallback_for
from services.notify.storage import tables

KEPT_ARRIVALS = timedelta(days=1)

FIELDS = tuple(Delivery.__dataclass_fields__)

# All of a fact's deliveries in one round trip. What the same reader was still to hear of an earlier
# version on the same channel, without being told at once, says nothing any more.
ADD = """
    WITH given AS (
             SELECT * FROM jsonb_to_recordset(%s::jsonb) AS given (
                    id uuid, event_id uuid, event_type text, reservation text, version integer, recipient text,
                    channel text, address text, content jsonb, correlation_id text, created_at timestamptz, step text,
                    category text, critical boolean, state text, due_at timestamptz, expires_at timestamptz,
                    only_while jsonb, fallback jsonb, fallback_of uuid)),
         superseded AS (
             UPDATE deliveries earlier SET state = 'skipped', due_at = NULL, reason = 'superseded'
               FROM given
              WHERE earlier.reservation = given.reservation AND earlier.recipient = given.recipient
                AND earlier.channel = given.channel AND earlier.version < given.version
                AND earlier.state IN ('pending', 'held') AND earlier.attempts = 0 AND NOT earlier.critical
                AND earlier.channel IN ('email', 'wechat', 'wecom'))
    INSERT INTO deliveries (id, event_id, event_type, reservation, version, recipient, channel, address, content,
                            correlation_id, created_at, step, category, critical, state, due_at, expires_at, only_while,
                            fallback, fallback_of)
    SELECT id, event_id, event_type, reservation, version, recipient, channel, address, content, correlation_id,
           created_at, step, category, critical, state, coalesce(due_at, created_at), expires_at, only_while,
           fallback, fallback_of
      FROM given
    ON CONFLICT DO NOTHING"""

OVERTAKEN = f"""
    SELECT 1 FROM deliveries later
     WHERE later.reservation = d.reservation AND later.recipient = d.recipient
       AND later.channel = d.channel AND later.version > d.version
       AND (later.state = 'accepted' OR later.{tables.OPEN})"""

UNHEARD_MOVE = """
    SELECT content->'former' FROM deliveries
     WHERE reservation = %s AND state IN ('pending', 'held') AND attempts = 0 AND content ? 'former'
     ORDER BY version LIMIT 1"""

HASTEN = "UPDATE deliveries SET due_at = least(due_at, %s) WHERE state = 'held' AND recipient = %s"

# An address that was wrong may have been corrected since.
RESEND = f"""
    WITH again AS (
        UPDATE deliveries d
           SET state = 'pending', attempts = 0, due_at = %(now)s, reason = NULL, in_doubt_since = NULL,
               arrival = NULL, arrived_at = NULL,
               address = coalesce(CASE channel
                   WHEN 'email' THEN (SELECT nullif(email, '') FROM people WHERE person = d.recipient)
                   ELSE (SELECT external_id FROM bindings b WHERE b.person = d.recipient AND b.channel = d.channel)
                   END, address)
         WHERE id = %(id)s AND state = 'dead' AND NOT EXISTS ({OVERTAKEN})
        RETURNING id)
    INSERT INTO attempts (delivery, started_at, ended_at, outcome, detail)
    SELECT id, %(now)s, %(now)s, 'resent', %(by)s FROM again"""

FAILED_TO_ARRIVE = """
    UPDATE deliveries SET state = 'dead', arrival = 'failed', arrived_at = %(at)s, reason = %(reason)s, due_at = NULL
     WHERE channel = %(channel)s AND provider_reference = %(reference)s AND state = 'accepted'
    RETURNING *"""

ARRIVED = """
    UPDATE deliveries SET arrival = 'arrived', arrived_at = %(at)s
     WHERE channel = %(channel)s AND provider_reference = %(reference)s AND state = 'accepted' AND arrival IS NULL"""

REPORTED = "SELECT 1 FROM deliveries WHERE channel = %s AND provider_reference = %s"

KEEP_ARRIVAL = """
    INSERT INTO arrivals (channel, reference, status, at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"""

EARLY_ARRIVALS = """
    DELETE FROM arrivals a USING deliveries d
     WHERE d.channel = a.channel AND d.provider_reference = a.reference
    RETURNING a.channel, a.reference, a.status, a.at"""

# What waits for a channel whose account is refused need not wait when a mail can go instead.
DIVERT = """
    UPDATE deliveries SET state = 'dead', due_at = NULL, reason = %(reason)s
     WHERE id IN (SELECT id FROM deliveries
                   WHERE channel = %(channel)s AND state IN ('pending', 'retry') AND fallback IS NOT NULL
                   ORDER BY due_at LIMIT 500 FOR UPDATE SKIP LOCKED)
    RETURNING *"""


class Deliveries:
    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def add(self, deliveries: list[Delivery], fallback_of: str | None = None) -> None:
        """Write them, due at once; one that is there already stays as it is."""
        if deliveries:
            rows = [vars(delivery) | {"fallback_of": fallback_of} for delivery in deliveries]
            self.execute(ADD, (encoding.dumps(rows).decode(),))

    def unheard_move(self, reservation: str) -> dict[str, Any] | None:
        """From where the first move went of which nobody has heard yet: the fields of a move's fact."""
        found = self.execute(UNHEARD_MOVE, (reservation,)).scalar()
        times = ("former_starts_at", "former_ends_at")
        return found and found | {name: datetime.fromisoformat(found[name]) for name in times}

    def hasten(self, recipient: str, due_at: datetime) -> None:
        """Let what waits for a digest come no later than the one that is due then."""
        self.execute(HASTEN, (due_at, recipient))

    def resend(self, delivery: str, now: datetime, by: str = "an operator") -> bool:
        """Send a dead one again; False when it is not dead, or a later message has overtaken it."""
        return self.execute(RESEND, {"id": delivery, "now": now, "by": f"by {by}"}).rowcount == 1

    def arrived(self, channel: str, reference: str, status: str, now: datetime) -> Delivery | None:
        """Note what a provider reports of a message that it accepted earlier: "success", or why it did not arrive.

        Returns the delivery that did not arrive, which has fallen back to mail where it could. A
        repeated report changes nothing. One that comes before the acceptance is noted waits for it.
        """
        if not self.execute(REPORTED, (channel, reference)).first():
            self.execute(KEEP_ARRIVAL, (channel, reference, status, now))
            return None
        return self.report(channel, reference, status, now)

    def report(self, channel: str, reference: str, status: str, at: datetime) -> Delivery | None:
        about = {"channel": channel, "reference": reference, "at": at, "reason": f"not arrived: {status}"[:100]}
        if status == "success":
            self.execute(ARRIVED, about)
            return None
        row = self.execute(FAILED_TO_ARRIVE, about).mappings().first()
        if row is None:
            return None
        self.fall_back([row], at)
        return delivery_of(row)

    def catch_up(self, now: datetime) -> list[Delivery]:
        """Apply the reports that came too early, and forget those that nothing was ever sent for."""
        early = self.execute(EARLY_ARRIVALS).all()
        self.execute("DELETE FROM arrivals WHERE at < %s", (now - KEPT_ARRIVALS,))
        found = (self.report(*each) for each in early)
        return [delivery for delivery in found if delivery]

    def divert(self, channel: str, reason: str, now: datetime) -> int:
        """Let mails go instead of what waits for a channel that does not work. Returns how many."""
        rows = self.execute(DIVERT, {"channel": channel, "reason": reason}).mappings().all()
        self.fall_back(rows, now)
        return len(rows)

    def fall_back(self, rows: list[Any], now: datetime) -> None:
        """Write the mails in place of dead deliveries; whoever has the fact's mail already gets no second one."""
        for row in rows:
            if row["fallback"]:
                address = self.address(row["recipient"]) or row["fallback"]["address"]
                self.add([fallback_for(delivery_of(row), address, now)], fallback_of=str(row["id"]))

    def address(self, person: str) -> str | None:
        return self.execute("SELECT email FROM people WHERE person = %s", (person,)).scalar()


def delivery_of(row: Any) -> Delivery:
    fields = {name: row[name] for name in FIELDS}
    return Delivery(**fields | {"id": str(row["id"]), "event_id": str(row["event_id"])})
