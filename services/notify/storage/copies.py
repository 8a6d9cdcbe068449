"""The copies that facts feed. What is older than the copy is ignored."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert

from services.contracts import events, schemas
from services.contracts.messaging import encoding
from services.notify.domain.audience import Situation
from services.notify.domain.copies import Facility, Person, Team
from services.notify.domain.preferences import Preferences
from services.notify.domain.steps import STEPS, step_of
from services.notify.storage import tables

KEPT = ("reservation", "team", "facility", "version", "unit", "state", "starts_at", "ends_at")
LATEST = tuple(each.name for each in fields(events.ReservationEvent))

# All that is known of one of the people, with their bindings and what they have chosen.
PERSON = """
    person, name, email, language, active, roles, manages, away,
    (SELECT coalesce(jsonb_object_agg(channel, external_id), '{}')
       FROM bindings b WHERE b.person = people.person AND b.state = 'active') AS bindings,
    EXISTS (SELECT 1 FROM suppressions s WHERE s.address = lower(people.email)) AS suppressed,
    (SELECT to_jsonb(p) FROM preferences p WHERE p.person = people.person) AS preferences"""

# All that one step needs to know, in one round trip.
SITUATION = f"""
    WITH own AS (SELECT * FROM teams WHERE team = %(team)s),
         asked AS (SELECT {PERSON}
                     FROM people
                    WHERE person = ANY(%(named)s::text[] || (SELECT coalesce(min(leads), '{{}}') FROM own))
                       OR manages @> ARRAY[%(facility)s] OR roles @> '{{base_manager}}'
                       OR person IN (SELECT away->>'delegate' FROM people WHERE away IS NOT NULL))
    SELECT (SELECT row_to_json(own) FROM own) AS team,
           (SELECT json_agg(asked) FROM asked) AS people,
           (SELECT json_agg(f) FROM facilities f WHERE facility IN (%(facility)s, %(former)s)) AS facilities"""


KEEP_RESERVATION = """
    INSERT INTO reservations
        (reservation, team, facility, invited, version, unit, state, starts_at, ends_at, latest, used_minutes)
    VALUES (%(reservation)s, %(team)s, %(facility)s, %(invited)s, %(version)s, %(unit)s, %(state)s, %(starts_at)s,
            %(ends_at)s, %(latest)s, %(used_minutes)s)
    ON CONFLICT (reservation) DO UPDATE
       SET team = excluded.team, facility = excluded.facility, invited = excluded.invited, version = excluded.version,
           unit = excluded.unit, state = excluded.state, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
           latest = excluded.latest, used_minutes = coalesce(excluded.used_minutes, reservations.used_minutes)
     WHERE reservations.version < excluded.version"""

# The team's own next or former one on the same unit, if it touches this one.
NEIGHBOURS = """
    SELECT coalesce(bool_or(r.starts_at = own.ends_at), false) AS goes_on,
           coalesce(bool_or(r.ends_at = own.starts_at), false) AS went_on
      FROM reservations own
      JOIN reservations r ON r.facility = own.facility AND r.unit = own.unit AND r.team = own.team
       AND r.reservation <> own.reservation AND r.state IN ('approved', 'in_use')
       AND (r.starts_at = own.ends_at OR r.ends_at = own.starts_at)
     WHERE own.reservation = %s"""


INVITE = """
    UPDATE reservations
       SET invited = CASE WHEN %(people)s::text[] = '{}' THEN '{}'
                          ELSE ARRAY(SELECT DISTINCT unnest(invited || %(people)s::text[]) ORDER BY 1) END
     WHERE reservation = %(reservation)s"""


class NotYetKnown(LookupError):
    """A copy has not arrived yet: the fact that needs it is parked and tried again."""


class Copies:
    def __init__(self, connection: Connection):
        self.connection = connection

    def keep_person(self, event: events.PersonChanged) -> None:
        names = ("person", "name", "email", "language", "active", "roles", "manages", "version", "away")
        self.keep(tables.people, {name: getattr(event, name) for name in names})

    def keep_team(self, event: events.TeamChanged) -> None:
        people = {member["person"]: member["role"] for member in event.members}
        self.keep(
            tables.teams,
            {
                "team": event.team,
                "name": event.name,
                "company_name": event.company_name,
                "leads": sorted(person for person, role in people.items() if role == "lead"),
                "members": sorted(people),
                "projects": {project["code"]: project["name"] for project in event.projects},
                "version": event.version,
            },
        )

    def keep_facility(self, event: events.FacilityChanged) -> None:
        self.keep(
            tables.facilities,
            {
                "facility": event.facility,
                "names": event.names,
                "units": {unit["code"]: unit.get("names", {}) for unit in event.units},
                "location": event.location,
                "check_in_minutes": event.check_in_minutes,
                "version": event.version,
            },
        )

    def keep_reservation(self, event: events.ReservationEvent, invited: frozenset[str]) -> None:
        latest = {name: getattr(event, name) for name in LATEST}
        row = {name: getattr(event, name) for name in KEPT}
        row |= {"invited": sorted(invited), "latest": encoding.dumps(latest).decode()}
        row["used_minutes"] = getattr(event, "used_minutes", None)
        self.connection.exec_driver_sql(KEEP_RESERVATION, row)

    def latest(self, reservation: str) -> events.ReservationEvent | None:
        """How a reservation stands, as the fact that nothing has happened but that it is so."""
        asked = "SELECT latest FROM reservations WHERE reservation = %s"
        found = self.connection.exec_driver_sql(asked, (reservation,)).scalar()
        return schemas.load(events.ReservationEvent, found) if found else None

    def check_in_opens(self, facility: str) -> timedelta:
        """How long before the start one may check in there."""
        asked = "SELECT check_in_minutes FROM facilities WHERE facility = %s"
        return timedelta(minutes=self.connection.exec_driver_sql(asked, (facility,)).scalar() or 0)

    def neighbours(self, reservation: str) -> tuple[bool, bool]:
        """Whether its team goes on there at its end, and whether it was there until its start."""
        row = self.connection.exec_driver_sql(NEIGHBOURS, (reservation,)).one()
        return row.goes_on, row.went_on

    def invited(self, reservation: str) -> frozenset[str]:
        """Who holds the reservation in their calendar."""
        asked = "SELECT invited FROM reservations WHERE reservation = %s"
        return frozenset(self.connection.exec_driver_sql(asked, (reservation,)).scalar() or ())

    def holders(self, reservations: Iterable[str]) -> dict[str, frozenset[str]]:
        """Who holds each of the reservations in their calendar."""
        asked = "SELECT reservation, invited FROM reservations WHERE reservation = ANY(%s)"
        rows = {row.reservation: row.invited for row in self.connection.exec_driver_sql(asked, ([*reservations],))}
        return {reservation: frozenset(invited) for reservation, invited in rows.items()}

    def invite(self, reservation: str, people: Iterable[str]) -> None:
        """These hold the reservation in their calendar, too; nobody does any more where there are none."""
        self.connection.exec_driver_sql(INVITE, {"reservation": reservation, "people": sorted(people)})

    def situation(
        self, event: events.ReservationEvent, invited: frozenset[str], now: datetime, step: str | None = None
    ) -> Situation:
        """The step with all that is known around it; ``step`` where it is none that the fact names.

        Raises NotYetKnown.
        """
        former = getattr(event, "former_facility", event.facility)
        named = sorted({event.requester, event.actor, *invited})
        asked = {"team": event.team, "facility": event.facility, "former": former, "named": named}
        row = self.connection.exec_driver_sql(SITUATION, asked).one()
        team = known(row.team, "team", event.team)
        people = {each["person"]: person_of(each) for each in row.people or ()}
        for name in (event.requester, *team["leads"]):
            known(people.get(name), "person", name)
        facilities = {each["facility"]: facility_of(each) for each in row.facilities or ()}
        own = team_of(team)
        return Situation(
            event=event,
            step=STEPS[step] if step else step_of(event, event.actor in own.members),
            facility=known(facilities.get(event.facility), "facility", event.facility),
            former_facility=facilities.get(former),
            team=own,
            people=people,
            at=now,
            invited=invited,
        )

    def keep(self, table: Table, values: dict[str, Any]) -> None:
        row = insert(table).values(values)
        key = [column.name for column in table.primary_key]
        renewed = {name: row.excluded[name] for name in values if name not in key}
        newer = table.c.version < row.excluded.version
        self.connection.execute(row.on_conflict_do_update(index_elements=key, set_=renewed, where=newer))


def known(found: Any, kind: str, name: str) -> Any:
    if found is None:
        raise NotYetKnown(f"{kind} {name}")
    return found


def person_of(row: dict[str, Any]) -> Person:
    chosen = {name: value for name, value in (row["preferences"] or {}).items() if name != "person"}
    preferences = Preferences(**chosen)
    return Person(
        **row
        | {
            "roles": tuple(row["roles"]),
            "manages": tuple(row["manages"]),
            "language": preferences.language or row["language"],
            "preferences": preferences,
        }
    )


def team_of(row: dict[str, Any]) -> Team:
    return Team(
        team=row["team"],
        name=row["name"],
        company_name=row["company_name"],
        leads=tuple(row["leads"]),
        projects=row["projects"],
        members=tuple(row["members"]),
    )


def facility_of(row: dict[str, Any]) -> Facility:
    return Facility(facility=row["facility"], names=row["names"], units=row["units"], location=row["location"])
