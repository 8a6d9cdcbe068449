"""Quotas as facilities tells them, and what has been used of them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.booking.domain.quotas import Use
from services.booking.domain.states import HELD, SHOWN, State
from services.booking.storage.tables import quoted
from services.contracts.events import QuotaChanged
from services.contracts.messaging import encoding

COUNTED = SHOWN | {State.NO_SHOW}
"""Nobody gets hours back by not coming."""

SAVE = """
    INSERT INTO quotas (quota, version, active, snapshot) VALUES (%(quota)s, %(version)s, %(active)s, %(snapshot)s)
    ON CONFLICT (quota) DO UPDATE
       SET version = excluded.version, active = excluded.active, snapshot = excluded.snapshot
     WHERE quotas.version <= excluded.version"""
# Two statements in one round trip, like the locks of units: what is read was there after the waiting.
# In the order of the numbers, so that nobody who locks several waits for somebody who waits for them.
LOCK = """
    SELECT pg_advisory_xact_lock(number)
      FROM (SELECT DISTINCT hashtextextended(subject, 0) AS number FROM unnest(%(keys)s::text[]) AS subject
             ORDER BY 1) AS numbers;"""
USES = f"""
    SELECT r.starts_at, r.ends_at, f.snapshot ->> 'kind', r.state IN ({quoted(HELD)}) AND r.ends_at > %(now)s,
           coalesce(t.company, ''), r.team, r.requester, r.project
      FROM reservations r JOIN facilities f ON f.facility = r.facility LEFT JOIN teams t ON t.team = r.team
     WHERE r.state IN ({quoted(COUNTED)}) AND r.ends_at > %(since)s
       AND r.starts_at > %(since)s::timestamptz - interval '366 days'
       AND r.reservation <> ALL(%(without)s::uuid[])
       AND (r.team IN (SELECT team FROM teams WHERE team = %(team)s OR company = %(company)s)
            OR r.requester = %(person)s OR r.project = %(project)s)"""
WARN = """
    INSERT INTO quota_warnings (quota, subject, starts_at) VALUES (%(quota)s, %(subject)s, %(starts_at)s)
    ON CONFLICT DO NOTHING"""
NOBODY = {"company": None, "team": None, "person": None, "project": None}


class Quotas:
    """The quotas that are known, and the reservations that count on them."""

    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def save(self, event: QuotaChanged) -> None:
        self.execute(SAVE, vars(event) | {"snapshot": encoding.dumps(snapshot_of(event)).decode()})

    def uses(
        self, subjects: Mapping[str, str], since: datetime, now: datetime, without: Collection[str] = (), *,
        locking: bool,
    ) -> list[Use]:
        """What ``subjects`` by scope have reserved from ``since`` on; locked until the end of the transaction."""
        keys = [f"{scope}:{subject}" for scope, subject in subjects.items()]
        values = {"keys": keys, "since": since, "now": now, "without": list(without), **NOBODY, **subjects}
        return [Use(*row) for row in self.execute((LOCK if locking else "") + USES, values)]

    def hold(self, subjects: Iterable[tuple[str, str]]) -> None:
        """Lock subjects, each with its scope, until the end of the transaction."""
        self.execute(LOCK, {"keys": [f"{scope}:{subject}" for scope, subject in subjects]})

    def warn(self, quota: str, subject: str, starts_at: datetime) -> bool:
        """Whether this is the first time in a period."""
        values = {"quota": quota, "subject": subject, "starts_at": starts_at}
        return bool(self.execute(WARN, values).rowcount)


def snapshot_of(event: QuotaChanged) -> dict[str, Any]:
    kept = {name: value for name, value in vars(event).items() if name not in ("version", "active")}
    return {"code": kept.pop("quota"), **kept}
