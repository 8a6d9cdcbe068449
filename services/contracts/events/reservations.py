"""What booking tells of single reservations."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from services.contracts.events.event import Event
from services.contracts.values import Instant


@dataclass(frozen=True, kw_only=True)
class ReservationEvent(Event):
    """What a reservation is after the step; ``actor`` took the step, empty for the system.

    ``run`` is what is to be run there, as asked for (booking/domain/run.py). ``series`` is the series that it
    belongs to; ``of_series`` whether the step was taken for the series, of which a fact of its own tells;
    ``campaign`` and ``of_campaign`` say the same of a campaign of which it is a step.
    """

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
    run: dict[str, Any] = field(default_factory=dict)
    series: str | None = None
    of_series: bool = False
    campaign: str | None = None
    of_campaign: bool = False


@dataclass(frozen=True, kw_only=True)
class ReservationRequested(ReservationEvent):
    """A team asked for time; who it ``awaits`` (lead, manager or base) decides until ``decide_by``, else it expires.

    ``waivers`` are the rules that it breaks and asks to be excused from.
    """

    decide_by: Instant
    awaits: str = "manager"
    waivers: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ReservationForwarded(ReservationEvent):
    """One stage has approved; the next, which it ``awaits``, decides until ``decide_by``."""

    decide_by: Instant
    awaits: str


@dataclass(frozen=True, kw_only=True)
class ReservationEscalated(ReservationEvent):
    """Nobody decided in time; it now ``awaits`` somebody higher, until ``decide_by``."""

    decide_by: Instant
    awaits: str


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
    """Approved time was given up. ``of_replan``: for want of another place, of which ReplanAccepted tells people."""

    of_replan: bool = False


@dataclass(frozen=True, kw_only=True)
class ReservationMoved(ReservationEvent):
    """Another time or place; the former one is named. ``decide_by`` when it waits again."""

    former_facility: str
    former_unit: str
    former_starts_at: Instant
    former_ends_at: Instant
    decide_by: Instant | None
    awaits: str = "manager"
    waivers: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ReservationSwapped(ReservationEvent):
    """Another time or place by agreement with another team; otherwise as ReservationMoved."""

    former_facility: str
    former_unit: str
    former_starts_at: Instant
    former_ends_at: Instant
    decide_by: Instant | None
    awaits: str = "manager"
    waivers: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ReservationDescribed(ReservationEvent):
    """What is to be run was described anew, or files were attached or taken away; time and place are the same."""


@dataclass(frozen=True, kw_only=True)
class ReservationExtended(ReservationEvent):
    """A run in use goes on for longer; the end before is named."""

    former_ends_at: Instant


@dataclass(frozen=True, kw_only=True)
class ReservationOverran(ReservationEvent):
    """A run is still in use after its end; the next on the unit is named, for those who tell its team."""

    next_reservation: str | None = None
    next_team: str | None = None
    next_requester: str | None = None
    next_starts_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class ReservationExpired(ReservationEvent):
    """Nobody decided in time; the slot is free again."""


@dataclass(frozen=True, kw_only=True)
class ReservationStarted(ReservationEvent):
    """The team has come and uses the facility."""


@dataclass(frozen=True, kw_only=True)
class ReservationFinished(ReservationEvent):
    """The team has gone; what was left of the time is free. ``fault`` is what it reports as broken.

    ``forgotten``: nobody checked out, so the system did; use then counts until the end that the run had.
    """

    used_minutes: int = 0
    fault: str = ""
    forgotten: bool = False


@dataclass(frozen=True, kw_only=True)
class ReservationNoShow(ReservationEvent):
    """Nobody came; what was left of the time is free."""
