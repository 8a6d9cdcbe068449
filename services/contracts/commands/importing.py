"""Taking over what another system has granted."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from services.contracts.commands.reservations import BookingCommand, Reason, RunFields
from services.contracts.values import Code, Instant, Text


@dataclass(frozen=True, kw_only=True)
class ImportedReservation(RunFields):
    """A reservation as it stands elsewhere; ``requester`` is a person of the team, who may change it from then on.

    ``exception`` says why rules that somebody may waive should not count for it.
    """

    facility: Code
    starts_at: Instant
    ends_at: Instant
    team: Code
    requester: Code
    purpose: Annotated[str, Text(2000, shortest=1, lines=True)]
    project: Code | None = None
    unit: Code | None = None
    exception: Reason = ""


@dataclass(frozen=True, kw_only=True)
class ImportReservations(BookingCommand):
    """Grant all of them at once, or none; ``reservations`` are ImportedReservations as dictionaries, 200 at most."""

    reservations: list[dict[str, Any]] = field(default_factory=list)
