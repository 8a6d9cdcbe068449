"""A facility as booking knows it: its rules of use, its units, its opening hours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from services.booking.domain.calendar import ORDINARY_WEEKS, Calendar, Hours, Opening, exceptions_of
from services.booking.domain.days import BASE_ZONE, DAY, midnight_before, midnights
from services.booking.domain.interruption import Interruption
from services.booking.domain.spans import Span, merged
from services.booking.domain.wish import Party


class Contended(NamedTuple):
    """Time for which a request competes, on the unit that was asked for or on any; when that is decided."""

    unit: str | None
    span: Span
    decide_by: datetime


@dataclass(frozen=True, kw_only=True)
class Facility:
    """One version of the rules of use. ``units`` are codes, in the order in which they are filled.

    ``places`` holds the units that have more than one, and how many.

    ``opening_hours`` has seven entries, Monday first: half-open pairs of minutes after local
    midnight, in order. Minutes, hours, days and lists of dictionaries are as in the command
    SaveFacility. ``calendar`` is that of its base, ``interruptions`` are those that concern it,
    and ``contended`` is what requests compete for.
    """

    code: str
    version: int
    units: tuple[str, ...]
    opening_hours: tuple[Hours, ...]
    granularity_minutes: int
    shortest_minutes: int
    longest_minutes: int
    notice_minutes: int
    horizon_days: int
    setup_minutes: int
    cleardown_minutes: int
    approval: str
    decision_hours: int
    unit_choice: bool
    equivalents: tuple[str, ...]
    active: bool
    kind: str = "lab"
    site: str = "BASE"
    date_exceptions: tuple[Mapping[str, Any], ...] = ()
    on_holidays: str = "closed"
    change_notice_minutes: int = 0
    cancel_notice_minutes: int = 0
    priority_horizon_days: int = 0
    families: tuple[Mapping[str, Any], ...] = ()
    changeover: tuple[Mapping[str, Any], ...] = ()
    sharing: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    most_people: int = 0
    questions: tuple[Mapping[str, Any], ...] = ()
    attachments: str = "none"
    details: str = "team"
    qualifications: tuple[str, ...] = ()
    stages: tuple[Mapping[str, Any], ...] = ()
    escalation_hours: int = 0
    check_in_minutes: int = 15
    no_show_minutes: int = 0
    elastic_minutes: int = 0
    allocation: str = "first_come"
    allocation_hours: int = 0
    offer_minutes: int = 120
    most_pieces: int = 1
    calendar: Calendar = ORDINARY_WEEKS
    interruptions: tuple[Interruption, ...] = ()
    contended: tuple[Contended, ...] = ()

    @cached_property
    def opening(self) -> Opening:
        return Opening(
            weekdays=self.opening_hours, calendar=self.calendar, open_on_holidays=self.on_holidays == "open",
            exceptions=exceptions_of(self.date_exceptions),
        )

    @property
    def is_automatic(self) -> bool:
        """Whether nobody is asked, as long as there is no hazard and no exception."""
        return self.approval == "automatic"

    def is_hazardous(self, answers: Mapping[str, str]) -> bool:
        """Whether an answer names a hazard, so that somebody has to look at it."""
        return any(answers.get(question["code"]) in (question.get("hazard") or ()) for question in self.questions)

    @cached_property
    def family_codes(self) -> frozenset[str]:
        return frozenset(family["code"] for family in self.families)

    @cached_property
    def changeovers(self) -> dict[tuple[str, str], int]:
        """Minutes by the family that was run and the one that follows."""
        return {(each["former"], each["next"]): each["minutes"] for each in self.changeover}

    def places_on(self, unit: str) -> int:
        return self.places.get(unit, 1)

    def period(self, span: Span) -> Span:
        """What a reservation of ``span`` holds: with set-up before and clear-down after."""
        return span.widened(timedelta(minutes=self.setup_minutes), timedelta(minutes=self.cleardown_minutes))

    def horizon(self, party: Party | None = None) -> int:
        """How many days ahead may be asked for: for work of priority perhaps further than for all."""
        longer = self.priority_horizon_days if party and party.priority != "normal" else 0
        return max(self.horizon_days, longer)

    def bookable(self, now: datetime, party: Party | None = None) -> Span:
        """From the earliest to the latest start that may be asked for now."""
        return Span(now + timedelta(minutes=self.notice_minutes), now + timedelta(days=self.horizon(party)))

    def opening_spans(self, window: Span) -> list[Span]:
        """The open time of every local day that ``window`` touches; nights that are open join two days."""
        return merged(
            Span(midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes))
            for midnight in midnights(window)
            for opens, closes in self.hours_on(midnight)
        )

    def hours_on(self, midnight: datetime) -> Hours:
        """The hours of the local day that begins at ``midnight``."""
        return self.opening.hours_on(midnight.astimezone(BASE_ZONE).date())

    def special_on(self, midnight: datetime) -> dict[str, Any] | None:
        """Why that local day does not follow the week, if it does not."""
        return self.opening.special_on(midnight.astimezone(BASE_ZONE).date())

    def grid_before(self, instant: datetime) -> datetime:
        """The last instant of the grid that is not after ``instant``; each local day starts a new grid."""
        step = timedelta(minutes=self.granularity_minutes)
        midnight = midnight_before(instant)
        return midnight + (instant - midnight) // step * step

    def grid_after(self, instant: datetime) -> datetime:
        """The first instant of the grid that is not before ``instant``."""
        before = self.grid_before(instant)
        if before == instant:
            return instant
        return min(before + timedelta(minutes=self.granularity_minutes), midnight_before(instant) + DAY)
