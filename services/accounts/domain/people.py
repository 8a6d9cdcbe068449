"""A person, as a value."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from services.contracts.events import PersonChanged


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who somebody is; ``person`` is the sign-in name and never changes. Version 0 is not stored yet."""

    person: str
    name: str = ""
    email: str = ""
    language: str = "zh-Hans"
    active: bool = True
    roles: tuple[str, ...] = ()
    manages: tuple[str, ...] = ()
    version: int = 0

    def revised(self, **fields: Any) -> "Person":
        """The next version with other fields; the same one when nothing differs."""
        changed = replace(self, **fields)
        return self if changed == self else replace(changed, version=self.version + 1)

    def fact(self) -> PersonChanged:
        return PersonChanged(**asdict(self) | {"roles": list(self.roles), "manages": list(self.manages)})


def wrong_in(roles: list[str], manages: list[str]) -> dict[str, list[str]]:
    """What is wrong with a person's roles, by field: only a facility manager manages facilities."""
    if manages and "facility_manager" not in roles:
        return {"manages": ["needs_facility_manager"]}
    return {}
