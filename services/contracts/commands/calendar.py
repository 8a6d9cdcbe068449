"""What may be asked of facilities about bases, their calendars, and time that is taken away."""

from dataclasses import dataclass
from typing import Annotated, Any

from services.contracts.commands.facilities import FacilitiesCommand
from services.contracts.values import Between, Code, Identifier, Instant, Line, Name, OneOf, Paragraph, Text, Version

Year = Annotated[int, Between(2001, 2099)]


@dataclass(frozen=True, kw_only=True)
class SaveSite(FacilitiesCommand):
    """Create a base, or change the one with this code; ``version`` is the one that was read."""

    site: Code
    names: dict[str, Name]
    version: Version | None = None


@dataclass(frozen=True, kw_only=True)
class ImportCalendarYear(FacilitiesCommand):
    """Take a year's public holidays and make-up working days from the kept library; ``version`` is the site's."""

    site: Code
    year: Year
    version: Version


@dataclass(frozen=True, kw_only=True)
class SaveCalendarYear(FacilitiesCommand):
    """Set a year's days by hand: days = [{date, kind: holiday | working_day, names}]; ``version`` is the site's."""

    site: Code
    year: Year
    days: list[dict[str, Any]]
    version: Version


@dataclass(frozen=True, kw_only=True)
class DeclareInterruption(FacilitiesCommand):
    """Take time away: an outage or maintenance of a facility or one of its units, a closure of a whole site.

    An outage may have an open end: ``ends_at`` is then an estimate, which moves on until somebody ends it.
    Maintenance may repeat by an RFC 5545 ``rule``. ``reason`` is what teams see, in one language or both;
    ``note`` is for managers only.
    """

    kind: Annotated[str, OneOf(("outage", "maintenance", "closure"))]
    starts_at: Instant
    ends_at: Instant
    reason: dict[str, Line]
    facility: Code | None = None
    unit: Code | None = None
    site: Code | None = None
    open_end: bool = False
    rule: Annotated[str, Text(300)] = ""
    note: Paragraph = ""


@dataclass(frozen=True, kw_only=True)
class InterruptionCommand(FacilitiesCommand):
    """A command on one interruption; ``version``, where given, is the one that was read."""

    interruption: Identifier
    version: Version | None = None


@dataclass(frozen=True, kw_only=True)
class ExtendInterruption(InterruptionCommand):
    """Another end for the stretch that runs, or else for the next one: later, or earlier."""

    ends_at: Instant


@dataclass(frozen=True, kw_only=True)
class EndInterruption(InterruptionCommand):
    """It is over now; later stretches of a repeated one stay."""


@dataclass(frozen=True, kw_only=True)
class CallOffInterruption(InterruptionCommand):
    """What has not begun does not take place, and what runs is over."""


@dataclass(frozen=True, kw_only=True)
class DescribeInterruption(InterruptionCommand):
    """Another reason for the teams, another note for the managers."""

    reason: dict[str, Line]
    note: Paragraph = ""
