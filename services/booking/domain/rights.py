"""Who may do what with whose reservation."""

from collections.abc import Set
from dataclasses import dataclass

from services.booking.domain.states import Action
from services.contracts.errors import NotAllowed


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person as booking knows them; ``manages`` holds facility codes, ``teams`` the own teams'."""

    person: str
    name: str
    active: bool
    roles: Set[str] = frozenset()
    manages: Set[str] = frozenset()
    teams: Set[str] = frozenset()


OF_THE_TEAM = frozenset({Action.WITHDRAW, Action.MOVE, Action.CANCEL, Action.CHECK_IN, Action.FINISH})
OF_THE_BASE = frozenset({
    Action.APPROVE, Action.REJECT, Action.MOVE, Action.CANCEL, Action.CHECK_IN, Action.FINISH, Action.MARK_NO_SHOW,
})


def known(person: Person | None) -> Person:
    """The person, if they may act at all. Raises NotAllowed."""
    if person is None or not person.active:
        raise NotAllowed
    return person


def sees_all(person: Person) -> bool:
    return bool(person.roles & {"base_manager", "admin"})


def managed(person: Person) -> Set[str]:
    """The facilities on which a person decides as their manager."""
    return person.manages if "facility_manager" in person.roles else frozenset()


def capacity(person: Person, facility: str) -> str | None:
    """The role in which a person decides on a facility, the strongest first; None for the others."""
    for role in ("admin", "base_manager"):
        if role in person.roles:
            return role
    return "facility_manager" if facility in managed(person) else None


def sees(person: Person, team: str, facility: str) -> bool:
    """Whether a reservation is there at all for a person."""
    return team in person.teams or capacity(person, facility) is not None


def may_request_for(person: Person, team: str) -> bool:
    return team in person.teams or "admin" in person.roles


def may(person: Person, action: Action, team: str, facility: str, requester: str) -> bool:
    """Whether a person may take this step; nobody approves what they asked for themselves."""
    if action is Action.APPROVE and person.person == requester:
        return False
    if team in person.teams and action in OF_THE_TEAM:
        return True
    return capacity(person, facility) is not None and action in OF_THE_BASE
