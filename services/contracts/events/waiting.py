"""What booking tells of its wait lists and their offers."""

from dataclasses import dataclass
from typing import Any, ClassVar

from services.contracts.events.event import Event
from services.contracts.events.reservations import ReservationEvent
from services.contracts.values import Instant


@dataclass(frozen=True, kw_only=True)
class ReservationOffered(ReservationEvent):
    """Time that became free is held for a team that waited for it, until ``decide_by``."""

    decide_by: Instant
    wait_entry: str


@dataclass(frozen=True, kw_only=True)
class ReservationDeclined(ReservationEvent):
    """The team did not want what was offered; the slot is free again."""

    wait_entry: str


@dataclass(frozen=True, kw_only=True)
class ReservationOfferExpired(ReservationEvent):
    """The team did not answer an offer in time; the slot is free again. ``waits``: it is at the end of the list now."""

    wait_entry: str
    waits: bool


@dataclass(frozen=True, kw_only=True)
class ReservationOfferTakenBack(ReservationEvent):
    """What was offered cannot be used any more; nothing was asked of the team.

    cause = {kind: outage | maintenance | closure | hours, facility, reason}, the reason per language. ``waits``: it
    has its place in the list as before, unless its window is over.
    """

    wait_entry: str
    waits: bool
    cause: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class WaitEntryLapsed(Event):
    """No time came free for a team before the end of its window; its only fact, so always of version 1."""

    source: ClassVar[str] = "booking"
    aggregate_type: ClassVar[str] = "wait_entry"

    wait_entry: str
    facility: str
    team: str
    project: str | None
    purpose: str
    requester: str
    minutes: int
    starts_at: Instant
    ends_at: Instant
    actor: str = ""
