"""What booking finds out from the facts of others."""

from dataclasses import dataclass
from typing import Any, ClassVar

from services.contracts.events.event import Event
from services.contracts.values import Instant


@dataclass(frozen=True, kw_only=True)
class BookingSnapshot(Event):
    source: ClassVar[str] = "booking"
    is_snapshot: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class ReservationsHit(BookingSnapshot):
    """The reservations that an interruption (``hit`` is its id) makes impossible as things stand.

    hits = [{reservation, facility, unit, team, requester, starts_at, ends_at}]; none when it was called off
    or hits nobody.
    """

    aggregate_type: ClassVar[str] = "hit"

    hit: str
    kind: str
    facility: str | None
    unit: str | None
    reason: dict[str, str]
    actor: str
    spans: list[dict[str, Any]]
    hits: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class FaultChanged(BookingSnapshot):
    """Something is reported as broken without a check-out, or was dealt with: open or closed.

    A fault that was told at check-out is in ReservationFinished; only its closing is told here.
    """

    aggregate_type: ClassVar[str] = "fault"

    fault: str
    state: str
    facility: str
    unit: str | None
    text: str
    reporter: str
    actor: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class QuotaNearlyUsed(BookingSnapshot):
    """A subject has used most of a quota in a period; told once for each period."""

    aggregate_type: ClassVar[str] = "quota_use"

    quota_use: str
    quota: str
    scope: str
    subject: str
    team: str
    per: str
    starts_at: Instant
    limit: int
    used: int
