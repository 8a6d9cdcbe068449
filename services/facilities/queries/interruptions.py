"""Outages, maintenance and closures: what teams may know of them, and to managers their notes."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from sqlalchemy import text

from services.contracts import schemas
from services.contracts.commands import DeclareInterruption
from services.contracts.errors import NotFound
from services.contracts.values import Code, OneOf
from services.facilities.domain import rights
from services.facilities.handlers.interruptions import asked_for
from services.facilities.storage.unit_of_work import FacilitiesUnitOfWork

MOST = 200
INTERRUPTION = """
    i.interruption::text AS id, i.version, i.kind, i.site, i.facility, i.unit, i.rule, i.open_end, i.spans, i.reason,
    i.note, i.actor, f.names AS facility_names, s.names AS site_names,
    (SELECT each -> 'names' FROM jsonb_array_elements(f.units) AS each WHERE each ->> 'code' = i.unit) AS unit_names"""
PLACED = """
    interruptions i LEFT JOIN facilities f ON f.facility = i.facility LEFT JOIN sites s ON s.site = i.site"""
# What was called off before it began has no stretch at all and is told to nobody but by its id.
SOME = text(f"""
    SELECT {INTERRUPTION} FROM {PLACED}
     WHERE i.last_end IS NOT NULL AND (i.last_end > :now) = NOT :over
       AND (cast(:kind AS text) IS NULL OR i.kind = :kind)
       AND (cast(:site AS text) IS NULL OR i.site = :site)
       AND (cast(:facility AS text) IS NULL OR i.facility = :facility
            OR i.facility IS NULL AND i.site = (SELECT site FROM facilities WHERE facility = :facility))
     ORDER BY CASE WHEN :over THEN now() - i.last_end ELSE i.starts_at - now() END, i.interruption LIMIT {MOST}""")
ONE = text(f"SELECT {INTERRUPTION} FROM {PLACED} WHERE i.interruption = :interruption")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    facility: Code | None = None
    site: Code | None = None
    kind: Annotated[str, OneOf(("outage", "maintenance", "closure"))] | None = None
    over: bool = False


def interruptions(connection, now, actor, **filters):
    """What runs or is to come, by start; or what is ``over``, the latest first. Raises InvalidInput."""
    wanted = schemas.load(Wanted, filters)
    person = FacilitiesUnitOfWork(connection).person(str(actor))
    rows = connection.execute(SOME, vars(wanted) | {"now": now}).mappings()
    return {"items": [seen_by(person, row, now) for row in rows]}


def interruption(connection, now, actor, interruption):
    """One of them, also one that was called off. Raises NotFound."""
    row = connection.execute(ONE, {"interruption": known_id(interruption)}).mappings().first()
    if row is None:
        raise NotFound
    return seen_by(FacilitiesUnitOfWork(connection).person(str(actor)), row, now)


def seen_by(person, row, now):
    """With what the reader may know and do; ``next`` is the stretch that runs, or the one to come."""
    may_change = rights.may_interrupt(person, row["facility"])
    following = [span for span in row["spans"] if span["ends_at"] > now.isoformat()]
    shown = {**row, "may_change": may_change, "next": following[0] if following else None}
    return shown if may_change else {name: value for name, value in shown.items() if name not in ("note", "actor")}


def preview_interruption(connection, now, actor, **asked):
    """The stretches that a command would take away; nothing is kept. Raises as the command does."""
    fields = {"actor": actor, "request_key": "preview"} | asked
    found = asked_for(schemas.load(DeclareInterruption, fields), FacilitiesUnitOfWork(connection), now)
    return {"site": found.site, "facility": found.facility, "unit": found.unit,
            "spans": [span.to_dict() for span in found.spans]}


def known_id(given):
    """What is no id at all is not found either."""
    try:
        return str(UUID(str(given)))
    except ValueError as error:
        raise NotFound from error
