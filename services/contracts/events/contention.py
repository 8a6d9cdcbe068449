"""What booking tells of reservations that compete. Of the rivals nothing but their number."""

from dataclasses import dataclass, field
from typing import Any

from services.contracts.events.reservations import ReservationEvent
from services.contracts.values import Instant


@dataclass(frozen=True, kw_only=True)
class ReservationCollected(ReservationEvent):
    """A team asked for time that is decided at ``decide_by`` among all who ask until then; it holds nothing yet.

    ``allocation`` says how: manager or draw. ``fingerprint`` is that of the draw's seed.
    """

    decide_by: Instant
    allocation: str
    rivals: int
    fingerprint: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReservationAllocated(ReservationEvent):
    """The team got the time, before ``rivals`` others: by a manager, the ranking or a draw (``by``).

    ``decide_by`` and ``awaits`` when somebody has to approve it still.
    """

    by: str
    rivals: int
    decide_by: Instant | None = None
    awaits: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReservationPassedOver(ReservationEvent):
    """Others got the time. ``alternatives`` are the nearest other times; ``position`` that on the wait list, if any."""

    by: str
    rank: int
    rivals: int
    alternatives: list[dict[str, Any]] = field(default_factory=list)
    wait_entry: str | None = None
    position: int | None = None
