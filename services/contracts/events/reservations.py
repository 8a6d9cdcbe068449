"""What booking tells of single reservations."""

from dataclasses import dataclass
from typing import ClassVar

from services.contracts.events.event import Event
from services.contracts.values import Instant


@dataclass(frozen=True, kw_only=True)
class ReservationEvent(Event):
    """What a reservation is after the step; ``actor`` took the step, empty for the system."""

    source: ClassVar[str] = "booking"
    aggregate_type: ClassVar[str] = "reservation"

    reservation: str
    state: str
    facility: str
    unit: str
    starts_at: Instant
    ends_at: Instant
    team: str
    project: str | None
    purpose: str
    requester: str
    actor: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ReservationRequested(ReservationEvent):
    """A team asked for time; managers decide until ``decide_by``, else it expires."""

    decide_by: Instant


@dataclass(frozen=True, kw_only=True)
class ReservationApproved(ReservationEvent):
    """The team has the time, by a manager or at once by rule (``automatic``)."""

    automatic: bool


@dataclass(frozen=True, kw_only=True)
class ReservationRejected(ReservationEvent):
    """A manager refused the request; ``reason`` says why."""


@dataclass(frozen=True, kw_only=True)
class ReservationWithdrawn(ReservationEvent):
    """The team took the request back."""


@dataclass(frozen=True, kw_only=True)
class ReservationCancelled(ReservationEvent):
    """Approved time was given up."""


@dataclass(frozen=True, kw_only=True)
class ReservationMoved(ReservationEvent):
    """Another time or place; the former one is named. ``decide_by`` when it waits again."""

    former_facility: str
    former_unit: str
    former_starts_at: Instant
    former_ends_at: Instant
    decide_by: Instant | None


@dataclass(frozen=True, kw_only=True)
class ReservationExpired(ReservationEvent):
    """Nobody decided in time; the slot is free again."""


@dataclass(frozen=True, kw_only=True)
class ReservationStarted(ReservationEvent):
    """The team has come and uses the facility."""


@dataclass(frozen=True, kw_only=True)
class ReservationFinished(ReservationEvent):
    """The team has gone; what was left of the time is free."""


@dataclass(frozen=True, kw_only=True)
class ReservationNoShow(ReservationEvent):
    """Nobody came; what was left of the time is free."""
