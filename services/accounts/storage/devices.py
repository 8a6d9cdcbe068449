"""Screens in PostgreSQL."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.accounts.domain.devices import Device
from services.accounts.storage import tables


class Devices:
    def __init__(self, connection: Connection):
        self.execute = connection.execute

    def get(self, device: str) -> Device | None:
        return self.first(tables.devices.c.device == device)

    def by_code(self, code_hash: str) -> Device | None:
        return self.first(tables.devices.c.code_hash == code_hash)

    def first(self, condition) -> Device | None:
        row = self.execute(select(tables.devices).where(condition).with_for_update()).first()
        return Device(**row._mapping) if row else None

    def save(self, device: Device) -> None:
        row = insert(tables.devices).values(asdict(device))
        self.execute(row.on_conflict_do_update(index_elements=["device"], set_=asdict(device)))

    def revoke(self, device: str, now: datetime) -> None:
        ended = func.coalesce(tables.devices.c.revoked_at, now)
        self.execute(update(tables.devices).where(tables.devices.c.device == device).values(revoked_at=ended))
