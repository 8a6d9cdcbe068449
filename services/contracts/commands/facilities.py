"""What may be asked of facilities."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from services.contracts.commands.command import Command
from services.contracts.values import Between, Code, Line, Name, OneOf, Paragraph, Version


@dataclass(frozen=True, kw_only=True)
class FacilitiesCommand(Command):
    service: ClassVar[str] = "facilities"


@dataclass(frozen=True, kw_only=True)
class SaveFacility(FacilitiesCommand):
    """Create a facility, or change the one with this code.

    Names and texts are given per language, opening hours per weekday (Monday first) as
    pairs of minutes after local midnight, half-open, 1440 being the end of the day.
    ``version`` is the one that was read (left out when creating).
    """

    facility: Code
    kind: Annotated[str, OneOf(("line", "lab", "platform"))]
    names: dict[str, Name]
    descriptions: dict[str, Paragraph]
    units: list[dict[str, Any]]
    opening_hours: list[list[list[int]]]
    granularity_minutes: Annotated[int, Between(5, 240)] = 30
    shortest_minutes: Annotated[int, Between(5, 527040)] = 30
    longest_minutes: Annotated[int, Between(5, 527040)] = 720
    notice_minutes: Annotated[int, Between(0, 86400)] = 0
    horizon_days: Annotated[int, Between(1, 730)] = 90
    setup_minutes: Annotated[int, Between(0, 1440)] = 0
    cleardown_minutes: Annotated[int, Between(0, 1440)] = 0
    approval: Annotated[str, OneOf(("automatic", "manager"))] = "manager"
    decision_hours: Annotated[int, Between(1, 720)] = 24
    unit_choice: bool = True
    equivalents: list[Code] = field(default_factory=list)
    location: Line = ""
    active: bool = True
    version: Version | None = None
