"""What may be asked of facilities about trainings and who has them."""

from dataclasses import dataclass
from typing import Annotated, Any

from services.contracts.commands.facilities import FacilitiesCommand
from services.contracts.values import Code, Identifier, Instant, Name, Text, Version

Note = Annotated[str, Text(500, lines=True)]


@dataclass(frozen=True, kw_only=True)
class SaveQualification(FacilitiesCommand):
    """Create a training that facilities may require, or change the one with this code."""

    qualification: Code
    names: dict[str, Name]
    active: bool = True
    version: Version | None = None


@dataclass(frozen=True, kw_only=True)
class GrantQualifications(FacilitiesCommand):
    """Qualify people: grants = [{person, qualification, until}], at most 500, all or none.

    ``until`` is an instant, exclusive; null takes the qualification away. A later grant of the same replaces the
    former.
    """

    grants: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class RequestTraining(FacilitiesCommand):
    """The actor asks the managers for a training, for the sake of a facility or in general."""

    qualification: Code
    facility: Code | None = None
    note: Note = ""


@dataclass(frozen=True, kw_only=True)
class DecideTraining(FacilitiesCommand):
    """A manager has trained the person, who is qualified ``until``; or, without it, refuses and says why."""

    training: Identifier
    until: Instant | None = None
    reason: Note = ""


@dataclass(frozen=True, kw_only=True)
class WithdrawTraining(FacilitiesCommand):
    """The person takes the wish for a training back."""

    training: Identifier
