"""What may be asked of booking about series: reservations that repeat by a rule.

``choices`` says what becomes of single dates, each at most once, in the shape of Choice. A date without
a choice is taken as the rule has it.
``on_clash`` says what becomes of a date that was taken to be free and is not: ``refuse`` is all or
nothing, ``skip`` and ``keep`` do for that date what the choice of that name does.
"""

from dataclasses import dataclass, field
from typing import Annotated, Any

from services.contracts.commands.reservations import BookingCommand, RunFields
from services.contracts.values import Between, Clock, Code, Day, Identifier, Instant, OneOf, Text, Version

Rule = Annotated[str, Text(200, shortest=1)]
"""A recurrence rule of RFC 5545 with COUNT or UNTIL: FREQ=WEEKLY;BYDAY=MO,WE;COUNT=12."""

Reason = Annotated[str, Text(500, lines=True)]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What becomes of one date. ``take`` with a time is an alternative, as it was offered.

    ``skip`` leaves the date out; ``keep`` leaves a member where it is.
    """

    date: Day
    action: Annotated[str, OneOf(("take", "skip", "keep"))] = "take"
    facility: Code | None = None
    unit: Code | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class RequestSeries(BookingCommand, RunFields):
    """Ask for repeated time; ``starts_at`` and ``ends_at`` are those of the first date."""

    facility: Code
    starts_at: Instant
    ends_at: Instant
    rule: Rule
    team: Code
    purpose: Annotated[str, Text(2000, shortest=1, lines=True)]
    project: Code | None = None
    unit: Code | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)
    on_clash: Annotated[str, OneOf(("refuse", "skip"))] = "refuse"


@dataclass(frozen=True, kw_only=True)
class SeriesCommand(BookingCommand):
    """A command on one series; ``version``, where given, is the one that was read."""

    series: Identifier
    version: Version | None = None


@dataclass(frozen=True, kw_only=True)
class MoveSeries(SeriesCommand):
    """Another time or place for the members from ``from_date`` on, or for all that are to come.

    ``clock`` is the local time of the start, ``days_later`` how many days after the rule's date a
    member is; what is left out stays as it is.
    """

    version: Version
    from_date: Day | None = None
    clock: Clock | None = None
    length_minutes: Annotated[int, Between(1, 527040)] | None = None
    days_later: Annotated[int, Between(-30, 30)] | None = None
    facility: Code | None = None
    unit: Code | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)
    on_clash: Annotated[str, OneOf(("refuse", "keep"))] = "refuse"


@dataclass(frozen=True, kw_only=True)
class AddSeriesDates(SeriesCommand):
    """Dates of the rule that have no member, to be added back, and so many ``more`` after the last one."""

    dates: list[Day] = field(default_factory=list)
    more: Annotated[int, Between(0, 200)] = 0
    choices: list[dict[str, Any]] = field(default_factory=list)
    on_clash: Annotated[str, OneOf(("refuse", "skip"))] = "refuse"


@dataclass(frozen=True, kw_only=True)
class ApproveSeries(SeriesCommand):
    """A manager grants all members that wait."""


@dataclass(frozen=True, kw_only=True)
class RejectSeries(SeriesCommand):
    """A manager refuses all members that wait and says why."""

    reason: Annotated[str, Text(500, shortest=1, lines=True)]


@dataclass(frozen=True, kw_only=True)
class CancelSeries(SeriesCommand):
    """The members from ``from_date`` on, or all that are to come, are given up; past ones stay."""

    from_date: Day | None = None
    reason: Reason = ""
