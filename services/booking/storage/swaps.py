"""Asks between teams in PostgreSQL."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.booking.domain.rights import Person
from services.booking.domain.run import Run
from services.booking.domain.spans import Span
from services.booking.domain.states import HELD
from services.booking.domain.swapping import Ask, AskState, Place
from services.booking.storage.rows import PERSON, person_of
from services.booking.storage.tables import quoted
from services.contracts.messaging import encoding

ASK = """
    a.ask::text AS id, a.version, a.kind, a.state, a.team, a.requester, a.holder::text, a.holder_team, a.facility,
    a.unit, a.starts_at, a.ends_at, a.reservation::text, a.given_facility, a.given_unit, a.given_starts_at,
    a.given_ends_at, a.wished_from, a.wished_until, a.project, a.purpose, a.run, a.note, a.reason, a.asked_at,
    a.expires_at"""
LOCKED = f"""
    SELECT {ASK}, asking.*
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN LATERAL (SELECT {PERSON} FROM persons p WHERE p.person = %(actor)s) AS asking ON true
     CROSS JOIN asks a
     WHERE a.ask = %(ask)s
       FOR UPDATE OF a"""
HOLDING = f"""
    SELECT r.reservation::text FROM reservations r
     WHERE r.facility = %(facility)s AND r.unit = %(unit)s AND r.starts_at = %(starts_at)s
       AND r.state IN ({quoted(HELD)})
     ORDER BY r.reservation"""
# Two statements: what is read was there after the waiting, so that two who ask at once are both counted.
OPEN_OF = f"""
    SELECT pg_advisory_xact_lock(hashtextextended('asks:' || %(team)s, 0));
    SELECT {ASK} FROM asks a WHERE a.team = %(team)s AND a.state = 'asked' ORDER BY a.asked_at"""
LATELY = """
    SELECT count(*) FROM asks a
     WHERE a.holder = %(holder)s AND (a.team = %(team)s OR a.requester = %(requester)s) AND a.asked_at > %(since)s"""
LAPSED = f"""
    SELECT {ASK} FROM asks a JOIN reservations h ON h.reservation = a.holder
      LEFT JOIN reservations g ON g.reservation = a.reservation
     WHERE a.state = 'asked' AND (
               a.expires_at <= %(now)s OR h.state <> 'approved'
               OR (h.facility, h.unit, h.starts_at, h.ends_at) IS DISTINCT FROM
                  (a.facility, a.unit, a.starts_at, a.ends_at)
               OR a.kind = 'swap' AND (
                      g.state NOT IN ('requested', 'approved')
                      OR (g.facility, g.unit, g.starts_at, g.ends_at) IS DISTINCT FROM
                         (a.given_facility, a.given_unit, a.given_starts_at, a.given_ends_at)))
     ORDER BY a.expires_at LIMIT %(limit)s FOR UPDATE OF a SKIP LOCKED"""
NAMES = (
    "ask", "version", "kind", "state", "team", "requester", "holder", "holder_team", "facility", "unit", "starts_at",
    "ends_at", "reservation", "given_facility", "given_unit", "given_starts_at", "given_ends_at", "wished_from",
    "wished_until", "project", "purpose", "run", "note", "reason", "asked_at", "expires_at",
)
ADD = f"INSERT INTO asks ({', '.join(NAMES)}) VALUES ({', '.join(f'%({name})s' for name in NAMES)})"
CHANGE = """
    UPDATE asks SET version = %(version)s, state = %(state)s, reservation = %(reservation)s, reason = %(reason)s
     WHERE ask = %(ask)s"""


class Swaps:
    """The asks, one row each."""

    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def add(self, ask: Ask) -> None:
        self.execute(ADD, values_of(ask))

    def change(self, ask: Ask) -> None:
        """Keep the next version of an ask that is locked."""
        self.execute(CHANGE, values_of(ask))

    def locked(self, ask: str, actor: str) -> tuple[Ask | None, Person | None]:
        """An ask, locked until the end of the transaction, and the person who acts."""
        row = self.execute(LOCKED, {"ask": ask, "actor": actor}).first()
        return (ask_of(row), person_of(row)) if row else (None, None)

    def holding(self, facility: str, unit: str, starts_at: datetime) -> Collection[str]:
        """The reservations that have a unit from an instant on; several where runs share it."""
        slot = {"facility": facility, "unit": unit, "starts_at": starts_at}
        return self.execute(HOLDING, slot).scalars().all()

    def open_of(self, team: str) -> list[Ask]:
        """What a team has asked and is not answered; nobody else adds to it until the end of the transaction."""
        return [ask_of(row) for row in self.execute(OPEN_OF, {"team": team})]

    def lately(self, ask: Ask, since: datetime) -> int:
        """How often the same team or person has asked for the same reservation since then."""
        values = {"holder": ask.holder, "team": ask.team, "requester": ask.requester, "since": since}
        return self.execute(LATELY, values).scalar_one()

    def lapsed(self, now: datetime, limit: int) -> list[Ask]:
        """Those that nobody can answer any more, locked; those that others hold are left out."""
        return [ask_of(row) for row in self.execute(LAPSED, {"now": now, "limit": limit})]


def values_of(ask: Ask) -> dict[str, Any]:
    given, wished = ask.given or (None,) * 4, ask.wished or (None,) * 2
    return {
        "ask": ask.id, "version": ask.version, "kind": ask.kind, "state": str(ask.state), "team": ask.team,
        "requester": ask.requester, "holder": ask.holder, "holder_team": ask.holder_team, **ask.slot._asdict(),
        "reservation": ask.reservation,
        **{f"given_{name}": value for name, value in zip(Place._fields, given, strict=True)},
        "wished_from": wished[0], "wished_until": wished[1], "project": ask.project, "purpose": ask.purpose,
        "run": encoding.dumps(ask.run.to_dict()).decode(), "note": ask.note, "reason": ask.reason,
        "asked_at": ask.asked_at, "expires_at": ask.expires_at,
    }


def ask_of(row: Any) -> Ask:
    given = (row.given_facility, row.given_unit, row.given_starts_at, row.given_ends_at)
    return Ask(
        id=row.id, version=row.version, kind=row.kind, state=AskState(row.state), team=row.team,
        requester=row.requester, holder=row.holder, holder_team=row.holder_team,
        slot=Place(row.facility, row.unit, row.starts_at, row.ends_at), reservation=row.reservation,
        given=Place(*given) if row.given_facility else None,
        wished=Span(row.wished_from, row.wished_until) if row.wished_from else None,
        project=row.project, purpose=row.purpose, run=Run(**row.run), note=row.note, reason=row.reason,
        asked_at=row.asked_at, expires_at=row.expires_at,
    )
