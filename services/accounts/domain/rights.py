"""Who may do what with people, teams and tokens.

    admin                everything
    base manager         the priority of projects
    lead of a team       its projects, and its ordinary members
    everybody            the own language and tokens
    base and facility managers see all people and teams; others those of their own teams
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.contracts.errors import NotAllowed, NotFound

SEES_ALL = frozenset({"admin", "base_manager", "facility_manager"})


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks: the roles on the base, and the role in each of the own teams."""

    person: str
    roles: frozenset[str] = frozenset()
    teams: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_admin(self) -> bool:
        return "admin" in self.roles


def require_admin(actor: Actor) -> None:
    """Raises NotAllowed."""
    if not actor.is_admin:
        raise NotAllowed


def require_base(actor: Actor) -> None:
    """What concerns the whole base. Raises NotAllowed."""
    if not actor.roles & {"admin", "base_manager"}:
        raise NotAllowed


def require_lead(actor: Actor, team: str) -> None:
    """Admins and the team's leads pass. Raises NotAllowed; NotFound to those who may not even see the team."""
    if actor.is_admin or actor.teams.get(team) == "lead":
        return
    raise NotAllowed if team in actor.teams or actor.roles & SEES_ALL else NotFound


def require_may_set(actor: Actor, team: str, present: str | None, wanted: str | None) -> None:
    """A lead brings in and takes out members; who leads is decided by an admin. Raises NotAllowed, NotFound."""
    require_lead(actor, team)
    if "lead" in (present, wanted) and not actor.is_admin:
        raise NotAllowed


def require_own(actor: Actor, owner: str) -> None:
    """Raises NotFound: what belongs to somebody else looks like nothing at all."""
    if not actor.is_admin and actor.person != owner:
        raise NotFound


def scopes_of(actor: Actor) -> set[str]:
    """The most that a token of this person may carry."""
    reserves = {"reserve"} if actor.teams or actor.roles else set()
    manages = {"manage"} if actor.roles or "lead" in actor.teams.values() else set()
    return {"read"} | reserves | manages
