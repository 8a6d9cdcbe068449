"""What may be asked of facilities."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from services.contracts.commands.command import Command
from services.contracts.values import Between, Code, Line, Name, OneOf, Paragraph, Version

Minutes = Annotated[int, Between(0, 86400)]
"""Up to sixty days."""


@dataclass(frozen=True, kw_only=True)
class FacilitiesCommand(Command):
    service: ClassVar[str] = "facilities"


@dataclass(frozen=True, kw_only=True)
class FacilityFields:
    """What a facility is and how it may be used; the same in the command, the fact and the service.

    Names and texts are given per language; opening hours per weekday (Monday first) as pairs of
    minutes after local midnight, half-open, 1440 being the end of the day. Minutes, hours and
    days are whole numbers; 0 means that there is no such rule. Lists of dictionaries:

    units            {code, names}, in the order in which they are filled; {places} where runs may share one
    date_exceptions  {date, hours, names}: other hours on one date, [] being closed
    families         {code, names}: product families that are run here
    changeover       {former, next, minutes}: the least time between a run of one family and of another
    sharing          {temperature_within, ramp_within, contamination}, one dictionary: by how many ℃, and ℃ a minute,
                     runs may differ that share a unit, and which classes go together; {}: nothing is shared
    questions        {code, names, kind, choices, required, hazard}: what a request has to answer
    stages           {by, above_minutes, on_hazard}: who approves one after the other, and above what length

    ``allocation`` says who gets time for which several ask: who comes first, or, of all who ask until
    ``allocation_hours`` before the start, whom a manager chooses or a draw. ``offer_minutes`` is for how long time that
    became free is held for the first on the wait list, ``most_pieces`` into how many pieces a run may be split.
    """

    kind: Annotated[str, OneOf(("line", "lab", "platform"))]
    names: dict[str, Name]
    descriptions: dict[str, Paragraph]
    units: list[dict[str, Any]]
    opening_hours: list[list[list[int]]]
    site: Code = "BASE"
    location: Line = ""
    active: bool = True
    equivalents: list[Code] = field(default_factory=list)

    date_exceptions: list[dict[str, Any]] = field(default_factory=list)
    on_holidays: Annotated[str, OneOf(("closed", "open"))] = "closed"

    granularity_minutes: Annotated[int, Between(5, 240)] = 30
    shortest_minutes: Annotated[int, Between(5, 527040)] = 30
    longest_minutes: Annotated[int, Between(5, 527040)] = 720
    notice_minutes: Minutes = 0
    change_notice_minutes: Minutes = 0
    cancel_notice_minutes: Minutes = 0
    horizon_days: Annotated[int, Between(1, 730)] = 90
    priority_horizon_days: Annotated[int, Between(0, 730)] = 0
    setup_minutes: Annotated[int, Between(0, 1440)] = 0
    cleardown_minutes: Annotated[int, Between(0, 1440)] = 0
    families: list[dict[str, Any]] = field(default_factory=list)
    changeover: list[dict[str, Any]] = field(default_factory=list)
    unit_choice: bool = True
    sharing: dict[str, Any] = field(default_factory=dict)

    most_people: Annotated[int, Between(0, 1000)] = 0
    questions: list[dict[str, Any]] = field(default_factory=list)
    attachments: Annotated[str, OneOf(("none", "optional", "required"))] = "none"
    details: Annotated[str, OneOf(("team", "company"))] = "team"
    qualifications: list[Code] = field(default_factory=list)

    approval: Annotated[str, OneOf(("automatic", "manager", "stages"))] = "manager"
    stages: list[dict[str, Any]] = field(default_factory=list)
    decision_hours: Annotated[int, Between(1, 720)] = 24
    escalation_hours: Annotated[int, Between(0, 720)] = 0

    check_in_minutes: Annotated[int, Between(0, 1440)] = 15
    no_show_minutes: Annotated[int, Between(0, 1440)] = 0
    elastic_minutes: Minutes = 0

    allocation: Annotated[str, OneOf(("first_come", "manager", "draw"))] = "first_come"
    allocation_hours: Annotated[int, Between(0, 1440)] = 0
    offer_minutes: Annotated[int, Between(5, 2880)] = 120
    most_pieces: Annotated[int, Between(1, 4)] = 1


@dataclass(frozen=True, kw_only=True)
class SaveFacility(FacilitiesCommand, FacilityFields):
    """Create a facility, or change the one with this code.

    ``version`` is the one that was read (left out when creating).
    """

    facility: Code
    version: Version | None = None


@dataclass(frozen=True, kw_only=True)
class SaveQuota(FacilitiesCommand):
    """Create a quota, or change the one with this code.

    ``limit`` are weighted minutes per week or month of the local calendar, or reservations open at a time. It
    binds ``subject``, or without one each company, team, person or project that has no quota of its own.
    ``peak_hours`` are pairs of minutes after local midnight on working days; time outside them counts
    ``off_peak_percent`` of its minutes.
    """

    quota: Code
    scope: Annotated[str, OneOf(("company", "team", "person", "project"))]
    per: Annotated[str, OneOf(("week", "month", "open"))]
    limit: Annotated[int, Between(0, 10_000_000)]
    subject: Code | None = None
    kind: Annotated[str, OneOf(("line", "lab", "platform"))] | None = None
    off_peak_percent: Annotated[int, Between(0, 100)] = 100
    peak_hours: list[list[int]] = field(default_factory=list)
    active: bool = True
    version: Version | None = None
