"""What booking knows of people, teams and facilities, fed by the facts of others."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from services.booking.domain.facility import Facility
from services.booking.domain.quotas import Quota
from services.booking.domain.rights import Person, door_of
from services.booking.domain.team import Team
from services.booking.domain.wish import Party
from services.booking.storage.rows import (
    ASIDE,
    PERSON,
    WITH_SITE,
    facility_of,
    person_of,
    qualifications_of,
    quotas_in,
    snapshot_of,
    team_of,
)
from services.contracts.events import (
    FacilityChanged,
    HolderChanged,
    PersonChanged,
    QualificationChanged,
    TeamChanged,
)
from services.contracts.messaging import encoding

ASKING = f"""
    SELECT asking.*, t.team, t.company, t.projects, f.snapshot::text AS snapshot, {ASIDE}, h.grants,
           (SELECT jsonb_agg(q.snapshot ORDER BY q.quota)::text FROM quotas q WHERE q.active) AS quotas, (
           SELECT jsonb_object_agg(q.qualification, q.names) FROM qualifications q
            WHERE f.snapshot -> 'qualifications' ? q.qualification) AS qualification_names,
           EXISTS (SELECT FROM members m WHERE m.team = %(team)s AND m.person = %(operator)s) AS operates
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN LATERAL (SELECT {PERSON} FROM persons p WHERE p.person = %(actor)s) AS asking ON true
      LEFT JOIN teams t ON t.team = %(team)s
      LEFT JOIN ({WITH_SITE}) ON f.facility = %(facility)s
      LEFT JOIN holders h ON h.person = %(operator)s"""
ONE_PERSON = f"SELECT {PERSON} FROM persons p WHERE p.person = %(person)s"
SOME_FACILITIES = f"""
    SELECT f.snapshot::text, {ASIDE} FROM {WITH_SITE} WHERE f.facility = ANY(%(facilities)s) ORDER BY f.facility"""

SAVE_PERSON = """
    INSERT INTO persons (person, version, name, active, roles, manages, delegate, away_from, away_until)
    VALUES (%(person)s, %(version)s, %(name)s, %(active)s, %(roles)s::text[], %(manages)s::text[],
            %(delegate)s, %(starts_at)s::timestamptz, %(ends_at)s::timestamptz)
    ON CONFLICT (person) DO UPDATE
       SET version = excluded.version, name = excluded.name, active = excluded.active, roles = excluded.roles,
           manages = excluded.manages, delegate = excluded.delegate, away_from = excluded.away_from,
           away_until = excluded.away_until
     WHERE persons.version <= excluded.version"""
SAVE_TEAM = """
    INSERT INTO teams (team, version, name, company, projects)
    VALUES (%(team)s, %(version)s, %(name)s, %(company)s, %(projects)s)
    ON CONFLICT (team) DO UPDATE
       SET version = excluded.version, name = excluded.name, company = excluded.company, projects = excluded.projects
     WHERE teams.version <= excluded.version"""
SAVE_MEMBERS = """
    WITH gone AS (DELETE FROM members WHERE team = %(team)s AND person <> ALL(%(persons)s::text[]))
    INSERT INTO members (team, person, role)
    SELECT %(team)s, person, role FROM unnest(%(persons)s::text[], %(roles)s::text[]) AS given (person, role)
    ON CONFLICT (person, team) DO UPDATE SET role = excluded.role"""
SAVE_FACILITY = """
    INSERT INTO facilities (facility, version, snapshot, no_show_since)
    VALUES (%(facility)s, %(version)s, %(snapshot)s, CASE WHEN %(no_show_minutes)s > 0 THEN %(now)s::timestamptz END)
    ON CONFLICT (facility) DO UPDATE
       SET version = excluded.version, snapshot = excluded.snapshot,
           no_show_since = CASE WHEN excluded.no_show_since IS NOT NULL
                                THEN coalesce(facilities.no_show_since, excluded.no_show_since) END
     WHERE facilities.version <= excluded.version"""
SAVE_QUALIFICATION = """
    INSERT INTO qualifications (qualification, version, names) VALUES (%(qualification)s, %(version)s, %(names)s)
    ON CONFLICT (qualification) DO UPDATE SET version = excluded.version, names = excluded.names
     WHERE qualifications.version <= excluded.version"""
SAVE_HOLDER = """
    INSERT INTO holders (person, version, grants) VALUES (%(holder)s, %(version)s, %(grants)s)
    ON CONFLICT (person) DO UPDATE SET version = excluded.version, grants = excluded.grants
     WHERE holders.version <= excluded.version"""
# A unit that is gone from the snapshot keeps its number and its claims, and takes no new ones.
# The lock is taken first, in the order in which every other transaction takes it.
SAVE_UNITS = """
    SELECT id FROM units WHERE facility = %(facility)s ORDER BY id FOR UPDATE;
    WITH gone AS (UPDATE units SET active = false WHERE facility = %(facility)s AND unit <> ALL(%(units)s::text[]))
    INSERT INTO units (facility, unit, active)
    SELECT %(facility)s, unit, true FROM unnest(%(units)s::text[]) AS given (unit)
    ON CONFLICT (facility, unit) DO UPDATE SET active = true"""

PRESENT = {"delegate": None, "starts_at": None, "ends_at": None}


class Asking(NamedTuple):
    """Who asks for whose sake and where; None for what is not known. Who ``operates`` may be in the team or not."""

    person: Person | None
    team: Team | None
    facility: Facility | None
    operator: str
    qualifications: Mapping[str, datetime] = {}
    qualification_names: Mapping[str, Mapping[str, str]] = {}
    operates: bool = False
    quotas: tuple[Quota, ...] = ()

    def party(self, project: str | None) -> Party | None:
        """Those for whom it is asked, as rules see them."""
        if self.team is None:
            return None
        return Party(
            team=self.team.team, company=self.team.company, project=project,
            priority=self.team.priority(project), operator=self.operator, qualifications=self.qualifications,
            qualification_names=self.qualification_names, person=self.person.person if self.person else "",
            quotas=self.quotas,
        )


class Copies:
    """The copies that decisions rest on."""

    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def asking(self, actor: str, team: str | None, facility: str, operator: str | None = None) -> Asking:
        """Who asks, for which team, where, and who runs it (who asks, unless another is named)."""
        operator = operator or actor
        asked = {"actor": actor, "team": team, "facility": facility, "operator": operator}
        row = self.execute(ASKING, asked).one()
        return Asking(
            person=person_of(row) or door_of(actor), team=team_of(row),
            facility=facility_of(row) if row.snapshot else None, operator=operator,
            qualifications=qualifications_of(row),
            qualification_names=row.qualification_names or {}, operates=row.operates,
            quotas=quotas_in(row.quotas, row.days),
        )

    def person(self, person: str) -> Person | None:
        row = self.execute(ONE_PERSON, {"person": person}).first()
        return person_of(row) if row else door_of(person)

    def facilities(self, codes: Sequence[str]) -> list[Facility]:
        """The known ones among ``codes``, in the order of their codes."""
        rows = self.execute(SOME_FACILITIES, {"facilities": list(codes)}) if codes else ()
        return [facility_of(row) for row in rows]

    def save_person(self, event: PersonChanged) -> None:
        self.execute(SAVE_PERSON, vars(event) | (event.away or PRESENT))

    def save_team(self, event: TeamChanged) -> None:
        projects = encoding.dumps(event.projects).decode()
        if self.execute(SAVE_TEAM, vars(event) | {"projects": projects}).rowcount:
            persons = [member["person"] for member in event.members]
            roles = [member["role"] for member in event.members]
            self.execute(SAVE_MEMBERS, {"team": event.team, "persons": persons, "roles": roles})

    def save_facility(self, event: FacilityChanged, now: datetime) -> None:
        """``now`` is from when on a facility that has not done so before releases the time of who does not come."""
        snapshot = encoding.dumps(snapshot_of(event)).decode()
        if self.execute(SAVE_FACILITY, vars(event) | {"snapshot": snapshot, "now": now}).rowcount:
            units = [unit["code"] for unit in event.units]
            self.execute(SAVE_UNITS, {"facility": event.facility, "units": units})

    def save_qualification(self, event: QualificationChanged) -> None:
        self.execute(SAVE_QUALIFICATION, vars(event) | {"names": encoding.dumps(event.names).decode()})

    def save_holder(self, event: HolderChanged) -> None:
        self.execute(SAVE_HOLDER, vars(event) | {"grants": encoding.dumps(event.grants).decode()})
