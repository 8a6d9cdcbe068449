"""What may be asked of accounts."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from services.contracts.commands.command import Command
from services.contracts.values import Between, Code, Identifier, Instant, Language, Name, OneOf, Pattern, Text

MemberRole = Annotated[str, OneOf(("member", "lead"))]
BaseRole = Annotated[str, OneOf(("facility_manager", "base_manager", "admin"))]
Address = Annotated[
    str, Pattern(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){0,3}")
]
"""An e-mail address that needs no quoting anywhere: with a comma or a bracket the mail would go to somebody else."""
Scope = Annotated[str, OneOf(("read", "reserve", "manage"))]


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


STAGES = ("concept", "prototype", "pilot", "small_batch", "production")
"""How mature a product technology is, from the proof of its idea to production."""

PRIORITIES = ("normal", "key", "urgent")
"""The classes of projects; ``key`` is a project that the district has put out to tender (揭榜挂帅)."""


@dataclass(frozen=True, kw_only=True)
class SaveProject(AccountsCommand):
    """Create a project of a team, or change the one with this code; its priority stays as it is."""

    project: Code
    name: Name
    team: Code
    stage: Annotated[str, OneOf(STAGES)] = "prototype"


@dataclass(frozen=True, kw_only=True)
class SetPriority(AccountsCommand):
    """Base management puts a project into a class and says why; ``normal`` needs no reason."""

    project: Code
    team: Code
    priority: Annotated[str, OneOf(PRIORITIES)]
    reason: Annotated[str, Text(500, lines=True)] = ""


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
class SetLeave(AccountsCommand):
    """While the actor is on leave, ``[starts_at, ends_at)``, the delegate decides for them; no delegate ends it."""

    delegate: Code | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None


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
