"""The deliveries as a queue: claimed by one sender at a time, settled by their outcomes.

Both take many at a time: what several workers report at one moment, and what they take next,
are two statements in one transaction. A statement costs the database far more than a row.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from services.contracts.messaging import encoding
from services.notify.domain.deliveries import Claimed
from services.notify.domain.outcomes import Outcome, State, Step, Trial
from services.notify.domain.pauses import Pause
from services.notify.storage import tables
from services.notify.storage.deliveries import FIELDS, Deliveries

LEASE = timedelta(seconds=20)
"""How long a delivery stays with a sender that has gone silent; a living one renews it."""

MINUTE = timedelta(minutes=1)

# A later message of one conversation waits until the earlier ones are through or dead. A program
# is told the version with each fact, and one that it cannot take shall hold up no other.
EARLIER = f"""
    SELECT 1 FROM deliveries earlier
     WHERE earlier.reservation = d.reservation AND earlier.recipient = d.recipient AND earlier.channel = d.channel
       AND earlier.version < d.version AND earlier.{tables.OPEN} AND d.channel <> 'webhook'"""

# A program is told one thing at a time, and while it fails nothing new but once a minute: the
# waits for one that is away shall not take the workers from all others.
NOT_NOW = f"""
    SELECT 1 FROM deliveries other
     WHERE d.channel = 'webhook' AND other.channel = 'webhook' AND other.address = d.address AND other.id <> d.id
       AND other.begun_at > %(minute_ago)s
       AND (other.state = 'sending'
            OR d.attempts = 0 AND other.attempts > 0 AND other.{tables.OPEN} AND other.begun_at > %(silent_since)s)"""

ITS_TURN = f"NOT EXISTS ({EARLIER}) AND NOT EXISTS ({NOT_NOW})"

# What a sender notes waits for no disk: should the database crash before it is written, the
# delivery is found as it was and goes out again under the same identity. Many small waits
# would slow the requests that share the disk.
RELAXED = "SET LOCAL synchronous_commit = off;"

# Which of those that are due stay below what one address may get in a minute; the rest comes a little later.
ALL_MAY_GO = "may_go AS (SELECT * FROM next)"
SOME_MAY_GO = """
         counted AS (
             SELECT next.*, row_number() OVER (PARTITION BY address ORDER BY due_at) AS place,
                    (SELECT count(*) FROM deliveries b
                      WHERE b.channel = %(channel)s AND b.address = next.address
                        AND b.begun_at > %(minute_ago)s) AS sent
               FROM next),
         put_off AS (
             UPDATE deliveries d SET due_at = %(later)s FROM counted
              WHERE d.id = counted.id AND place + sent > %(per_minute)s),
         may_go AS (SELECT * FROM counted WHERE place + sent <= %(per_minute)s)"""

# A row that is still "sending" when it is due was left by a sender that died: whether its
# message arrived is in doubt since that try began.
CLAIM = """
    {relaxed}
    WITH next AS (
             SELECT id, state, address, due_at FROM deliveries d
              WHERE channel = %(channel)s AND {open} AND due_at <= %(now)s AND {its_turn}
                AND NOT EXISTS (SELECT 1 FROM pauses p WHERE p.channel = %(channel)s AND p.until > %(now)s)
              ORDER BY due_at LIMIT %(count)s FOR UPDATE OF d SKIP LOCKED),
         {limit},
         abandoned AS (
             UPDATE attempts a SET ended_at = %(now)s, outcome = 'unknown', detail = 'the sender went silent'
               FROM may_go WHERE may_go.state = 'sending' AND a.delivery = may_go.id AND a.ended_at IS NULL
             RETURNING a.delivery, a.started_at),
         taken AS (
             UPDATE deliveries d
                SET state = 'sending', attempts = d.attempts + 1, due_at = %(lease_ends)s, begun_at = %(now)s,
                    in_doubt_since = coalesce(
                        d.in_doubt_since, (SELECT min(started_at) FROM abandoned WHERE delivery = d.id))
               FROM may_go WHERE d.id = may_go.id
             RETURNING d.*),
         begun AS (
             INSERT INTO attempts (delivery, started_at) SELECT id, %(now)s FROM taken
             RETURNING id AS attempt, delivery)
    SELECT * FROM taken JOIN begun ON begun.delivery = taken.id"""
CLAIM_ALL = CLAIM.format(relaxed=RELAXED, open=tables.OPEN, its_turn=ITS_TURN, limit=ALL_MAY_GO)
CLAIM_SOME = CLAIM.format(relaxed=RELAXED, open=tables.OPEN, its_turn=ITS_TURN, limit=SOME_MAY_GO.strip())

# "accepted" is a truth whoever brings it; anything else counts only from the one who holds the lease.
SETTLE = f"""
    {RELAXED}
    WITH given AS (
             SELECT * FROM jsonb_to_recordset(%(given)s::jsonb) AS given (
                    id uuid, attempt bigint, number integer, attempts integer, state text, due_at timestamptz,
                    reason text, in_doubt_since timestamptz, reference text, outcome text, code text, detail text)),
         noted AS (
             UPDATE attempts a SET ended_at = %(now)s, outcome = given.outcome, code = given.code, detail = given.detail
               FROM given WHERE a.id = given.attempt),
         settled AS (
             UPDATE deliveries d
                SET state = given.state, due_at = given.due_at, reason = given.reason, attempts = given.attempts,
                    in_doubt_since = given.in_doubt_since, provider_reference = given.reference,
                    accepted_at = CASE WHEN given.state = 'accepted' THEN %(now)s::timestamptz END
               FROM given
              WHERE d.id = given.id AND d.state <> 'accepted'
                AND (given.state = 'accepted' OR (d.state = 'sending' AND d.attempts = given.number))
             RETURNING d.*)
    SELECT * FROM settled WHERE state = 'dead'"""

RENEW = "UPDATE deliveries SET due_at = %s WHERE id = ANY(%s::uuid[]) AND state = 'sending'"

SKIP = """
    WITH given AS (SELECT * FROM jsonb_each_text(%(reasons)s::jsonb) AS given (id, reason)),
         noted AS (
             UPDATE attempts a SET ended_at = %(now)s, outcome = 'skipped', detail = given.reason
               FROM given WHERE a.delivery = given.id::uuid AND a.ended_at IS NULL)
    UPDATE deliveries d SET state = 'skipped', due_at = NULL, reason = given.reason, attempts = d.attempts - 1
      FROM given WHERE d.id = given.id::uuid AND d.state = 'sending'"""

PAUSE = """
    INSERT INTO pauses (channel, until, kind, reason) VALUES (%s, %s, %s, %s)
    ON CONFLICT (channel) DO UPDATE SET until = greatest(pauses.until, excluded.until), kind = excluded.kind,
                                        reason = excluded.reason"""


@dataclass(frozen=True)
class Report:
    """What came of an attempt, and what shall become of its delivery."""

    claimed: Claimed
    outcome: Outcome
    step: Step


class Queue:
    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql
        self.deliveries = Deliveries(connection)

    def claim(
        self, channel: str, now: datetime, count: int = 1, per_minute: int | None = None, time_scale: float = 1
    ) -> list[Claimed]:
        """The deliveries that have been due for longest, now ours until the lease ends."""
        asked = {"channel": channel, "now": now, "lease_ends": now + LEASE, "count": count, "per_minute": per_minute}
        asked |= {"minute_ago": now - MINUTE, "later": now + MINUTE / 4 / time_scale,
                  "silent_since": now - MINUTE / time_scale}
        rows = self.execute(CLAIM_ALL if per_minute is None else CLAIM_SOME, asked).mappings().all()
        return sorted((claimed_of(row, now) for row in rows), key=lambda each: (each.created_at, each.id))

    def settle(self, reports: list[Report], now: datetime) -> list[Report]:
        """Write down what became of attempts. Returns those that died; where possible a mail goes instead."""
        given = encoding.dumps([row_of(report) for report in reports]).decode()
        rows = self.execute(SETTLE, {"given": given, "now": now}).mappings().all()
        self.deliveries.fall_back(rows, now)
        dead = {str(row["id"]) for row in rows}
        return [report for report in reports if report.claimed.id in dead]

    def skip(self, reasons: dict[str, str], now: datetime) -> None:
        """Settle what need not be sent any more: why, by delivery."""
        if reasons:
            self.execute(SKIP, {"reasons": encoding.dumps(reasons).decode(), "now": now})

    def renew(self, ids: list[str], now: datetime) -> None:
        """Keep what is being sent for another lease."""
        self.execute(RENEW, (now + LEASE, ids))

    def pause(self, pause: Pause) -> None:
        """Let a channel rest, for all senders."""
        self.execute(PAUSE, (pause.channel, pause.until, pause.kind.value, pause.reason))

    def resume(self, channel: str) -> None:
        """End a channel's rest."""
        self.execute("DELETE FROM pauses WHERE channel = %s", (channel,))

    def refused(self, channel: str, now: datetime) -> str | None:
        """Why the channel rests, if it does because its account or our settings are wrong."""
        asked = "SELECT reason FROM pauses WHERE channel = %s AND until > %s AND kind = 'configuration'"
        return self.execute(asked, (channel, now)).scalar()


def row_of(report: Report) -> dict[str, Any]:
    number, step = report.claimed.trial.number, report.step
    return {
        "id": report.claimed.id,
        "attempt": report.claimed.attempt,
        "number": number,
        "attempts": number if step.counts else number - 1,
        "state": State(step.state).value,
        "due_at": step.due_at,
        "reason": step.reason,
        "in_doubt_since": step.in_doubt_since,
        "reference": report.outcome.reference,
        "outcome": report.outcome.kind.value,
        "code": report.outcome.code,
        "detail": report.outcome.detail[:500],
    }


def claimed_of(row: Any, now: datetime) -> Claimed:
    fields = {name: row[name] for name in FIELDS}
    fields |= {"id": str(row["id"]), "event_id": str(row["event_id"])}
    trial = Trial(number=row["attempts"], started_at=now, in_doubt_since=row["in_doubt_since"])
    return Claimed(**fields, attempt=row["attempt"], trial=trial)
