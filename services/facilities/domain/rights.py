"""Who may change facilities: admins and base managers all and new ones, facility managers those they manage."""

from collections.abc import Set
from dataclasses import dataclass

from services.contracts.errors import NotAllowed


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who asks, as accounts last told it; ``manages`` holds facility codes."""

    person: str
    active: bool = True
    roles: Set[str] = frozenset()
    manages: Set[str] = frozenset()


def require_may_save(person: Person | None, facility: str, is_new: bool) -> None:
    """Raises NotAllowed."""
    if person is None or not person.active:
        raise NotAllowed
    manages = "facility_manager" in person.roles and facility in person.manages
    if not person.roles & {"admin", "base_manager"} and (is_new or not manages):
        raise NotAllowed


def may_interrupt(person: Person | None, facility: str | None) -> bool:
    """Who may take a facility's time away, and read the notes about it: its managers; a whole base's only the base."""
    if person is None or not person.active:
        return False
    manages = "facility_manager" in person.roles and facility in person.manages
    return manages or bool(person.roles & {"admin", "base_manager"})


def require_may_interrupt(person: Person | None, facility: str | None) -> None:
    """Raises NotAllowed."""
    if not may_interrupt(person, facility):
        raise NotAllowed


def require_base(person: Person | None) -> None:
    """What holds for the whole base is changed by admins and base managers. Raises NotAllowed."""
    if person is None or not person.active or not person.roles & {"admin", "base_manager"}:
        raise NotAllowed


def require_may_grant(person: Person | None, facilities: Set[str]) -> None:
    """Who manages one of the ``facilities`` that require a training may qualify people for it. Raises NotAllowed."""
    if person is None or not person.active:
        raise NotAllowed
    manages = "facility_manager" in person.roles and bool(person.manages & facilities)
    if not manages and not person.roles & {"admin", "base_manager"}:
        raise NotAllowed
