"""What booking tells of asks between teams. Each fact is for one side and holds nothing of the other."""

from dataclasses import dataclass
from typing import ClassVar

from services.contracts.events.event import Event
from services.contracts.values import Instant


@dataclass(frozen=True, kw_only=True)
class AskEvent(Event):
    """``team`` and ``requester`` are of the side that the fact is for; ``kind`` is swap or give_way.

    The place is that of the time that is asked for, as it stood; for a give_way the ``wished`` time on it.
    """

    source: ClassVar[str] = "booking"
    aggregate_type: ClassVar[str] = "ask"

    ask: str
    kind: str
    team: str
    requester: str
    facility: str
    unit: str
    starts_at: Instant
    ends_at: Instant
    wished_from: Instant | None = None
    wished_until: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class HolderAsked(AskEvent):
    """The holder of a ``reservation`` is asked, until ``expires_at``; the place offered is where it would go."""

    reservation: str
    note: str
    expires_at: Instant
    offered_facility: str | None = None
    offered_unit: str | None = None
    offered_starts_at: Instant | None = None
    offered_ends_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class AskAnswered(AskEvent):
    """It ended as ``state``: accepted, declined, withdrawn or lapsed; told to the side that asked.

    ``reservation`` is its own: what it offered, or what it got by an accepted give_way, in ``reservation_state``.
    """

    state: str
    reason: str = ""
    reservation: str | None = None
    reservation_state: str | None = None
