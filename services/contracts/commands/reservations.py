"""What may be asked of booking about single reservations."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from services.contracts.commands.command import Command
from services.contracts.values import Between, Code, Day, Identifier, Instant, Text, Version

Answers = dict[Code, Annotated[str, Text(2000, lines=True)]]
Reason = Annotated[str, Text(500, lines=True)]


@dataclass(frozen=True, kw_only=True)
class BookingCommand(Command):
    service: ClassVar[str] = "booking"


@dataclass(frozen=True, kw_only=True)
class RunFields:
    """What is to be run there, as the team describes it; each field matters where the facility's rules ask for it.

    ``operator`` is the person who runs it (left out: who asks), ``people`` how many are on site,
    ``family`` the product family on a line, ``profile`` = {temperature, ramp, contamination} and
    ``places`` for a unit that runs may share, ``answers`` = {question: text}, ``elastic_minutes``
    by how much it may end later than planned.
    """

    operator: Code | None = None
    people: Annotated[int, Between(1, 1000)] = 1
    family: Code | None = None
    profile: dict[str, Any] = field(default_factory=dict)
    places: Annotated[int, Between(1, 1000)] | None = None
    answers: Answers = field(default_factory=dict)
    elastic_minutes: Annotated[int, Between(0, 86400)] = 0


@dataclass(frozen=True, kw_only=True)
class RequestReservation(BookingCommand, RunFields):
    """Ask for time on a facility; without a unit the system chooses one.

    ``exception`` says why rules that somebody may waive should not count here: then it waits for them.
    ``needed_by`` is the date by which the work has to be done, where several ask for the same time.
    """

    facility: Code
    starts_at: Instant
    ends_at: Instant
    team: Code
    purpose: Annotated[str, Text(2000, shortest=1, lines=True)]
    project: Code | None = None
    unit: Code | None = None
    exception: Reason = ""
    needed_by: Day | None = None


@dataclass(frozen=True, kw_only=True)
class ReservationCommand(BookingCommand):
    """A command on one reservation; ``version``, where given, is the one that was read."""

    reservation: Identifier
    version: Version | None = None


@dataclass(frozen=True, kw_only=True)
class MoveReservation(ReservationCommand):
    """Another time, facility or unit; what is left out stays as it is.

    ``answers`` are those to the questions of another facility; ``exception`` as in a request.
    """

    version: Version
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    facility: Code | None = None
    unit: Code | None = None
    answers: Answers | None = None
    exception: Reason = ""


@dataclass(frozen=True, kw_only=True)
class DescribeReservation(ReservationCommand):
    """The team says more, or otherwise, what it asks for while it waits; what is left out stays as it is."""

    purpose: Annotated[str, Text(2000, shortest=1, lines=True)] | None = None
    operator: Code | None = None
    people: Annotated[int, Between(1, 1000)] | None = None
    answers: Answers | None = None


@dataclass(frozen=True, kw_only=True)
class AddAttachment(ReservationCommand):
    """Attach a file to a reservation; ``content`` in base64."""

    name: Annotated[str, Text(120, shortest=1)]
    content: Annotated[str, Text(960_000, shortest=1)]


@dataclass(frozen=True, kw_only=True)
class RemoveAttachment(ReservationCommand):
    """Take a file away again while the request waits."""

    attachment: Identifier


@dataclass(frozen=True, kw_only=True)
class ApproveReservation(ReservationCommand):
    """A manager grants the request."""


@dataclass(frozen=True, kw_only=True)
class RejectReservation(ReservationCommand):
    """A manager refuses the request and says why."""

    reason: Annotated[str, Text(500, shortest=1, lines=True)]


@dataclass(frozen=True, kw_only=True)
class WithdrawReservation(ReservationCommand):
    """The team takes back a request that is not decided yet."""


@dataclass(frozen=True, kw_only=True)
class CancelReservation(ReservationCommand):
    """The team, or the base with a reason, gives up approved time."""

    reason: Reason = ""
