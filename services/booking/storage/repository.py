"""Reservations in PostgreSQL: plain statements, each one round trip."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from services.booking.domain.reservation import Entry, Reservation
from services.booking.domain.rights import Person
from services.booking.domain.spans import Span
from services.booking.domain.units import Claims, Held, SlotHeld
from services.booking.storage.rows import PERSON, RESERVATION, person_of, reservation_of
from services.booking.storage.tables import NO_OVERLAP
from services.contracts.messaging import encoding

# The person is joined by a constant and not by a column of the reservation: where the lock is
# waited for, PostgreSQL looks at the new version of the reservation, but at the old joined rows.
LOCKED = f"""
    SELECT {RESERVATION}, asking.*
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN LATERAL (SELECT {PERSON} FROM persons p WHERE p.person = %(actor)s) AS asking ON true
     CROSS JOIN reservations r
     WHERE r.reservation = %(reservation)s
       FOR UPDATE OF r"""
DUE = f"""
    SELECT {RESERVATION} FROM reservations r
     WHERE r.state = 'requested' AND r.decide_by <= %(now)s
     ORDER BY r.decide_by LIMIT %(limit)s FOR UPDATE SKIP LOCKED"""

WINDOW = "u.facility = ANY(%(facilities)s) AND {0}.period && tstzrange(%(starts_at)s, %(ends_at)s)"
CLAIMS = f"""
    SELECT u.facility, u.unit, lower(c.period) AS starts_at, upper(c.period)
      FROM units u JOIN claims c ON c.unit_id = u.id
     WHERE {WINDOW.format("c")} AND c.held AND c.reservation <> ALL(%(without)s::uuid[])
     UNION ALL
    SELECT u.facility, u.unit, lower(i.period), upper(i.period)
      FROM units u JOIN interrupted i ON i.unit_id = u.id WHERE {WINDOW.format("i")}
     ORDER BY facility, unit, starts_at"""
# Two statements in one round trip. The second has its own snapshot, taken after the locks were
# waited for; in a single statement it would be older than the lock and blind for the winner.
LOCK_UNITS = "SELECT id FROM units WHERE facility = ANY(%(locking)s) ORDER BY id FOR UPDATE;"

UNIT_ID = "(SELECT id FROM units WHERE facility = %(facility)s AND unit = %(unit)s)"
HISTORY = """
    INSERT INTO reservation_history (reservation, version, action, actor, at, reason, former, changed, basis)
    VALUES (%(id)s, %(version)s, %(action)s, %(actor)s, %(at)s, %(reason)s, %(former)s, %(changed)s, %(basis)s)"""
# The savepoint lets the transaction live on when the constraint refuses, to look for alternatives.
ADD = f"""
    SAVEPOINT claiming;
    WITH reservation AS (
        INSERT INTO reservations (reservation, version, state, facility, unit, starts_at, ends_at,
                                  team, project, purpose, requester, decide_by, run, series, series_date,
                                  awaits, route, waivers, exception)
        VALUES (%(id)s, %(version)s, %(state)s, %(facility)s, %(unit)s, %(starts_at)s, %(ends_at)s,
                %(team)s, %(project)s, %(purpose)s, %(requester)s, %(decide_by)s, %(run)s,
                %(series)s, %(series_date)s, %(awaits)s, %(route)s, %(waivers)s, %(exception)s)),
    claim AS (
        INSERT INTO claims (reservation, unit_id, period, held)
        VALUES (%(id)s, {UNIT_ID}, tstzrange(%(from)s, %(to)s), %(held)s))
    {HISTORY}"""
WAITING = """
    version = %(version)s, state = %(state)s, decide_by = %(decide_by)s, awaits = %(awaits)s, route = %(route)s,
    waivers = %(waivers)s, exception = %(exception)s"""
CHANGE = f"""
    WITH reservation AS (
        UPDATE reservations SET {WAITING}
         WHERE reservation = %(id)s),
    claim AS (
        UPDATE claims SET held = %(held)s WHERE reservation = %(id)s)
    {HISTORY}"""
MOVE = f"""
    SAVEPOINT claiming;
    WITH reservation AS (
        UPDATE reservations
           SET {WAITING},
               facility = %(facility)s, unit = %(unit)s, starts_at = %(starts_at)s, ends_at = %(ends_at)s
         WHERE reservation = %(id)s),
    claim AS (
        UPDATE claims SET held = %(held)s, unit_id = {UNIT_ID}, period = tstzrange(%(from)s, %(to)s)
         WHERE reservation = %(id)s)
    {HISTORY}"""

LET_GO = "UPDATE claims SET held = false WHERE reservation = ANY(%(reservations)s::uuid[])"


class Reservations:
    """The reservations, and the claims they hold."""

    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def locked(self, reservation: str, actor: str) -> tuple[Reservation | None, Person | None]:
        """A reservation, locked until the end of the transaction, and the person who asks."""
        row = self.execute(LOCKED, {"reservation": reservation, "actor": actor}).first()
        return (reservation_of(row), person_of(row)) if row else (None, None)

    def due(self, now: datetime, limit: int) -> list[Reservation]:
        """Undecided requests whose time is up, locked; those that others hold are left out."""
        return [reservation_of(row) for row in self.execute(DUE, {"now": now, "limit": limit})]

    def claims(self, facilities: Sequence[str], window: Span, without: Collection[str] = ()) -> Claims:
        """What is held on the units of ``facilities`` in ``window``, but for the reservations ``without``."""
        return self.read_claims(CLAIMS, facilities=list(facilities), without=list(without), **window._asdict())

    def claims_under_lock(
        self, locking: Collection[str], facilities: Sequence[str], window: Span, without: Collection[str] = (),
    ) -> Claims:
        """The same, with every unit of the facilities ``locking`` locked first, in the order of their ids."""
        statement = LOCK_UNITS + CLAIMS
        return self.read_claims(
            statement, locking=list(locking), facilities=list(facilities), without=list(without),
            **window._asdict(),
        )

    def read_claims(self, statement: str, **values: Any) -> Claims:
        found = defaultdict(list)
        for facility, unit, starts_at, ends_at in self.execute(statement, values):
            found[facility, unit].append(Held(starts_at, ends_at))
        return found

    def add(self, reservation: Reservation, period: Span, entry: Entry) -> None:
        """Raises SlotHeld."""
        self.claim(ADD, values_of(reservation, period, entry))

    def change(self, reservation: Reservation, period: Span | None, entry: Entry) -> None:
        """Keep the next version; ``period`` where the claim moves. Raises SlotHeld."""
        if period is None:
            self.execute(CHANGE, values_of(reservation, None, entry))
        else:
            self.claim(MOVE, values_of(reservation, period, entry))

    def let_go(self, reservations: Collection[str]) -> None:
        """Free the claims of reservations that are about to move, so that they may take each other's places."""
        self.execute(LET_GO, {"reservations": list(reservations)})

    def claim(self, statement: str, values: dict[str, Any]) -> None:
        try:
            self.execute(statement, values)
        except IntegrityError as error:
            if error.orig.diag.constraint_name != NO_OVERLAP:
                raise
            self.execute("ROLLBACK TO SAVEPOINT claiming")
            raise SlotHeld from error


def values_of(reservation: Reservation, period: Span | None, entry: Entry) -> dict[str, Any]:
    return {
        "id": reservation.id, "version": reservation.version, "state": str(reservation.state),
        "facility": reservation.facility, "unit": reservation.unit, **reservation.span._asdict(),
        "team": reservation.team, "project": reservation.project, "purpose": reservation.purpose,
        "requester": reservation.requester, "decide_by": reservation.decide_by,
        "awaits": reservation.awaits, "route": encoding.dumps(reservation.route.to_dict()).decode(),
        "waivers": encoding.dumps(reservation.waivers).decode(), "exception": reservation.exception,
        "run": encoding.dumps(reservation.run.to_dict()).decode(), "held": reservation.is_held,
        "series": reservation.series, "series_date": reservation.series_date,
        "from": period and period.starts_at, "to": period and period.ends_at,
        "action": str(entry.action), "actor": entry.actor, "at": entry.at, "reason": entry.reason,
        **{name: encoding.dumps(getattr(entry, name)).decode() for name in ("former", "changed", "basis")},
    }
