"""The wait lists in PostgreSQL, and where time may have come free.

``freed`` only grows by inserts, so that nobody who gives time up ever waits for whoever serves a list.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person
from services.booking.domain.run import Run
from services.booking.domain.spans import Span
from services.booking.domain.waiting import EntryState, WaitEntry
from services.booking.storage.rows import PERSON, RESERVATION, person_of, reservation_of
from services.contracts.messaging import encoding

ENTRY = """
    w.wait_entry::text AS id, w.version, w.state, w.facility, w.team, w.project, w.purpose, w.requester, w.run,
    w.minutes, w.starts_at, w.ends_at, w.unit, w.joined_at, w.rank, w.reservation::text, w.missed"""
LOCKED = f"""
    SELECT {ENTRY}, asking.*
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN LATERAL (SELECT {PERSON} FROM persons p WHERE p.person = %(actor)s) AS asking ON true
     CROSS JOIN wait_entries w
     WHERE w.wait_entry = %(entry)s
       FOR UPDATE OF w"""
OF_OFFER = f"SELECT {ENTRY} FROM wait_entries w WHERE w.reservation = %(reservation)s FOR UPDATE"
# Everybody who serves a list locks it in the same order.
WAITING = f"""
    SELECT {ENTRY} FROM wait_entries w WHERE w.facility = %(facility)s AND w.state = 'waiting'
     ORDER BY w.rank, w.joined_at, w.wait_entry LIMIT %(limit)s FOR UPDATE"""
LISTED = WAITING.removesuffix(" FOR UPDATE")
OPEN_OF_TEAM = f"""
    SELECT {ENTRY} FROM wait_entries w WHERE w.team = %(team)s AND w.state IN ('waiting', 'offered')
     ORDER BY w.joined_at, w.wait_entry"""
UNANSWERED = f"""
    SELECT {RESERVATION} FROM reservations r
     WHERE r.state = 'offered' AND r.decide_by <= %(now)s
     ORDER BY r.decide_by LIMIT %(limit)s FOR UPDATE SKIP LOCKED"""
OFFERED = f"""
    SELECT {RESERVATION} FROM reservations r
     WHERE r.state = 'offered' AND r.facility = %(facility)s ORDER BY r.reservation FOR UPDATE"""
ADD = """
    INSERT INTO wait_entries (wait_entry, version, state, facility, team, project, purpose, requester, run, minutes,
                              starts_at, ends_at, unit, joined_at, rank, reservation, missed)
    VALUES (%(entry)s, %(version)s, %(state)s, %(facility)s, %(team)s, %(project)s, %(purpose)s, %(requester)s,
            %(run)s, %(minutes)s, %(starts_at)s, %(ends_at)s, %(unit)s, %(joined_at)s, %(rank)s, %(reservation)s,
            %(missed)s)"""
CHANGE = """
    UPDATE wait_entries
       SET version = %(version)s, state = %(state)s, joined_at = %(joined_at)s, rank = %(rank)s,
           reservation = %(reservation)s, missed = %(missed)s
     WHERE wait_entry = %(entry)s"""

FREE = "INSERT INTO freed (facility, due) VALUES (%(facility)s, %(due)s)"
FREE_ALL = """
    INSERT INTO freed (facility, due)
    SELECT DISTINCT w.facility, %(due)s::timestamptz FROM wait_entries w JOIN facilities f ON f.facility = w.facility
     WHERE w.state IN ('waiting', 'offered') AND (%(site)s::text IS NULL OR f.snapshot ->> 'site' = %(site)s)"""
# What another worker has taken is left to it; it sees what stood when it got the lock of the list.
TAKE_FREED = """
    DELETE FROM freed WHERE id IN (
        SELECT id FROM freed
         WHERE due <= %(now)s AND facility = (SELECT facility FROM freed WHERE due <= %(now)s
                                               ORDER BY due, id LIMIT 1 FOR UPDATE SKIP LOCKED)
           FOR UPDATE SKIP LOCKED)
    RETURNING facility"""
LOOK_AGAIN = f"""
    DELETE FROM freed WHERE facility = %(facility)s AND due > %(now)s;
    {FREE}"""


class WaitLists:
    """The entries of all lists, and the facilities at which to look."""

    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def add(self, entry: WaitEntry) -> None:
        self.execute(ADD, values_of(entry))

    def change(self, entry: WaitEntry) -> None:
        """Keep the next version of an entry that is locked."""
        self.execute(CHANGE, values_of(entry))

    def locked(self, entry: str, actor: str) -> tuple[WaitEntry | None, Person | None]:
        """An entry, locked until the end of the transaction, and the person who asks."""
        row = self.execute(LOCKED, {"entry": entry, "actor": actor}).first()
        return (entry_of(row), person_of(row)) if row else (None, None)

    def of_offer(self, reservation: str) -> WaitEntry | None:
        """The entry for which a reservation is or was held, locked."""
        row = self.execute(OF_OFFER, {"reservation": reservation}).first()
        return entry_of(row) if row else None

    def waiting(self, facility: str, limit: int) -> list[WaitEntry]:
        """Who waits at a facility, in order, locked."""
        rows = self.execute(WAITING, {"facility": facility, "limit": limit})
        return sorted((entry_of(row) for row in rows), key=lambda entry: entry.order)

    def listed(self, facility: str, limit: int) -> list[WaitEntry]:
        """The same as they are now, without waiting for anybody."""
        return [entry_of(row) for row in self.execute(LISTED, {"facility": facility, "limit": limit})]

    def open_of(self, team: str) -> list[WaitEntry]:
        return [entry_of(row) for row in self.execute(OPEN_OF_TEAM, {"team": team})]

    def unanswered(self, now: datetime, limit: int) -> list[Reservation]:
        """Offers whose time is up, locked; those that others hold are left out."""
        return [reservation_of(row) for row in self.execute(UNANSWERED, {"now": now, "limit": limit})]

    def offered(self, facility: str) -> list[Reservation]:
        """What is held at a facility for those who have not answered yet, locked."""
        return [reservation_of(row) for row in self.execute(OFFERED, {"facility": facility})]

    def free(self, facility: str, due: datetime) -> None:
        """From ``due`` on it is to be looked whether somebody who waits can be served."""
        self.execute(FREE, {"facility": facility, "due": due})

    def free_all(self, due: datetime, site: str | None = None) -> None:
        """The same wherever somebody waits or has an offer, or does so on a site."""
        self.execute(FREE_ALL, {"due": due, "site": site})

    def take_freed(self, now: datetime) -> str | None:
        """A facility at which to look now, if any; it is this transaction's to do."""
        return self.execute(TAKE_FREED, {"now": now}).scalars().first()

    def look_again(self, facility: str, now: datetime, due: datetime) -> None:
        """Instead of all later times look at ``due``."""
        self.execute(LOOK_AGAIN, {"facility": facility, "now": now, "due": due})


def values_of(entry: WaitEntry) -> dict[str, Any]:
    return {
        "entry": entry.id, "version": entry.version, "state": str(entry.state), "facility": entry.facility,
        "team": entry.team, "project": entry.project, "purpose": entry.purpose, "requester": entry.requester,
        "run": encoding.dumps(entry.run.to_dict()).decode(), "minutes": entry.minutes, **entry.window._asdict(),
        "unit": entry.unit, "joined_at": entry.joined_at, "rank": entry.rank, "reservation": entry.reservation,
        "missed": entry.missed,
    }


def entry_of(row: Any) -> WaitEntry:
    return WaitEntry(
        id=row.id, version=row.version, state=EntryState(row.state), facility=row.facility, team=row.team,
        project=row.project, purpose=row.purpose, requester=row.requester, run=Run(**row.run), minutes=row.minutes,
        window=Span(row.starts_at, row.ends_at), unit=row.unit, joined_at=row.joined_at, rank=row.rank,
        reservation=row.reservation, missed=row.missed,
    )
