"""What may be asked of a service: imperative, frozen, keyword-only.

Every command carries who asks (``actor``, a person's sign-in name) and ``request_key``: the
service that receives it executes a key once per actor and answers a repeat with the first
answer. Times are aware and half-open: ``[starts_at, ends_at)``.
"""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, NamedTuple

from services.contracts.values import (
    Between,
    Code,
    Identifier,
    Instant,
    Key,
    Language,
    Line,
    Name,
    OneOf,
    Paragraph,
    Pattern,
    Text,
    Version,
)

MemberRole = Annotated[str, OneOf(("member", "lead"))]
BaseRole = Annotated[str, OneOf(("facility_manager", "base_manager", "admin"))]
Address = Annotated[
    str, Pattern(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){0,3}")
]
"""An e-mail address that needs no quoting anywhere: with a comma or a bracket the mail would go to somebody else."""
Scope = Annotated[str, OneOf(("read", "reserve", "manage"))]


@dataclass(frozen=True, kw_only=True)
class Command:
    """Who asks, and the key under which a repeat is recognised."""

    service: ClassVar[str] = ""

    actor: Code
    request_key: Key


class Answer(NamedTuple):
    """What a command came to, and whether this is the answer to an earlier call with the same key."""

    value: Any
    replayed: bool = False


# accounts ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AccountsCommand(Command):
    service: ClassVar[str] = "accounts"


@dataclass(frozen=True, kw_only=True)
class SaveCompany(AccountsCommand):
    """Create a company, or change the one with this code."""

    company: Code
    name: Name


@dataclass(frozen=True, kw_only=True)
class SaveTeam(AccountsCommand):
    """Create a team of a company, or change the one with this code."""

    team: Code
    name: Name
    company: Code


@dataclass(frozen=True, kw_only=True)
class SaveProject(AccountsCommand):
    """Create a project of a team, or change the one with this code."""

    project: Code
    name: Name
    team: Code


@dataclass(frozen=True, kw_only=True)
class SavePerson(AccountsCommand):
    """Create a person, or change the one with this sign-in name. No password leaves the one kept."""

    person: Code
    name: Name
    email: Address
    language: Language = "zh-Hans"
    active: bool = True
    password: Annotated[str, Text(200, shortest=8)] | None = field(default=None, repr=False)
    roles: list[BaseRole] = field(default_factory=list)
    manages: list[Code] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class SetMembership(AccountsCommand):
    """Put a person into a team with a role; no role takes the person out."""

    team: Code
    person: Code
    role: MemberRole | None


@dataclass(frozen=True, kw_only=True)
class ChooseLanguage(AccountsCommand):
    """The language in which the actor reads pages and messages."""

    language: Language


@dataclass(frozen=True, kw_only=True)
class CreateToken(AccountsCommand):
    """Make an API token for the actor; it is shown once, in the answer."""

    name: Name
    scopes: list[Scope]
    days: Annotated[int, Between(1, 365)] = 90


@dataclass(frozen=True, kw_only=True)
class RevokeToken(AccountsCommand):
    """End one of the actor's own API tokens."""

    token: Identifier


# facilities ----------------------------------------------------------------------------


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


# booking -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class BookingCommand(Command):
    service: ClassVar[str] = "booking"


@dataclass(frozen=True, kw_only=True)
class RequestReservation(BookingCommand):
    """Ask for time on a facility; without a unit the system chooses one."""

    facility: Code
    starts_at: Instant
    ends_at: Instant
    team: Code
    purpose: Annotated[str, Text(2000, shortest=1, lines=True)]
    project: Code | None = None
    unit: Code | None = None


@dataclass(frozen=True, kw_only=True)
class ReservationCommand(BookingCommand):
    """A command on one reservation; ``version``, where given, is the one that was read."""

    reservation: Identifier
    version: Version | None = None


@dataclass(frozen=True, kw_only=True)
class MoveReservation(ReservationCommand):
    """Another time, facility or unit; what is left out stays as it is."""

    version: Version
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    facility: Code | None = None
    unit: Code | None = None


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

    reason: Annotated[str, Text(500, lines=True)] = ""


# notify --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class NotifyCommand(Command):
    service: ClassVar[str] = "notify"


@dataclass(frozen=True, kw_only=True)
class BindChannel(NotifyCommand):
    """Tie a person to an external id on a channel, as an operator; none unties."""

    person: Code
    channel: Annotated[str, OneOf(("wechat", "wecom"))]
    external_id: Line | None
