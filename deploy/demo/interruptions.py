"""What is out of use on the demo base, declared through facilities' own handler, so that every rule holds."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Engine

from services.contracts.commands import DeclareInterruption
from services.contracts.messaging.unit_of_work import Transactions
from services.facilities import handlers
from services.facilities.storage.unit_of_work import FacilitiesUnitOfWork

FILE = Path(__file__).with_suffix(".yaml")


def declare(engine: Engine, now: datetime) -> int:
    """All of the file. Returns how many."""
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    transactions = Transactions(engine, FacilitiesUnitOfWork, clock=lambda: now)
    for entry in entries:
        units = transactions.run(lambda uow, _now, entry=entry: uow.facilities.get(entry["facility"])).units
        transactions.execute(handlers.declare_interruption, message_of(entry, units, now))
    return len(entries)


def message_of(entry: Mapping[str, Any], units: list[dict[str, Any]], now: datetime) -> DeclareInterruption:
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=entry["begins"])
    return DeclareInterruption(
        actor=entry["manager"], request_key=str(uuid.uuid4()), kind=entry["kind"], facility=entry["facility"],
        unit=units[entry["unit"] - 1]["code"] if "unit" in entry else None, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=entry["lasts"]), reason=entry["reason"], note=entry["note"],
        rule=entry.get("rule", ""), open_end=entry.get("open_end", False),
    )
