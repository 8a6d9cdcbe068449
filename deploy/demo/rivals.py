"""Teams that compete on the demo base for the same time of a facility that collects requests."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

import yaml
from sqlalchemy import Engine

from deploy.demo.conflicts import FILE, SEARCHED, tried
from deploy.demo.replay import REQUEST_KEY
from services.booking import handlers as booking
from services.booking import queries
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.commands import RequestReservation, SaveFacility
from services.contracts.commands.facilities import FacilityFields
from services.contracts.messaging.unit_of_work import Transactions
from services.facilities import handlers as facilities
from services.facilities.storage.unit_of_work import FacilitiesUnitOfWork


def told() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))["collected"]


def collect(engine: Engine, collected: Mapping[str, Any]) -> None:
    """From now on requests for the facility are collected: not before, as its past was first come, first served."""
    transactions = Transactions(engine, FacilitiesUnitOfWork)
    known = transactions.run(lambda uow, _now: uow.facilities.get(collected["facility"]))
    kept = {each.name: getattr(known, each.name) for each in fields(FacilityFields)}
    changed = {name: collected[name] for name in ("allocation", "allocation_hours")}
    transactions.execute(facilities.save_facility, SaveFacility(
        actor=collected["manager"], request_key=f"{REQUEST_KEY}-allocation", facility=collected["facility"],
        version=known.version, **kept | changed,
    ))


def compete(engine: Engine, collected: Mapping[str, Any], now: datetime) -> int:
    """Each asks for the first time that is free there. Returns how many of them could."""
    with engine.begin() as connection:
        uow = BookingUnitOfWork(connection)
        starts_at = now + timedelta(days=collected["days"])
        free = queries.free_slots(
            connection, now, collected["manager"], facility=collected["facility"], minutes=collected["minutes"],
            starts_at=starts_at.isoformat(), ends_at=(starts_at + SEARCHED).isoformat(), limit=1,
        )["items"]
        return sum(
            tried(lambda rival=rival, slot=slot: ask(rival, slot, collected, uow, now), uow, now)
            for slot in free for rival in collected["rivals"]
        )


def ask(
    rival: Mapping[str, Any], slot: Mapping[str, Any], collected: Mapping[str, Any], uow: BookingUnitOfWork,
    now: datetime,
) -> None:
    """Raises Refusal."""
    booking.request_reservation(RequestReservation(
        actor=f"member{rival['team']:02}", request_key=REQUEST_KEY, facility=collected["facility"],
        starts_at=slot["starts_at"], ends_at=slot["ends_at"], team=f"team-{rival['team']:02}",
        purpose=rival["purpose"],
    ), uow, now)
