"""What may be asked of booking about campaigns: ordered steps over several facilities, all or nothing."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from services.contracts.commands.reservations import BookingCommand, Reason, RunFields
from services.contracts.values import Between, Code, Identifier, Instant, Text, Version

GapMinutes = Annotated[int, Between(0, 527040)]
"""Up to a year."""


@dataclass(frozen=True, kw_only=True)
class StepFields(RunFields):
    """Where a step runs and what, and how long after the end of the step before it begins, at least and at most.

    Without ``most_gap_minutes`` it may begin at any time after the step before; the first step's gaps say nothing.
    """

    facility: Code
    unit: Code | None = None
    least_gap_minutes: GapMinutes = 0
    most_gap_minutes: GapMinutes | None = None


@dataclass(frozen=True, kw_only=True)
class TimedStep(StepFields):
    """A step at a time, as it was found or chosen."""

    starts_at: Instant
    ends_at: Instant


@dataclass(frozen=True, kw_only=True)
class SoughtStep(StepFields):
    """A step for which a time is to be found."""

    minutes: Annotated[int, Between(1, 527040)]


@dataclass(frozen=True, kw_only=True)
class MovedStep:
    """Where a step (numbered from 1 on) goes; it keeps its length. Without a facility it stays on its own."""

    step: Annotated[int, Between(1, 20)]
    starts_at: Instant
    facility: Code | None = None
    unit: Code | None = None


@dataclass(frozen=True, kw_only=True)
class RequestCampaign(BookingCommand):
    """Ask for all steps at once, in their order; ``steps`` are TimedSteps as dictionaries."""

    team: Code
    purpose: Annotated[str, Text(2000, shortest=1, lines=True)]
    steps: list[dict[str, Any]] = field(default_factory=list)
    project: Code | None = None


@dataclass(frozen=True, kw_only=True)
class CampaignCommand(BookingCommand):
    """A command on one campaign; ``version``, where given, is the one that was read."""

    campaign: Identifier
    version: Version | None = None


@dataclass(frozen=True, kw_only=True)
class MoveCampaign(CampaignCommand):
    """All steps that have not begun: by so many minutes each, or to where ``steps`` (MovedSteps) say."""

    version: Version
    shift_minutes: Annotated[int, Between(-527040, 527040)] | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ApproveCampaign(CampaignCommand):
    """Somebody agrees to every step that waits for them."""


@dataclass(frozen=True, kw_only=True)
class RejectCampaign(CampaignCommand):
    """Somebody refuses a step that waits for them and says why: the campaign ends as a whole."""

    reason: Annotated[str, Text(500, shortest=1, lines=True)]


@dataclass(frozen=True, kw_only=True)
class CancelCampaign(CampaignCommand):
    """The steps that have not begun are given up, by the team, or by the base with a reason."""

    reason: Reason = ""
