"""What may be asked of booking about its wait lists, one for each facility, and about what they offer."""

from dataclasses import dataclass
from typing import Annotated

from services.contracts.commands.reservations import BookingCommand, ReservationCommand, RunFields
from services.contracts.values import Between, Code, Identifier, Instant, Text, Version


@dataclass(frozen=True, kw_only=True)
class JoinWaitList(BookingCommand, RunFields):
    """Wait for time on a facility: so many ``minutes`` anywhere within the window, or the whole of it."""

    facility: Code
    starts_at: Instant
    ends_at: Instant
    team: Code
    purpose: Annotated[str, Text(2000, shortest=1, lines=True)]
    minutes: Annotated[int, Between(1, 527040)] | None = None
    project: Code | None = None
    unit: Code | None = None


@dataclass(frozen=True, kw_only=True)
class LeaveWaitList(BookingCommand):
    """Wait no longer; ``version``, where given, is the one that was read."""

    wait_entry: Identifier
    version: Version | None = None


@dataclass(frozen=True, kw_only=True)
class AcceptOffer(ReservationCommand):
    """The team takes the time that is held for it."""


@dataclass(frozen=True, kw_only=True)
class DeclineOffer(ReservationCommand):
    """The team does not want the time that is held for it; it leaves the list, and the next one is served."""
