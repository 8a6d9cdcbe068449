"""What an import of reservations would come to."""

from datetime import datetime
from typing import Any

from services.booking.handlers.importing import verdicts
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts import schemas
from services.contracts.commands import ImportReservations

PLACE = ("state", "facility", "unit", "starts_at", "ends_at")


def check_import(connection: Any, now: datetime, actor: str, reservations: list[dict[str, Any]]) -> dict[str, Any]:
    """The verdict on each row. It is carried out and never committed, so that rows are judged beside each other.

    Raises NotAllowed, InvalidInput.
    """
    asked = {"actor": actor, "request_key": "check", "reservations": reservations}
    message = schemas.load(ImportReservations, asked)
    return {"items": [place_alone(each) for each in verdicts(message, BookingUnitOfWork(connection), now)]}


def place_alone(verdict: dict[str, Any]) -> dict[str, Any]:
    """Without the reservation's name: another one will be made when it is imported."""
    made = verdict["reservation"]
    return verdict | {"reservation": made and {name: made[name] for name in PLACE}}
