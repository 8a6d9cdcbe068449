"""Reservations in PostgreSQL: plain statements, each one round trip."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from services.booking.domain.held import Claims, Held
from services.booking.domain.reservation import Entry, Reservation
from services.booking.domain.rights import Person, door_of
from services.booking.domain.spans import Span
from services.booking.domain.states import HELD
from services.booking.domain.units import SlotHeld
from services.booking.storage.rows import PERSON, RESERVATION, person_of, reservation_of
from services.booking.storage.tables import NO_OVERLAP, quoted
from services.contracts.messaging import encoding

# The person is joined by a constant and not by a column of the reservation: where the lock is
# waited for, PostgreSQL looks at the new version of the reservation, but at the old joined rows.
# A campaign is locked before its members, whatever is done with one of them.
LOCKED = f"""
    SELECT FROM campaigns c
     WHERE c.campaign = (SELECT campaign FROM reservations WHERE reservation = %(reservation)s) FOR UPDATE;
    SELECT {RESERVATION}, asking.*
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN LATERAL (SELECT {PERSON} FROM persons p WHERE p.person = %(actor)s) AS asking ON true
     CROSS JOIN reservations r
     WHERE r.reservation = %(reservation)s
       FOR UPDATE OF r"""
DUE = f"""
    SELECT {RESERVATION} FROM reservations r
     WHERE r.state = 'requested' AND r.decide_by <= %(now)s AND r.campaign IS NULL
     ORDER BY r.decide_by LIMIT %(limit)s FOR UPDATE SKIP LOCKED"""

LATEST_END = "r.ends_at + make_interval(mins => coalesce((r.run ->> 'elastic_minutes')::int, 0))"
NOT_COME = f"""
    SELECT {RESERVATION}, (f.snapshot ->> 'no_show_minutes')::int AS minutes
      FROM facilities f JOIN reservations r ON r.facility = f.facility
     WHERE r.state = 'approved' AND r.starts_at >= f.no_show_since
       AND r.starts_at <= %(now)s - make_interval(
               secs => (f.snapshot ->> 'no_show_minutes')::int * 60 / %(time_scale)s::double precision)
       AND NOT EXISTS (SELECT 1 FROM reservations o
                        WHERE o.facility = r.facility AND o.unit = r.unit AND o.state = 'in_use')
     ORDER BY r.starts_at LIMIT %(limit)s FOR UPDATE OF r SKIP LOCKED"""
OVERRUNNING = f"""
    SELECT {RESERVATION} FROM reservations r
     WHERE r.state = 'in_use' AND {LATEST_END} <= %(now)s AND r.overran IS DISTINCT FROM {LATEST_END}
     ORDER BY r.ends_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED"""
FORGOTTEN = f"""
    SELECT {RESERVATION} FROM reservations r
     WHERE r.state = 'in_use' AND {LATEST_END} <= %(ended)s
     ORDER BY r.ends_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED"""
LEFT_BEHIND = f"""
    SELECT {RESERVATION} FROM reservations r
     WHERE r.state = 'in_use' AND r.facility = %(facility)s AND r.unit = %(unit)s AND r.ends_at <= %(starts_at)s
       AND {LATEST_END} <= %(now)s
     ORDER BY r.ends_at FOR UPDATE SKIP LOCKED"""
NEXT_ON_UNIT = f"""
    SELECT {RESERVATION} FROM reservations r
     WHERE r.state = 'approved' AND r.facility = %(facility)s AND r.unit = %(unit)s
       AND r.starts_at >= %(ends_at)s AND r.starts_at <= %(until)s
     ORDER BY r.starts_at LIMIT 1"""
COUNT_PIN_TRY = "UPDATE reservations SET pin_tries = pin_tries + 1 WHERE reservation = %(reservation)s"
PIN = "SELECT pin, pin_tries FROM reservations WHERE reservation = %(reservation)s"

WINDOW = "u.facility = ANY(%(facilities)s) AND {0}.period && tstzrange(%(starts_at)s, %(ends_at)s)"
# What interrupts takes no place, so that it cannot be mistaken for a run.
CLAIMS = f"""
    SELECT u.facility, u.unit, lower(c.period) AS starts_at, upper(c.period), lower(c.places) AS first,
           upper(c.places), c.family, lower(c.run), upper(c.run), c.profile
      FROM units u JOIN claims c ON c.unit_id = u.id
     WHERE {WINDOW.format("c")} AND c.held AND c.reservation <> ALL(%(without)s::uuid[])
     UNION ALL
    SELECT u.facility, u.unit, lower(i.period), upper(i.period), 0, NULL, NULL, NULL, NULL, NULL
      FROM units u JOIN interrupted i ON i.unit_id = u.id WHERE {WINDOW.format("i")}
     ORDER BY facility, unit, starts_at, first"""
PEOPLE = f"""
    SELECT r.facility, r.starts_at, r.ends_at, coalesce((r.run ->> 'people')::integer, 1)
      FROM reservations r
     WHERE r.facility = ANY(%(facilities)s) AND r.state IN ({quoted(HELD)})
       AND r.starts_at < %(ends_at)s AND r.ends_at > %(starts_at)s AND r.reservation <> ALL(%(without)s::uuid[])"""
# Two statements in one round trip. The second has its own snapshot, taken after the locks were
# waited for; in a single statement it would be older than the lock and blind for the winner.
LOCK_UNITS = "SELECT id FROM units WHERE facility = ANY(%(locking)s) ORDER BY id FOR UPDATE;"

CLAIM = """
    INSERT INTO claims (reservation, unit_id, period, held, places, family, run, profile)
    SELECT %(id)s, (SELECT id FROM units WHERE facility = %(facility)s AND unit = %(unit)s),
           tstzrange(c.starts_at, c.ends_at), %(held)s, int4range(c.first, c.beyond),
           %(family)s, tstzrange(%(runs_from)s, %(runs_to)s), %(profile)s
      FROM unnest(%(from)s::timestamptz[], %(to)s::timestamptz[], %(first)s::integer[], %(beyond)s::integer[])
           AS c (starts_at, ends_at, first, beyond)"""
HISTORY = """
    INSERT INTO reservation_history (reservation, version, action, actor, at, reason, former, changed, basis)
    VALUES (%(id)s, %(version)s, %(action)s, %(actor)s, %(at)s, %(reason)s, %(former)s, %(changed)s, %(basis)s)"""
USE = "checked_in_at = %(checked_in_at)s, checked_out_at = %(checked_out_at)s, overran = %(overran)s"
# The savepoint lets the transaction live on when the constraint refuses, to look for alternatives.
ADD = f"""
    SAVEPOINT claiming;
    WITH reservation AS (
        INSERT INTO reservations (reservation, version, state, facility, unit, starts_at, ends_at,
                                  team, project, purpose, requester, decide_by, run, series, series_date,
                                  awaits, route, waivers, exception, campaign, campaign_step)
        VALUES (%(id)s, %(version)s, %(state)s, %(facility)s, %(unit)s, %(starts_at)s, %(ends_at)s,
                %(team)s, %(project)s, %(purpose)s, %(requester)s, %(decide_by)s, %(run)s,
                %(series)s, %(series_date)s, %(awaits)s, %(route)s, %(waivers)s, %(exception)s,
                %(campaign)s, %(campaign_step)s)),
    claim AS ({CLAIM})
    {HISTORY}"""
WAITING = """
    version = %(version)s, state = %(state)s, decide_by = %(decide_by)s, awaits = %(awaits)s, route = %(route)s,
    waivers = %(waivers)s, exception = %(exception)s, run = %(run)s, purpose = %(purpose)s"""
CHANGE = f"""
    WITH reservation AS (
        UPDATE reservations SET {WAITING}, {USE}
         WHERE reservation = %(id)s),
    claim AS (
        UPDATE claims SET held = %(held)s WHERE reservation = %(id)s)
    {HISTORY}"""
MOVE = f"""
    SAVEPOINT claiming;
    DELETE FROM claims WHERE reservation = %(id)s;
    WITH reservation AS (
        UPDATE reservations
           SET {WAITING}, {USE},
               facility = %(facility)s, unit = %(unit)s, starts_at = %(starts_at)s, ends_at = %(ends_at)s
         WHERE reservation = %(id)s),
    claim AS ({CLAIM})
    {HISTORY}"""

LET_GO = "UPDATE claims SET held = false WHERE reservation = ANY(%(reservations)s::uuid[])"


class Reservations:
    """The reservations, and the claims they hold."""

    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def locked(self, reservation: str, actor: str) -> tuple[Reservation | None, Person | None]:
        """A reservation, locked until the end of the transaction, and the person who asks."""
        row = self.execute(LOCKED, {"reservation": reservation, "actor": actor}).first()
        return (reservation_of(row), person_of(row) or door_of(actor)) if row else (None, None)

    def due(self, now: datetime, limit: int) -> list[Reservation]:
        """Undecided requests whose time is up, locked, but for those of campaigns and those that others hold."""
        return [reservation_of(row) for row in self.execute(DUE, {"now": now, "limit": limit})]

    def not_come(self, now: datetime, time_scale: float, limit: int) -> list[tuple[Reservation, int]]:
        """Those that are late by more than their facility allows, locked, with the minutes that it does."""
        rows = self.execute(NOT_COME, {"now": now, "time_scale": time_scale, "limit": limit})
        return [(reservation_of(row), row.minutes) for row in rows]

    def overrunning(self, now: datetime, limit: int) -> list[Reservation]:
        """In use past an end of which it has not been told yet, locked."""
        return [reservation_of(row) for row in self.execute(OVERRUNNING, {"now": now, "limit": limit})]

    def in_use_since_end(self, ended: datetime, limit: int) -> list[Reservation]:
        """Still in use although the end was before ``ended``, locked."""
        return [reservation_of(row) for row in self.execute(FORGOTTEN, {"ended": ended, "limit": limit})]

    def left_behind(self, reservation: Reservation, now: datetime) -> list[Reservation]:
        """Those before it on its unit that are still in use although their time is over, locked."""
        place = {"facility": reservation.facility, "unit": reservation.unit, "starts_at": reservation.span.starts_at}
        return [reservation_of(row) for row in self.execute(LEFT_BEHIND, place | {"now": now})]

    def next_on_unit(self, reservation: Reservation, until: datetime) -> Reservation | None:
        """The next approved one after it on its unit that begins by ``until``."""
        place = {"facility": reservation.facility, "unit": reservation.unit, "ends_at": reservation.span.ends_at}
        row = self.execute(NEXT_ON_UNIT, place | {"until": until}).first()
        return reservation_of(row) if row else None

    def count_pin_try(self, reservation: str) -> None:
        self.execute(COUNT_PIN_TRY, {"reservation": reservation})

    def pin(self, reservation: str) -> tuple[str, int]:
        """What the team shows at the door, and how often somebody tried."""
        row = self.execute(PIN, {"reservation": reservation}).one()
        return row.pin, row.pin_tries

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

    def people(
        self, facilities: Sequence[str], window: Span, without: Collection[str] = (),
    ) -> dict[str, tuple[tuple[Span, int], ...]]:
        """Which reservations hold time in ``window`` and how many people they bring, by facility."""
        values = {"facilities": list(facilities), "without": list(without), **window._asdict()}
        found: dict[str, list[tuple[Span, int]]] = defaultdict(list)
        for facility, starts_at, ends_at, people in self.execute(PEOPLE, values):
            found[facility].append((Span(starts_at, ends_at), people))
        return {facility: tuple(there) for facility, there in found.items()}

    def read_claims(self, statement: str, **values: Any) -> Claims:
        found = defaultdict(list)
        for facility, unit, *held in self.execute(statement, values).all():
            found[facility, unit].append(Held(*held))
        return found

    def add(self, reservation: Reservation, claims: Sequence[Held], entry: Entry) -> None:
        """Raises SlotHeld."""
        self.claim(ADD, values_of(reservation, entry) | values_held(claims))

    def change(self, reservation: Reservation, claims: Sequence[Held] | None, entry: Entry) -> None:
        """Keep the next version; ``claims`` where it holds something else than before. Raises SlotHeld."""
        if claims is None:
            self.execute(CHANGE, values_of(reservation, entry))
        else:
            self.claim(MOVE, values_of(reservation, entry) | values_held(claims))

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


def values_of(reservation: Reservation, entry: Entry) -> dict[str, Any]:
    return {
        "id": reservation.id, "version": reservation.version, "state": str(reservation.state),
        "facility": reservation.facility, "unit": reservation.unit, **reservation.span._asdict(),
        "team": reservation.team, "project": reservation.project, "purpose": reservation.purpose,
        "requester": reservation.requester, "decide_by": reservation.decide_by,
        "awaits": reservation.awaits, "route": encoding.dumps(reservation.route.to_dict()).decode(),
        "waivers": encoding.dumps(reservation.waivers).decode(), "exception": reservation.exception,
        "checked_in_at": reservation.checked_in_at, "checked_out_at": reservation.checked_out_at,
        "overran": reservation.overran,
        "run": encoding.dumps(reservation.run.to_dict()).decode(), "held": reservation.is_held,
        "series": reservation.series, "series_date": reservation.series_date,
        "campaign": reservation.campaign, "campaign_step": reservation.campaign_step,
        "action": str(entry.action), "actor": entry.actor, "at": entry.at, "reason": entry.reason,
        **{name: encoding.dumps(getattr(entry, name)).decode() for name in ("former", "changed", "basis")},
    }


def values_held(claims: Sequence[Held]) -> dict[str, Any]:
    """The pieces of one reservation: they differ in time and places, not in what is run."""
    starts_at, ends_at, first, beyond, families, runs_from, runs_to, profiles = map(list, zip(*claims, strict=True))
    return {
        "from": starts_at, "to": ends_at, "first": first, "beyond": beyond,
        "family": families[0], "runs_from": runs_from[0], "runs_to": runs_to[0],
        "profile": profiles[0] and encoding.dumps(profiles[0]).decode(),
    }
