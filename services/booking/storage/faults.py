"""Faults in PostgreSQL."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from services.booking.domain.fault import Fault

FAULT = """
    f.fault::text, f.version, f.facility, f.unit, f.text, f.reporter, f.reported_at, f.reservation::text,
    f.closed_at, f.closed_by, f.note"""
ADD = """
    INSERT INTO faults (fault, version, facility, unit, text, reporter, reported_at, reservation, closed_by, note)
    VALUES (%(fault)s, %(version)s, %(facility)s, %(unit)s, %(text)s, %(reporter)s, %(reported_at)s, %(reservation)s,
            %(closed_by)s, %(note)s)"""
LOCKED = f"SELECT {FAULT} FROM faults f WHERE f.fault = %(fault)s FOR UPDATE"
CLOSE = """
    UPDATE faults
       SET version = %(version)s, closed_at = %(closed_at)s, closed_by = %(closed_by)s, note = %(note)s
     WHERE fault = %(fault)s"""


class Faults:
    """What was reported as broken."""

    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def add(self, fault: Fault) -> None:
        self.execute(ADD, asdict(fault))

    def locked(self, fault: str) -> Fault | None:
        row: Any = self.execute(LOCKED, {"fault": fault}).first()
        return Fault(**row._mapping) if row else None

    def close(self, fault: Fault) -> None:
        self.execute(CLOSE, asdict(fault))
