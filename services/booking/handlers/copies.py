"""Keeping the copies of what accounts and facilities say. A snapshot older than the one kept changes nothing."""

from datetime import datetime
from typing import Any

from services.contracts.events import Event, FacilityChanged, PersonChanged, TeamChanged


def take_fact(event: Event, uow: Any, now: datetime) -> None:
    """Renew the copy that a snapshot is about; other facts are of no interest here."""
    match event:
        case PersonChanged():
            uow.copies.save_person(event)
        case TeamChanged():
            uow.copies.save_team(event)
        case FacilityChanged():
            uow.copies.save_facility(event)
