"""The deliveries as rows: written with the fact, claimed by one sender at a time, settled by its outcome."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from services.contracts.messaging import encoding
from services.notify.domain.deliveries import Claimed, Delivery
from services.notify.domain.outcomes import Outcome, Step, Trial
from services.notify.storage import tables

LEASE = timedelta(seconds=20)
"""How long a delivery stays with a sender that has gone silent; a living one renews it."""

# All of a fact's deliveries in one round trip. What the same reader was still to hear of an earlier
# version on the same channel, without being told at once, says nothing any more.
ADD = """
    WITH given AS (
             SELECT * FROM jsonb_to_recordset(%s::jsonb) AS given (
                    id uuid, event_id uuid, event_type text, reservation text, version integer, recipient text,
                    channel text, address text, content jsonb, correlation_id text, created_at timestamptz, step text,
                    category text, critical boolean, state text, due_at timestamptz, expires_at timestamptz,
                    only_while jsonb)),
         superseded AS (
             UPDATE deliveries earlier SET state = 'skipped', due_at = NULL, reason = 'superseded'
               FROM given
              WHERE earlier.reservation = given.reservation AND earlier.recipient = given.recipient
                AND earlier.channel = given.channel AND earlier.version < given.version
                AND earlier.state IN ('pending', 'held') AND earlier.attempts = 0 AND NOT earlier.critical
                AND earlier.channel IN ('email', 'wechat', 'wecom'))
    INSERT INTO deliveries (id, event_id, event_type, reservation, version, recipient, channel, address, content,
                            correlation_id, created_at, step, category, critical, state, due_at, expires_at, only_while)
    SELECT id, event_id, event_type, reservation, version, recipient, channel, address, content, correlation_id,
           created_at, step, category, critical, state, coalesce(due_at, created_at), expires_at, only_while
      FROM given
    ON CONFLICT DO NOTHING"""

SKIP = """
    WITH skipped AS (
        UPDATE deliveries SET state = 'skipped', due_at = NULL, reason = %(reason)s, attempts = attempts - 1
         WHERE id = %(id)s AND state = 'sending' RETURNING id)
    UPDATE attempts SET ended_at = %(now)s, outcome = 'skipped', detail = %(reason)s
      FROM skipped WHERE attempts.id = %(attempt)s"""

# A later message of one conversation waits until the earlier ones are through or dead.
EARLIER = f"""
    SELECT 1 FROM deliveries earlier
     WHERE earlier.reservation = d.reservation AND earlier.recipient = d.recipient AND earlier.channel = d.channel
       AND earlier.version < d.version AND earlier.{tables.OPEN}"""

# What a sender notes waits for no disk: should the database crash before it is written, the
# delivery is found as it was and goes out again under the same identity. Many small waits
# would slow the requests that share the disk.
RELAXED = "SET LOCAL synchronous_commit = off;"

# A row that is still "sending" when it is due was left by a sender that died: whether its
# message arrived is in doubt since that try began.
CLAIM = f"""
    {RELAXED}
    WITH next AS (
             SELECT id, state FROM deliveries d
              WHERE channel = %(channel)s AND {tables.OPEN} AND due_at <= %(now)s AND NOT EXISTS ({EARLIER})
              ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED),
         abandoned AS (
             UPDATE attempts a SET ended_at = %(now)s, outcome = 'unknown', detail = 'the sender went silent'
               FROM next WHERE next.state = 'sending' AND a.delivery = next.id AND a.ended_at IS NULL
             RETURNING a.started_at),
         taken AS (
             UPDATE deliveries d SET state = 'sending', attempts = d.attempts + 1, due_at = %(lease_ends)s,
                    in_doubt_since = coalesce(d.in_doubt_since, (SELECT min(started_at) FROM abandoned))
               FROM next WHERE d.id = next.id
             RETURNING d.*),
         begun AS (
             INSERT INTO attempts (delivery, started_at) SELECT id, %(now)s FROM taken RETURNING id AS attempt)
    SELECT * FROM taken, begun"""

# "accepted" is a truth whoever brings it; anything else counts only from the one who holds the lease.
SETTLE = f"""
    {RELAXED}
    WITH settled AS (
        UPDATE deliveries
           SET state = %(state)s, due_at = %(due_at)s, reason = %(reason)s, in_doubt_since = %(in_doubt_since)s,
               attempts = %(attempts)s, provider_reference = %(reference)s,
               accepted_at = CASE WHEN %(state)s = 'accepted' THEN %(now)s END
         WHERE id = %(id)s AND state <> 'accepted'
           AND (%(state)s = 'accepted' OR (state = 'sending' AND attempts = %(number)s)))
    UPDATE attempts SET ended_at = %(now)s, outcome = %(outcome)s, code = %(code)s, detail = %(detail)s
     WHERE id = %(attempt)s"""

RENEW = "UPDATE deliveries SET due_at = %s WHERE id = ANY(%s::uuid[]) AND state = 'sending'"

# An address that was wrong may have been corrected since.
RESEND = f"""
    WITH again AS (
        UPDATE deliveries d
           SET state = 'pending', attempts = 0, due_at = %(now)s, reason = NULL, in_doubt_since = NULL,
               address = coalesce(CASE channel
                   WHEN 'email' THEN (SELECT nullif(email, '') FROM people WHERE person = d.recipient)
                   ELSE (SELECT external_id FROM bindings b WHERE b.person = d.recipient AND b.channel = d.channel)
                   END, address)
         WHERE id = %(id)s AND state = 'dead'
           AND NOT EXISTS (SELECT 1 FROM deliveries later
                            WHERE later.reservation = d.reservation AND later.recipient = d.recipient
                              AND later.channel = d.channel AND later.version > d.version
                              AND (later.state = 'accepted' OR later.{tables.OPEN}))
        RETURNING id)
    INSERT INTO attempts (delivery, started_at, ended_at, outcome, detail)
    SELECT id, %(now)s, %(now)s, 'resent', 'by an operator' FROM again"""


class Deliveries:
    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def add(self, deliveries: list[Delivery]) -> None:
        """Write them, due at once; one that is there already stays as it is."""
        if deliveries:
            self.execute(ADD, (encoding.dumps([vars(delivery) for delivery in deliveries]).decode(),))

    def claim(self, channel: str, now: datetime) -> Claimed | None:
        """The delivery that has been due for longest, now ours until the lease ends."""
        row = self.execute(CLAIM, {"channel": channel, "now": now, "lease_ends": now + LEASE}).mappings().first()
        return row and claimed_of(row, now)

    def skip(self, claimed: Claimed, reason: str, now: datetime) -> None:
        """Settle a claimed delivery unsent: it is no longer true, of use or wanted."""
        self.execute(SKIP, {"id": claimed.id, "attempt": claimed.attempt, "reason": reason, "now": now})

    def settle(self, claimed: Claimed, outcome: Outcome, step: Step, now: datetime) -> None:
        """Write down what became of an attempt."""
        values = {
            "id": claimed.id,
            "attempt": claimed.attempt,
            "number": claimed.trial.number,
            "attempts": claimed.trial.number if step.counts else claimed.trial.number - 1,
            "state": step.state.value,
            "due_at": step.due_at,
            "reason": step.reason,
            "in_doubt_since": step.in_doubt_since,
            "reference": outcome.reference,
            "outcome": outcome.kind.value,
            "code": outcome.code,
            "detail": outcome.detail[:500],
            "now": now,
        }
        self.execute(SETTLE, values)

    def renew(self, ids: list[str], now: datetime) -> None:
        """Keep what is being sent for another lease."""
        self.execute(RENEW, (now + LEASE, ids))

    def resend(self, delivery: str, now: datetime) -> bool:
        """Send a dead one again; False when it is not dead, or a later message has overtaken it."""
        return self.execute(RESEND, {"id": delivery, "now": now}).rowcount == 1


def claimed_of(row: Any, now: datetime) -> Claimed:
    fields = {name: row[name] for name in Delivery.__dataclass_fields__}
    fields |= {"id": str(row["id"]), "event_id": str(row["event_id"])}
    trial = Trial(number=row["attempts"], started_at=now, in_doubt_since=row["in_doubt_since"])
    return Claimed(**fields, attempt=row["attempt"], trial=trial)
