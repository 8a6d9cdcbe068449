"""Who may do what with whose reservation.

While a person is on leave, the delegate whom they have named may do what the person might do for the
base and as a lead. A delegate must be somebody who may see it anyhow: for the base one of the base,
for a team a member of it.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from typing import NamedTuple

from services.booking.domain.states import Action
from services.contracts.errors import NotAllowed

BASE_ROLES = ("admin", "base_manager")


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person as booking knows them; ``manages`` holds facility codes, ``teams`` the own teams', ``leads`` those led.

    ``colleagues`` are the other teams of their companies; ``absent`` those who are on leave now and have
    named this person their delegate.
    """

    person: str
    name: str
    active: bool
    roles: Set[str] = frozenset()
    manages: Set[str] = frozenset()
    teams: Set[str] = frozenset()
    leads: Set[str] = frozenset()
    colleagues: Set[str] = frozenset()
    absent: tuple["Person", ...] = ()


class Standing(NamedTuple):
    """The role in which a person decides, and in whose stead."""

    role: str
    instead_of: str | None = None


OF_THE_DOOR = frozenset({Action.CHECK_IN, Action.EXTEND, Action.CHECK_OUT})
OF_THE_TEAM = OF_THE_DOOR | {
    Action.WITHDRAW, Action.DESCRIBE, Action.ATTACH, Action.DETACH, Action.MOVE, Action.CANCEL, Action.ACCEPT,
    Action.DECLINE, Action.CONFIRM,
}
OF_THE_BASE = OF_THE_DOOR | {Action.MOVE, Action.CANCEL, Action.MARK_NO_SHOW}
DECISIONS = frozenset({Action.APPROVE, Action.REJECT, Action.ALLOCATE})
DOOR = "door."
"""How the name of a door tablet begins, followed by its facility. No person is called like that."""
SCREENS = frozenset({"door", "hall"})
HALL = "hall"
"""The name of the displays that only show."""


def door_of(name: str) -> Person | None:
    """The screen at a facility's door, or in the hall, as one who acts; None for other names.

    It is known by its device (accounts), not as a person.
    """
    if name == HALL:
        return Person(person=name, name=name, active=True, roles=frozenset({"hall"}))
    facility = name.removeprefix(DOOR)
    if facility == name:
        return None
    return Person(person=name, name=name, active=True, roles=frozenset({"door"}), manages=frozenset({facility}))


def is_at_door(person: Person, facility: str) -> bool:
    return "door" in person.roles and facility in person.manages


def known(person: Person | None) -> Person:
    """The person, if they may act at all. Raises NotAllowed."""
    if person is None or not person.active:
        raise NotAllowed
    return person


def standing_for(person: Person) -> list[Person]:
    """The person, then those whom they stand in for, as far as they may."""
    return [person, *(
        replace(each, roles=each.roles if person.roles else frozenset(), leads=each.leads & person.teams)
        for each in person.absent
    )]


def sees_all(person: Person) -> bool:
    return any(each.roles & set(BASE_ROLES) for each in standing_for(person))


def managed(person: Person) -> Set[str]:
    """The facilities on which a person decides as their manager."""
    return frozenset().union(*(
        each.manages for each in standing_for(person) if "facility_manager" in each.roles
    ))


def led(person: Person) -> Set[str]:
    """The teams for which a person decides as their lead."""
    return frozenset().union(*(each.leads for each in standing_for(person)))


def standings(person: Person, facility: str) -> Iterator[Standing]:
    """The roles in which a person decides on a facility: the own ones first, the strongest first."""
    for each in standing_for(person):
        instead_of = None if each.person == person.person else each.person
        for role in BASE_ROLES:
            if role in each.roles:
                yield Standing(role, instead_of)
        if "facility_manager" in each.roles and facility in each.manages:
            yield Standing("facility_manager", instead_of)


def capacity(person: Person, facility: str) -> str | None:
    """The role in which a person decides on a facility; None for the others."""
    standing = next(standings(person, facility), None)
    return standing.role if standing else None


def decides(person: Person, stage: str, team: str, facility: str) -> Standing | None:
    """In which role a person decides at a stage of approval (approval.py); base management does so at each."""
    if stage == "lead":
        for each in standing_for(person):
            if team in each.leads:
                return Standing("lead", None if each.person == person.person else each.person)
    able = BASE_ROLES if stage != "manager" else (*BASE_ROLES, "facility_manager")
    return next((each for each in standings(person, facility) if each.role in able), None)


def is_own(person: Person, requester: str) -> bool:
    """Whether a request is a person's own, or of somebody whom they stand in for."""
    return requester in (person.person, *(each.person for each in person.absent))


def sees(person: Person, team: str, facility: str) -> bool:
    """Whether a reservation is there at all for a person."""
    return team in person.teams or capacity(person, facility) is not None or is_at_door(person, facility)


def may_request_for(person: Person, team: str) -> bool:
    return team in person.teams or "admin" in person.roles


def may(person: Person, action: Action, team: str, facility: str, requester: str, awaits: str = "manager") -> bool:
    """Whether a person may take this step; nobody approves what they asked for themselves."""
    if action in DECISIONS:
        is_barred = action is not Action.REJECT and is_own(person, requester)
        return not is_barred and decides(person, awaits, team, facility) is not None
    if team in person.teams and action in OF_THE_TEAM:
        return True
    if is_at_door(person, facility) and action in OF_THE_DOOR:
        return True
    return capacity(person, facility) is not None and action in OF_THE_BASE
