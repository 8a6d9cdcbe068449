"""What may be asked of booking about re-plans: plans for reservations that cannot stay where they are."""

from dataclasses import dataclass, field
from typing import Annotated

from services.contracts.commands.reservations import BookingCommand, Reason, ReservationCommand, RunFields
from services.contracts.values import Code, Identifier, Instant, Text, Version


@dataclass(frozen=True, kw_only=True)
class StartReplan(BookingCommand, RunFields):
    """A manager has a plan made: for those whom an ``interruption`` hits, or for a priority case. One of the two.

    A priority case takes the time on a ``facility``, on the ``unit`` or where the fewest have to go. It is the
    ``reservation`` that waits and shall win, or one to be made for the ``team``; ``reason`` is told to those who
    have to go.
    """

    interruption: Code | None = None
    facility: Code | None = None
    unit: Code | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    reservation: Identifier | None = None
    team: Code | None = None
    project: Code | None = None
    purpose: Annotated[str, Text(2000, lines=True)] = ""
    reason: Reason = ""


@dataclass(frozen=True, kw_only=True)
class ReplanCommand(BookingCommand):
    """A command on one re-plan; ``version`` is the one that was read."""

    replan: Identifier
    version: Version


@dataclass(frozen=True, kw_only=True)
class ReviseReplan(ReplanCommand):
    """Have it made again: ``pins`` keep the place they have in the plan, excluded reservations are left alone,
    and nobody is taken to an excluded facility. Each list replaces the one before.
    """

    pins: list[Identifier] = field(default_factory=list)
    excluded_reservations: list[Identifier] = field(default_factory=list)
    excluded_facilities: list[Code] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class AcceptReplan(ReplanCommand):
    """Carry the plan out as a whole. Refused with PlanRepaired when the world has changed since it was made."""


@dataclass(frozen=True, kw_only=True)
class DiscardReplan(ReplanCommand):
    """Nothing is done; all reservations stay where they are."""


@dataclass(frozen=True, kw_only=True)
class ConfirmReplanned(ReservationCommand):
    """The team agrees to the place that a re-plan gave its reservation."""
