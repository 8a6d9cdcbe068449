"""A facility and its rules of use, as a value."""

from dataclasses import dataclass, field, fields, replace
from typing import Annotated, Any

from services.contracts.commands import SaveFacility
from services.contracts.commands.facilities import FacilityFields
from services.contracts.events import FacilityChanged
from services.contracts.values import Between, Code, Name


@dataclass(frozen=True, kw_only=True)
class Unit:
    """What one reservation occupies: a chamber, a station. ``names`` are per language.

    ``places`` is how many runs it takes that share it, each in one or several.
    """

    code: Code
    names: dict[str, Name]
    places: Annotated[int, Between(1, 1000)] = 1


@dataclass(frozen=True, kw_only=True)
class Facility(FacilityFields):
    """One version of a facility; version 0 is not stored yet."""

    facility: str
    kind: str = ""
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    units: list[dict[str, Any]] = field(default_factory=list)
    opening_hours: list[list[list[int]]] = field(default_factory=list)
    version: int = 0

    def revised(self, message: SaveFacility) -> "Facility":
        """The next version, as the command wants it; the same one when nothing differs."""
        changed = replace(self, **{name: getattr(message, name) for name in RULES})
        return self if changed == self else replace(changed, version=self.version + 1)

    def fact(self) -> FacilityChanged:
        return FacilityChanged(**vars(self))

    def differences(self, other: "Facility") -> dict[str, tuple[Any, Any]]:
        """What is another in ``other``: field → (here, there)."""
        pairs = {name: (getattr(self, name), getattr(other, name)) for name in RULES}
        return {name: (here, there) for name, (here, there) in pairs.items() if here != there}


RULES = tuple(each.name for each in fields(FacilityFields))
"""The fields that a command sets."""
