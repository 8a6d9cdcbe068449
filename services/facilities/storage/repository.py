"""Facilities' rows as values of the domain, and back.

What is loaded to be changed is locked, and a version is only written on top of the one
before: of two who create the same facility at once, one is told that it has changed.
"""

from typing import Any

from sqlalchemy import Connection, Table, any_, select
from sqlalchemy.dialects.postgresql import insert

from services.contracts.errors import StaleVersion
from services.contracts.events import PersonChanged
from services.facilities.domain.facility import Facility
from services.facilities.domain.rights import Person
from services.facilities.storage import tables


class Repository:
    def __init__(self, connection: Connection):
        self.execute = connection.execute


class Facilities(Repository):
    def get(self, facility: str) -> Facility | None:
        """Locked until the end of the transaction."""
        wanted = select(tables.facilities).where(tables.facilities.c.facility == facility)
        row = self.execute(wanted.with_for_update()).first()
        return row and Facility(**row._mapping)

    def all(self) -> list[Facility]:
        rows = self.execute(select(tables.facilities).order_by(tables.facilities.c.facility))
        return [Facility(**row._mapping) for row in rows]

    def requiring(self, qualification: str) -> set[str]:
        """The codes of the facilities that require a training."""
        wanted = select(tables.facilities.c.facility).where(qualification == any_(tables.facilities.c.qualifications))
        return set(self.execute(wanted).scalars())

    def save(self, facility: Facility) -> None:
        """Raises StaleVersion when somebody else was quicker."""
        follows = tables.facilities.c.version == facility.version - 1
        if not save_over(self.execute, tables.facilities, vars(facility), follows):
            raise StaleVersion


class People(Repository):
    def get(self, person: str) -> Person | None:
        row = self.execute(select(tables.people).where(tables.people.c.person == person)).first()
        return row and Person(
            person=row.person, active=row.active, roles=frozenset(row.roles), manages=frozenset(row.manages)
        )

    def known(self, people: set[str]) -> set[str]:
        """Those of whom accounts has told."""
        return set(self.execute(select(tables.people.c.person).where(tables.people.c.person.in_(people))).scalars())

    def keep(self, event: PersonChanged) -> None:
        """What is older than the copy changes nothing."""
        values = {column.name: getattr(event, column.name) for column in tables.people.c}
        save_over(self.execute, tables.people, values, tables.people.c.version < event.version)


def save_over(execute: Any, table: Table, values: dict[str, Any], where: Any) -> int:
    """Insert, or write over what has the key if ``where`` holds for it. Returns how many rows were written."""
    row = insert(table).values(values)
    new = {name: row.excluded[name] for name in values}
    return execute(row.on_conflict_do_update(index_elements=table.primary_key, set_=new, where=where)).rowcount
