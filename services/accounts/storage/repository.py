"""Accounts' rows as values of the domain, and back.

What is loaded to be changed is locked, and a version is only written on top of the one
before: of two who create the same thing at once, one is told that it has changed.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, update
from sqlalchemy.dialects.postgresql import Insert, insert

from services.accounts.domain.people import Person
from services.accounts.domain.rights import Actor
from services.accounts.domain.sign_in import Tries
from services.accounts.domain.teams import Project, Team
from services.accounts.domain.tokens import Token
from services.accounts.storage import tables
from services.contracts.errors import StaleVersion, Unauthenticated


class Repository:
    def __init__(self, connection: Connection):
        self.execute = connection.execute


class People(Repository):
    """Persons with their roles and password hashes."""

    columns = [column for column in tables.persons.c if not column.name.startswith("password_")]

    def get(self, person: str) -> Person | None:
        row = self.execute(select(*self.columns).where(tables.persons.c.person == person).with_for_update()).first()
        return row and person_of(row)

    def all(self) -> list[Person]:
        return [person_of(row) for row in self.execute(select(*self.columns).order_by(tables.persons.c.person))]

    def save(self, person: Person) -> None:
        """Raises StaleVersion when somebody else was quicker."""
        save_version(self.execute, tables.persons, asdict(person))

    def actor(self, person: str) -> Actor:
        """Raises Unauthenticated for the unknown and the disabled."""
        found = self.active(person)
        if found is None:
            raise Unauthenticated
        return found

    def active(self, person: str) -> Actor | None:
        """Somebody as they may act; None for the unknown and the disabled."""
        known = select(tables.persons.c.roles).where(tables.persons.c.person == person, tables.persons.c.active)
        row = self.execute(known).first()
        if row is None:
            return None
        own = select(tables.memberships.c.team, tables.memberships.c.role).where(tables.memberships.c.person == person)
        return Actor(person=person, roles=frozenset(row.roles), teams=dict(self.execute(own).all()))

    def password_hash(self, person: str) -> str | None:
        """None for the unknown, the disabled, and those without a password."""
        wanted = tables.persons.c.person == person, tables.persons.c.active
        return self.execute(select(tables.persons.c.password_hash).where(*wanted)).scalar()

    def set_password(self, person: str, password_hash: str, now: datetime) -> None:
        values = {"password_hash": password_hash, "password_set_at": now}
        self.execute(update(tables.persons).where(tables.persons.c.person == person).values(values))

    def renew_hash(self, person: str, former: str, renewed: str) -> None:
        """The same password under newer parameters, unless it was changed in between."""
        same = tables.persons.c.person == person, tables.persons.c.password_hash == former
        self.execute(update(tables.persons).where(*same).values(password_hash=renewed))


class Teams(Repository):
    """Companies, and teams with their members and projects."""

    def company_name(self, company: str) -> str | None:
        """Held until the end: a new name waits for those who are writing the old one down, and tells their teams."""
        wanted = select(tables.companies.c.name).where(tables.companies.c.company == company)
        return self.execute(wanted.with_for_update(read=True)).scalar()

    def save_company(self, company: str, name: str) -> None:
        row = insert(tables.companies).values(company=company, name=name)
        self.execute(row.on_conflict_do_update(index_elements=["company"], set_={"name": name}))

    def of_company(self, company: str) -> list[Team]:
        """In one order for all, so that two who lock several never wait for each other."""
        wanted = select(tables.teams.c.team).where(tables.teams.c.company == company).order_by(tables.teams.c.team)
        return [self.get(team) for team in self.execute(wanted).scalars().all()]

    def all(self) -> list[Team]:
        wanted = select(tables.teams.c.team).order_by(tables.teams.c.team)
        return [self.get(team) for team in self.execute(wanted).scalars().all()]

    def get(self, team: str) -> Team | None:
        locked = select(tables.teams).where(tables.teams.c.team == team).with_for_update()
        row = self.execute(locked).first()
        if row is None:
            return None
        # Read after the lock is held: in the locking statement they could be older than the team.
        companies, members, projects = tables.companies.c, tables.memberships.c, tables.projects.c
        company_name = self.execute(select(companies.name).where(companies.company == row.company)).scalar_one()
        in_it = self.execute(select(members.person, members.role).where(members.team == team)).all()
        theirs = self.execute(select(tables.projects).where(projects.team == team)).mappings()
        found = {each["project"]: project_of(each) for each in theirs}
        return Team(**row._mapping, company_name=company_name, members=dict(in_it), projects=found)

    def save(self, team: Team) -> None:
        """The team with all its members and projects. Raises StaleVersion when somebody else was quicker."""
        row = {"team": team.team, "name": team.name, "company": team.company, "version": team.version}
        save_version(self.execute, tables.teams, row)
        gone = tables.memberships.c.team == team.team, tables.memberships.c.person.not_in(team.members)
        self.execute(delete(tables.memberships).where(*gone))
        members = [{"team": team.team, "person": person, "role": role} for person, role in team.members.items()]
        save_all(self.execute, tables.memberships, members)
        projects = [{"project": code, "team": team.team, **vars(each)} for code, each in team.projects.items()]
        save_all(self.execute, tables.projects, projects, where=tables.projects.c.team == team.team)

    def team_of_project(self, project: str) -> str | None:
        return self.execute(select(tables.projects.c.team).where(tables.projects.c.project == project)).scalar()


class Tokens(Repository):
    """API tokens, by the hash of their secret."""

    def add(self, token: Token) -> None:
        self.execute(insert(tables.tokens).values(asdict(token)))

    def owner(self, token: str) -> str | None:
        return self.execute(select(tables.tokens.c.person).where(tables.tokens.c.token == token)).scalar()

    def revoke(self, token: str, now: datetime) -> None:
        ended = func.coalesce(tables.tokens.c.revoked_at, now)
        self.execute(update(tables.tokens).where(tables.tokens.c.token == token).values(revoked_at=ended))

    def mark_used(self, token: str, now: datetime) -> None:
        self.execute(update(tables.tokens).where(tables.tokens.c.token == token).values(last_used_at=now))


class SignIns(Repository):
    """Who failed to sign in how often."""

    def get(self, person: str, address: str, now: datetime) -> Tries:
        """The row, made when it is missing, and locked: tries of one person or address are counted one by one."""
        row = insert(tables.tries).values(person=person, address=address, failures=0, last_at=now, forget_at=now)
        held = row.on_conflict_do_update(index_elements=["person", "address"], set_={"person": person})
        return Tries(**self.execute(held.returning(*tables.tries.c)).one()._mapping)

    def is_known(self, person: str, address: str) -> bool:
        wanted = tables.tries.c.person == person, tables.tries.c.address == address
        return self.execute(select(func.count()).where(*wanted)).scalar_one() > 0

    def save(self, tries: Tries) -> None:
        row = insert(tables.tries).values(asdict(tries))
        self.execute(over(row, tables.tries, asdict(tries)))

    def take_back(self, address: str) -> None:
        """One failure of the address less: the try has succeeded."""
        row = tables.tries.c.person == "", tables.tries.c.address == address
        self.execute(update(tables.tries).where(*row).values(failures=tables.tries.c.failures - 1))

    def forget(self, person: str, address: str) -> None:
        row = tables.tries.c.person == person, tables.tries.c.address == address
        self.execute(delete(tables.tries).where(*row))

    def forget_person(self, person: str) -> None:
        self.execute(delete(tables.tries).where(tables.tries.c.person == person))

    def forget_old(self, now: datetime) -> int:
        return self.execute(delete(tables.tries).where(tables.tries.c.forget_at < now)).rowcount


def person_of(row: Any) -> Person:
    return Person(**{**row._mapping, "roles": tuple(row.roles), "manages": tuple(row.manages)})


def project_of(row: Any) -> Project:
    return Project(**{name: row[name] for name in Project.__dataclass_fields__})


def save_version(execute: Any, table: Table, values: dict[str, Any]) -> None:
    """Write a thing on top of its former version. Raises StaleVersion."""
    row = insert(table).values(values)
    follows = table.c.version == values["version"] - 1
    if not execute(over(row, table, values, where=follows)).rowcount:
        raise StaleVersion


def save_all(execute: Any, table: Table, rows: list[dict[str, Any]], where: Any = None) -> None:
    """Raises StaleVersion when somebody else has taken a key in the meantime, so that ``where`` does not hold."""
    if rows and execute(over(insert(table).values(rows), table, rows[0], where)).rowcount < len(rows):
        raise StaleVersion


def over(row: Insert, table: Table, names: Iterable[str], where: Any = None) -> Insert:
    """The insert that overwrites what has its key."""
    new = {name: row.excluded[name] for name in names}
    return row.on_conflict_do_update(index_elements=table.primary_key, set_=new, where=where)
