"""What facilities tells."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from services.contracts.commands.facilities import FacilityFields
from services.contracts.events.event import Event
from services.contracts.values import Instant


@dataclass(frozen=True, kw_only=True)
class FacilitiesSnapshot(Event):
    source: ClassVar[str] = "facilities"
    is_snapshot: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class FacilityChanged(FacilitiesSnapshot, FacilityFields):
    """How a facility may be used now."""

    aggregate_type: ClassVar[str] = "facility"

    facility: str


@dataclass(frozen=True, kw_only=True)
class SiteChanged(FacilitiesSnapshot):
    """A base and its calendar: days = [{date, kind: holiday | working_day, names}]; other dates follow the week.

    ``known_years`` are those whose public holidays have been published or entered.
    """

    aggregate_type: ClassVar[str] = "site"

    site: str
    names: dict[str, str]
    days: list[dict[str, Any]]
    known_years: list[int]


@dataclass(frozen=True, kw_only=True)
class InterruptionChanged(FacilitiesSnapshot):
    """Time in which something cannot be used: an unplanned outage, planned maintenance, a closure of the base.

    ``facility`` is None for a closure of the whole site, ``unit`` None for the whole facility.
    spans = [{starts_at, ends_at}] in order, none when it was called off. ``reason`` is the one that teams see.
    With an ``open_end`` the last end is an estimate, which moves on until somebody ends it.
    """

    aggregate_type: ClassVar[str] = "interruption"

    interruption: str
    kind: str
    site: str
    facility: str | None
    unit: str | None
    spans: list[dict[str, Any]]
    reason: dict[str, str]
    actor: str
    open_end: bool = False


@dataclass(frozen=True, kw_only=True)
class QualificationChanged(FacilitiesSnapshot):
    """A training that facilities may require."""

    aggregate_type: ClassVar[str] = "qualification"

    qualification: str
    names: dict[str, str]
    active: bool


@dataclass(frozen=True, kw_only=True)
class HolderChanged(FacilitiesSnapshot):
    """What a person (``holder``) is qualified for: grants = [{qualification, until}], until an instant, exclusive."""

    aggregate_type: ClassVar[str] = "holder"

    holder: str
    grants: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class QualificationExpiring(FacilitiesSnapshot):
    """A person's qualification ends soon, or has ended; told once for each grant and ``days_left`` (0: it is over)."""

    aggregate_type: ClassVar[str] = "expiry"

    expiry: str
    person: str
    qualification: str
    names: dict[str, str]
    until: Instant
    days_left: int


@dataclass(frozen=True, kw_only=True)
class TrainingChanged(FacilitiesSnapshot):
    """A person asks for a training, and what became of it: requested, granted, refused or withdrawn."""

    aggregate_type: ClassVar[str] = "training"

    training: str
    person: str
    qualification: str
    names: dict[str, str]
    facility: str | None
    note: str
    state: str
    actor: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class QuotaChanged(FacilitiesSnapshot):
    """How much may be reserved: ``limit`` weighted minutes per week or month, or reservations open at a time.

    ``scope`` is company, team, person or project; ``subject`` one of them, None for each of them that has no
    quota of its own. ``kind`` narrows it to lines, labs or platforms.
    """

    aggregate_type: ClassVar[str] = "quota"

    quota: str
    scope: str
    subject: str | None
    kind: str | None
    per: str
    limit: int
    off_peak_percent: int = 100
    peak_hours: list[list[int]] = field(default_factory=list)
    active: bool = True
