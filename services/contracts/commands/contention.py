"""What may be asked of booking about time for which several compete."""

from dataclasses import dataclass
from typing import Annotated

from services.contracts.commands.reservations import ReservationCommand
from services.contracts.values import Text, Version


@dataclass(frozen=True, kw_only=True)
class AllocateReservation(ReservationCommand):
    """A manager gives the time to this one of its rivals; those for whom no room is left are passed over.

    ``reason`` is read by all of them. It is required where one is passed over who ranks before.
    """

    version: Version
    reason: Annotated[str, Text(500, lines=True)] = ""
