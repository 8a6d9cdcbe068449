"""Trainings, their holders and those who ask for one, as rows."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from services.contracts.errors import StaleVersion
from services.facilities.domain.qualifications import WARNED_DAYS, Holder, Qualification, Training
from services.facilities.storage import tables
from services.facilities.storage.repository import Repository, save_over

SAVE_GRANTS = """
    WITH gone AS (DELETE FROM grants WHERE person = %(person)s AND qualification <> ALL(%(codes)s::text[]))
    INSERT INTO grants (person, qualification, until)
    SELECT %(person)s, qualification, until FROM unnest(%(codes)s::text[], %(untils)s::timestamptz[])
        AS given (qualification, until)
    ON CONFLICT (person, qualification) DO UPDATE SET until = excluded.until, warned_days = NULL
     WHERE grants.until <> excluded.until"""
# A step is due when its days have come and no later one was told; a training that is out of use warns nobody.
DUE = f"""
    SELECT g.person, g.until, g.warned_days, q.qualification, q.names, q.active, q.version
      FROM grants g JOIN qualifications q USING (qualification)
     WHERE q.active AND g.warned_days IS DISTINCT FROM 0 AND g.until <= %(now)s + interval '{max(WARNED_DAYS)} days'
       AND (g.warned_days IS NULL OR g.until <= %(now)s + make_interval(days => (
            SELECT max(step) FROM unnest(ARRAY{list(WARNED_DAYS)}) AS step WHERE step < g.warned_days)))
     ORDER BY g.until LIMIT %(limit)s FOR UPDATE OF g SKIP LOCKED"""


class Qualifications(Repository):
    def get(self, qualification: str) -> Qualification | None:
        """Locked until the end of the transaction."""
        wanted = select(tables.qualifications).where(tables.qualifications.c.qualification == qualification)
        row = self.execute(wanted.with_for_update()).first()
        return row and Qualification(**row._mapping)

    def codes(self) -> list[str]:
        """Those that can be granted."""
        wanted = select(tables.qualifications.c.qualification).where(tables.qualifications.c.active)
        return list(self.execute(wanted).scalars())

    def all(self) -> list[Qualification]:
        rows = self.execute(select(tables.qualifications).order_by(tables.qualifications.c.qualification))
        return [Qualification(**row._mapping) for row in rows]

    def save(self, qualification: Qualification) -> None:
        """Raises StaleVersion when somebody else was quicker."""
        follows = tables.qualifications.c.version == qualification.version - 1
        if not save_over(self.execute, tables.qualifications, vars(qualification), follows):
            raise StaleVersion


class Holders(Repository):
    def __init__(self, connection: Connection):
        super().__init__(connection)
        self.run = connection.exec_driver_sql

    def get(self, person: str) -> Holder | None:
        """Locked until the end of the transaction."""
        wanted = select(tables.holders).where(tables.holders.c.person == person)
        row = self.execute(wanted.with_for_update()).first()
        if row is None:
            return None
        grants = select(tables.grants.c.qualification, tables.grants.c.until).where(tables.grants.c.person == person)
        return Holder(holder=person, grants=dict(self.execute(grants).all()), version=row.version)

    def all(self) -> list[Holder]:
        people = self.execute(select(tables.holders.c.person).order_by(tables.holders.c.person)).scalars().all()
        return [self.get(person) for person in people]

    def save(self, holder: Holder) -> None:
        """Raises StaleVersion when somebody else was quicker."""
        row = {"person": holder.holder, "version": holder.version}
        if not save_over(self.execute, tables.holders, row, tables.holders.c.version == holder.version - 1):
            raise StaleVersion
        codes = sorted(holder.grants)
        untils = [holder.grants[code] for code in codes]
        self.run(SAVE_GRANTS, {"person": holder.holder, "codes": codes, "untils": untils})

    def due_for_warning(
        self, now: datetime, limit: int,
    ) -> list[tuple[str, Qualification, datetime, int | None]]:
        """Grants of which a warning is due, locked; those that others hold are left out."""
        return [
            (
                row.person,
                Qualification(
                    qualification=row.qualification, names=row.names, active=row.active, version=row.version,
                ),
                row.until,
                row.warned_days,
            )
            for row in self.run(DUE, {"now": now, "limit": limit})
        ]

    def warned(self, person: str, qualification: str, days: int) -> None:
        grants = tables.grants
        here = grants.c.person == person, grants.c.qualification == qualification
        self.execute(update(grants).where(*here).values(warned_days=days))


class Trainings(Repository):
    def get(self, training: str) -> Training | None:
        """Locked until the end of the transaction."""
        return self.one(tables.trainings.c.training == training)

    def waiting(self, person: str, qualification: str) -> Training | None:
        trainings = tables.trainings.c
        return self.one(
            trainings.person == person, trainings.qualification == qualification, trainings.state == "requested"
        )

    def one(self, *where) -> Training | None:
        fields = [tables.trainings.c[name] for name in Training.__dataclass_fields__]
        row = self.execute(select(*fields).where(*where).with_for_update()).first()
        return row and Training(**row._mapping)

    def save(self, training: Training, now: datetime) -> None:
        """Raises StaleVersion when somebody else was quicker."""
        row = vars(training) | {"changed_at": now}
        if not save_over(self.execute, tables.trainings, row, tables.trainings.c.version == training.version - 1):
            raise StaleVersion

