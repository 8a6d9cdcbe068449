"""Who is around a thing that is no single reservation, and what they were last told of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from services.contracts.messaging import encoding
from services.notify.domain.copies import Facility, Person, Team
from services.notify.storage.copies import PERSON, facility_of, person_of, team_of

AROUND = f"""
    WITH own AS (SELECT * FROM teams WHERE team = ANY(%(teams)s)),
         asked AS (SELECT {PERSON}
                     FROM people
                    WHERE person = ANY(%(people)s) OR person IN (SELECT unnest(leads) FROM own)
                       OR manages && %(facilities)s::text[] OR roles @> '{{base_manager}}'
                       OR (%(everywhere)s AND manages <> '{{}}'))
    SELECT (SELECT json_agg(own) FROM own) AS teams, (SELECT json_agg(asked) FROM asked) AS people,
           (SELECT json_agg(f) FROM facilities f WHERE facility = ANY(%(facilities)s)) AS facilities"""

RECALL = "SELECT what FROM last_told WHERE subject = %s"
REMEMBER = """
    INSERT INTO last_told (subject, what) VALUES (%s, %s) ON CONFLICT (subject) DO UPDATE SET what = excluded.what"""

STANDING = """
    SELECT reservation FROM reservations
     WHERE reservation = ANY(%s) AND state IN ('requested', 'approved', 'in_use')"""

# Time is shared out by the part that lies in the period; what was used counts where the reservation began.
USE = """
    SELECT facility,
           count(*) FILTER (WHERE state IN ('approved', 'in_use', 'finished', 'no_show')) AS reservations,
           coalesce(sum(extract(epoch FROM least(ends_at, %(ends_at)s) - greatest(starts_at, %(starts_at)s)) / 60)
               FILTER (WHERE state IN ('approved', 'in_use', 'finished', 'no_show')), 0)::integer AS booked_minutes,
           coalesce(sum(used_minutes) FILTER (WHERE starts_at >= %(starts_at)s), 0)::integer AS used_minutes,
           count(*) FILTER (WHERE state = 'no_show') AS no_shows,
           count(*) FILTER (WHERE state = 'cancelled') AS cancelled
      FROM reservations
     WHERE team = %(team)s AND starts_at < %(ends_at)s AND ends_at > %(starts_at)s
       AND state IN ('approved', 'in_use', 'finished', 'no_show', 'cancelled')
     GROUP BY facility ORDER BY booked_minutes DESC, facility"""


class Around(NamedTuple):
    teams: dict[str, Team]
    people: dict[str, Person]
    facilities: dict[str, Facility]


class Surroundings:
    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def around(
        self,
        teams: Iterable[str] = (),
        people: Iterable[str] = (),
        facilities: Iterable[str] = (),
        everywhere: bool = False,
    ) -> Around:
        """The named ones with the leads of the teams, the managers of the facilities (or of all) and of the base."""
        asked = {"teams": sorted(set(teams)), "people": sorted(set(people)), "facilities": sorted(set(facilities))}
        row = self.execute(AROUND, asked | {"everywhere": everywhere}).one()
        return Around(
            {each["team"]: team_of(each) for each in row.teams or ()},
            {each["person"]: person_of(each) for each in row.people or ()},
            {each["facility"]: facility_of(each) for each in row.facilities or ()},
        )

    def last_told(self, subject: str) -> dict[str, Any]:
        """What people were last told of a thing; empty where it was nothing."""
        return self.execute(RECALL, (subject,)).scalar() or {}

    def remember(self, subject: str, what: dict[str, Any]) -> None:
        self.execute(REMEMBER, (subject, encoding.dumps(what).decode()))

    def standing(self, reservations: Iterable[str]) -> set[str]:
        """Those that still hold their time."""
        return set(self.execute(STANDING, (sorted(reservations),)).scalars())

    def use(self, team: str, starts_at: datetime, ends_at: datetime) -> list[dict[str, Any]]:
        """What a team reserved and used in a period, by facility."""
        asked = {"team": team, "starts_at": starts_at, "ends_at": ends_at}
        return [dict(row) for row in self.execute(USE, asked).mappings()]
