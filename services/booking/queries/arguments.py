"""What queries are asked with, checked at the door like a command, and who asks."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any, TypeVar

from services.booking.domain.replan.replan import ReplanState
from services.booking.domain.rights import Person, known, led, managed, sees_all
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.storage.copies import Copies
from services.contracts import schemas
from services.contracts.commands.reservations import RunFields
from services.contracts.commands.series import Rule
from services.contracts.errors import InvalidInput
from services.contracts.values import Between, Clock, Code, Day, Instant, OneOf, Text

T = TypeVar("T")
WIDEST = timedelta(days=93)

VISIBLE = "(%(sees_all)s OR r.team = ANY(%(teams)s::text[]) OR r.facility = ANY(%(managed)s::text[]))"
"""The reservations that are there for the one who asks; with the values of ``sight``."""

SHARED = """
    (r.team = ANY(%(colleagues)s::text[])
     AND r.facility IN (SELECT facility FROM facilities WHERE snapshot ->> 'details' = 'company'))"""
"""Those of other teams of one's company, where the facility shows them: who, for what and when, and no more."""


@dataclass(frozen=True, kw_only=True)
class OnBoard:
    starts_at: Instant
    ends_at: Instant
    facility: Code | None = None


@dataclass(frozen=True, kw_only=True)
class FreeTime(RunFields):
    minutes: Annotated[int, Between(1, 527040)]
    starts_at: Instant
    ends_at: Instant
    facility: Code | None = None
    kind: Annotated[str, OneOf(("line", "lab", "platform"))] | None = None
    limit: Annotated[int, Between(1, 50)] = 5


@dataclass(frozen=True, kw_only=True)
class Slot(RunFields):
    facility: Code
    starts_at: Instant
    ends_at: Instant
    team: Code | None = None
    project: Code | None = None
    unit: Code | None = None
    reservation: Annotated[str, Text(40)] | None = None


@dataclass(frozen=True, kw_only=True)
class SeriesAsked(RunFields):
    facility: Code
    starts_at: Instant
    ends_at: Instant
    rule: Rule
    team: Code | None = None
    project: Code | None = None
    unit: Code | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class SeriesChange:
    series: Annotated[str, Text(40)]
    from_date: Day | None = None
    clock: Clock | None = None
    length_minutes: Annotated[int, Between(1, 527040)] | None = None
    days_later: Annotated[int, Between(-30, 30)] | None = None
    facility: Code | None = None
    unit: Code | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Listed:
    team: Code | None = None
    facility: Code | None = None
    state: Annotated[str, OneOf(tuple(State))] | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    cursor: Annotated[str, Text(200)] | None = None
    limit: Annotated[int, Between(1, 200)] = 50


@dataclass(frozen=True, kw_only=True)
class WouldHit:
    """A change of one facility, or of all of a site: spans taken away, other hours, other days of a year."""

    facility: Code | None = None
    site: Code | None = None
    unit: Code | None = None
    spans: list[dict[str, str]] | None = None
    opening_hours: list[list[list[int]]] | None = None
    date_exceptions: list[dict[str, Any]] | None = None
    on_holidays: Annotated[str, OneOf(("closed", "open"))] | None = None
    year: Annotated[int, Between(2001, 2099)] | None = None
    days: list[dict[str, Any]] | None = None


@dataclass(frozen=True, kw_only=True)
class ReplansListed:
    state: Annotated[str, OneOf(tuple(ReplanState))] | None = None
    interruption: Code | None = None


@dataclass(frozen=True, kw_only=True)
class OfDay:
    facility: Code | None = None
    mine: bool = False


@dataclass(frozen=True, kw_only=True)
class FaultsListed:
    facility: Code | None = None
    state: Annotated[str, OneOf(("open", "closed", "all"))] = "open"


def window_of(given: OnBoard | FreeTime) -> Span:
    """Raises InvalidInput for a window that is empty, inverted or too wide."""
    window = Span(given.starts_at, given.ends_at)
    if window.ends_at <= window.starts_at:
        raise InvalidInput(errors={"ends_at": ["ends_before_start"]})
    if window.length > WIDEST:
        raise InvalidInput(errors={"ends_at": ["out_of_range"]})
    return window


def load(kind: type[T], /, **arguments: Any) -> T:
    """Raises InvalidInput, with every argument that is wrong."""
    return schemas.load(kind, arguments)


def asking(connection: Any, actor: str) -> Person:
    """Raises NotAllowed for the unknown and the inactive."""
    return known(Copies(connection).person(str(actor)))


def sight(person: Person) -> dict[str, Any]:
    """What VISIBLE needs to know of a person."""
    return {
        "sees_all": sees_all(person), "teams": list(person.teams), "managed": list(managed(person)),
        "colleagues": list(person.colleagues), "led": list(led(person)),
        "own": [person.person, *(each.person for each in person.absent)],
    }
