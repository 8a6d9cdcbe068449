"""What booking tells of series: one fact per action, however many reservations it touches."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from services.contracts.events.event import Event


@dataclass(frozen=True, kw_only=True)
class SeriesEvent(Event):
    """members = [{reservation, version, state, facility, unit, starts_at, ends_at}]: those that the action touched.

    ``rule`` is an RFC 5545 recurrence rule; ``skipped`` the local dates that are left out.
    """

    source: ClassVar[str] = "booking"
    aggregate_type: ClassVar[str] = "series"

    series: str
    facility: str
    team: str
    project: str | None
    purpose: str
    requester: str
    actor: str
    rule: str
    members: list[dict[str, Any]]
    skipped: list[str] = field(default_factory=list)
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SeriesRequested(SeriesEvent):
    """A team asked for repeated time."""


@dataclass(frozen=True, kw_only=True)
class SeriesDecided(SeriesEvent):
    """A manager approved or rejected the members of a series at once."""

    approved: bool


@dataclass(frozen=True, kw_only=True)
class SeriesMoved(SeriesEvent):
    """Members have another time or place, or skipped dates were added back."""


@dataclass(frozen=True, kw_only=True)
class SeriesCancelled(SeriesEvent):
    """Members were given up: some, this and the following, or all."""
