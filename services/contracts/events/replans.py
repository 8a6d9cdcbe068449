"""What booking tells of re-plans: one fact for the plan as a whole, and one for each reservation that it touched."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from services.contracts.events.effects import BookingSnapshot
from services.contracts.events.reservations import ReservationEvent
from services.contracts.values import Instant


@dataclass(frozen=True, kw_only=True)
class ReplanAccepted(BookingSnapshot):
    """A plan was carried out as a whole.

    cause = {kind: outage | maintenance | closure | hours | priority, interruption, facility, reason}; ``reason`` in
    it is what teams see, per language. items = [{reservation, version, team, project, purpose, requester,
    before, after, reason, state, answer_by}] of those that were moved or, without ``after``, cancelled; a place is
    {facility, unit, starts_at, ends_at}, ``reason`` a word of booking/domain/replan/plan.py.
    Until ``answer_by`` the team may choose another time or decline without notice; silence agrees.
    """

    aggregate_type: ClassVar[str] = "replan"

    replan: str
    cause: dict[str, Any]
    items: list[dict[str, Any]]
    actor: str


@dataclass(frozen=True, kw_only=True)
class ReservationReplanned(ReservationEvent):
    """A re-plan moved it; the former place is named. ``why`` is the word for the place that was found.

    ``of_replan``: ReplanAccepted tells people of it.
    """

    former_facility: str
    former_unit: str
    former_starts_at: Instant
    former_ends_at: Instant
    replan: str
    why: str
    answer_by: Instant
    cause: dict[str, Any] = field(default_factory=dict)
    of_replan: bool = True


@dataclass(frozen=True, kw_only=True)
class ReservationConfirmed(ReservationEvent):
    """The team agreed to the place that a re-plan gave it."""

    replan: str
