"""What may be asked of the team that has a time: to swap it, or to give way. Neither side learns who the other is."""

from dataclasses import dataclass
from typing import Annotated

from services.contracts.commands.reservations import BookingCommand, Reason, RunFields
from services.contracts.values import Code, Identifier, Instant, OneOf, Text, Version


@dataclass(frozen=True, kw_only=True)
class AskHolder(BookingCommand, RunFields):
    """Ask whoever has the time on ``unit`` that begins at ``starts_at``, as the board shows it.

    swap: an own ``reservation`` is offered for it; each takes the other's place and keeps its length.
    give_way: what is asked for on that unit in place of the holder, as in RequestReservation; ``wished_from`` and
    ``wished_until`` are its times. The ``note`` is read by the other team.
    """

    kind: Annotated[str, OneOf(("swap", "give_way"))]
    facility: Code
    unit: Code
    starts_at: Instant
    reservation: Identifier | None = None
    team: Code | None = None
    project: Code | None = None
    purpose: Annotated[str, Text(2000, lines=True)] = ""
    wished_from: Instant | None = None
    wished_until: Instant | None = None
    note: Annotated[str, Text(200, lines=True)] = ""


@dataclass(frozen=True, kw_only=True)
class AskCommand(BookingCommand):
    """A command on one ask; ``version``, where given, is the one that was read."""

    ask: Identifier
    version: Version | None = None


@dataclass(frozen=True, kw_only=True)
class AcceptAsk(AskCommand):
    """The holder agrees.

    Who gives way may name any part of another place for the own reservation: facility, start and length stay where
    they are left out, and any unit will do. Who names nothing gives the time up: the reservation is cancelled.
    """

    facility: Code | None = None
    unit: Code | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class DeclineAsk(AskCommand):
    """The holder says no; a ``reason`` is passed on without a name."""

    reason: Reason = ""


@dataclass(frozen=True, kw_only=True)
class WithdrawAsk(AskCommand):
    """Who asked takes it back."""
