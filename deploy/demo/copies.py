"""Waiting until the readers have taken what accounts and facilities told."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from services.contracts.messaging.topology import READERS

DATABASES = ("facilities", "booking", "notify")
TOLD = "SELECT event_id::text FROM outbox"
TAKEN = "SELECT count(*) FROM inbox WHERE handled_at IS NOT NULL AND event_id = ANY(%s::uuid[])"


@dataclass(frozen=True)
class Missing:
    """How many facts a reader has not taken."""

    reader: str
    count: int


def wait(engines: Mapping[str, Engine], seconds: float) -> None:
    """Return when all have taken everything. Raises TimeoutError, naming who has not."""
    ends = time.monotonic() + seconds
    while behind := missing(engines):
        if time.monotonic() > ends:
            told = ", ".join(f"{each.reader} lacks {each.count}" for each in behind)
            raise TimeoutError(f"after {seconds:.0f} s not all facts have been taken: {told}")
        time.sleep(0.1)


def missing(engines: Mapping[str, Engine]) -> list[Missing]:
    told = {source: events_of(engines[source]) for source in ("accounts", "facilities")}
    found = []
    for reader in DATABASES:
        events = [event for source in READERS[reader] for event in told.get(source, ())]
        found.append(Missing(reader, len(events) - taken(engines[reader], events)))
    return [each for each in found if each.count]


def events_of(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return connection.exec_driver_sql(TOLD).scalars().all()


def taken(engine: Engine, events: list[str]) -> int:
    with engine.connect() as connection:
        return connection.exec_driver_sql(TAKEN, (events,)).scalar_one()
