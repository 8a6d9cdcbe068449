"""What has happened, as the services tell each other: past tense, frozen, keyword-only.

A fact carries what its readers need, so that nobody has to call back. Two families:

- a **snapshot** holds the whole of a thing; a reader keeps the newest and drops older ones;
- a **change** is one step in the life of a thing; a reader takes the steps of one thing in
  the order of their versions, and waits when one is missing.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from services.contracts.values import Instant, Version


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact about one version of one thing."""

    source: ClassVar[str] = ""
    aggregate_type: ClassVar[str] = ""
    schema_version: ClassVar[int] = 1
    is_snapshot: ClassVar[bool] = False

    version: Version

    @property
    def aggregate_id(self) -> str:
        return str(getattr(self, self.aggregate_type))


# accounts ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    """Who a person is now. ``manages`` lists facility codes."""

    source: ClassVar[str] = "accounts"
    aggregate_type: ClassVar[str] = "person"
    is_snapshot: ClassVar[bool] = True

    person: str
    name: str
    email: str
    language: str
    active: bool
    roles: list[str]
    manages: list[str]


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    """What a team is now: members = [{person, role}], projects = [{code, name}]."""

    source: ClassVar[str] = "accounts"
    aggregate_type: ClassVar[str] = "team"
    is_snapshot: ClassVar[bool] = True

    team: str
    name: str
    company: str
    company_name: str
    members: list[dict[str, Any]]
    projects: list[dict[str, Any]]


# facilities ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class FacilityChanged(Event):
    """How a facility may be used now; fields as in the command SaveFacility.

    units = [{code, names}] in the order in which the system fills them.
    """

    source: ClassVar[str] = "facilities"
    aggregate_type: ClassVar[str] = "facility"
    is_snapshot: ClassVar[bool] = True

    facility: str
    kind: str
    names: dict[str, str]
    descriptions: dict[str, str]
    units: list[dict[str, Any]]
    opening_hours: list[list[list[int]]]
    granularity_minutes: int
    shortest_minutes: int
    longest_minutes: int
    notice_minutes: int
    horizon_days: int
    setup_minutes: int
    cleardown_minutes: int
    approval: str
    decision_hours: int
    unit_choice: bool
    equivalents: list[str]
    location: str
    active: bool


# booking -------------------------------------------------------------------------------


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
