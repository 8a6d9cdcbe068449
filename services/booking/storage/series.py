"""Series in PostgreSQL, and the reservations that are their members."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from services.booking.domain.recurrence import rule_of
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person
from services.booking.domain.run import Run
from services.booking.domain.series import Pattern, Series
from services.booking.storage.rows import PERSON, RESERVATION, person_of, reservation_of
from services.contracts.messaging import encoding

SERIES = """
    s.series::text AS id, s.version, s.team, s.project, s.purpose, s.requester, s.rule, s.zone, s.first_date,
    s.patterns, s.skipped, s.run"""
LOCKED = f"""
    SELECT {SERIES}, asking.*
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN LATERAL (SELECT {PERSON} FROM persons p WHERE p.person = %(actor)s) AS asking ON true
     CROSS JOIN series s
     WHERE s.series = %(series)s
       FOR UPDATE OF s"""
# In the order of their ids, as everybody locks who locks several.
MEMBERS = f"""
    SELECT {RESERVATION} FROM reservations r WHERE r.series = %(series)s ORDER BY r.reservation FOR UPDATE"""
ADD = """
    INSERT INTO series (series, version, team, project, purpose, requester, rule, zone, first_date, patterns,
                        skipped, run)
    VALUES (%(series)s, %(version)s, %(team)s, %(project)s, %(purpose)s, %(requester)s, %(rule)s, %(zone)s,
            %(first_date)s, %(patterns)s, %(skipped)s::date[], %(run)s)"""
CHANGE = """
    UPDATE series SET version = %(version)s, rule = %(rule)s, patterns = %(patterns)s, skipped = %(skipped)s::date[]
     WHERE series = %(series)s"""


class SeriesStore:
    """The series, one row each."""

    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def add(self, series: Series) -> None:
        self.execute(ADD, values_of(series))

    def change(self, series: Series) -> None:
        """Keep the next version of a series that is locked."""
        self.execute(CHANGE, values_of(series))

    def locked(self, series: str, actor: str) -> tuple[Series | None, Person | None]:
        """A series, locked until the end of the transaction, and the person who asks."""
        row = self.execute(LOCKED, {"series": series, "actor": actor}).first()
        return (series_of(row), person_of(row)) if row else (None, None)

    def members_locked(self, series: str) -> list[Reservation]:
        """All members, locked, by their dates."""
        rows = self.execute(MEMBERS, {"series": series})
        return sorted((reservation_of(row) for row in rows), key=lambda each: (each.series_date, each.span))


def values_of(series: Series) -> dict[str, Any]:
    return {
        "series": series.id, "version": series.version, "team": series.team, "project": series.project,
        "purpose": series.purpose, "requester": series.requester, "rule": str(series.rule), "zone": series.zone.key,
        "first_date": series.first_date, "skipped": list(series.skipped),
        "patterns": encoding.dumps([each.to_dict() for each in series.patterns]).decode(),
        "run": encoding.dumps(series.run.to_dict()).decode(),
    }


def series_of(row: Any) -> Series:
    zone = ZoneInfo(row.zone)
    patterns = tuple(Pattern(**each | {"starting": date.fromisoformat(each["starting"])}) for each in row.patterns)
    return Series(
        id=row.id, version=row.version, team=row.team, project=row.project, purpose=row.purpose,
        requester=row.requester, rule=rule_of(row.rule, zone, patterns[0].clock), zone=zone,
        first_date=row.first_date, patterns=patterns, skipped=tuple(row.skipped), run=Run(**row.run),
    )
