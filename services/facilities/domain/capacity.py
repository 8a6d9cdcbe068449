"""What may follow on what, and what may share: product families with their changeovers, and sharing of units."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from services.contracts.values import Between, Code, Name, Text
from services.facilities.domain.facility import Facility
from services.facilities.domain.rules import wrong_in_codes

MOST_FAMILIES = 50
LONGEST_CHANGEOVER = 1440
"""Minutes: booking looks no further than a day for what a run has to keep away from."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """A product family that a line runs."""

    code: Code
    names: dict[str, Name]


@dataclass(frozen=True, kw_only=True)
class Changeover:
    """The least time between the end of a run of one family and the start of a run of another."""

    former: Code
    next: Code
    minutes: Annotated[int, Between(0, LONGEST_CHANGEOVER)]


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """By how many ℃, and ℃ a minute, runs may differ that share a unit; which classes go together."""

    temperature_within: Annotated[int, Between(0, 500)] = 0
    ramp_within: Annotated[int, Between(0, 200)] = 0
    contamination: list[list[Annotated[str, Text(40, shortest=1)]]] = field(default_factory=list)


def wrong_in_capacity(facility: Facility) -> dict[str, list[str]]:
    """What is wrong with well-formed families and changeovers.

    Words: too_many, duplicate, required, unknown_language, unknown_family.
    """
    return {**wrong_in_families(facility.families), **wrong_in_changeover(facility)}


def wrong_in_families(families: list[dict[str, Any]]) -> dict[str, list[str]]:
    if len(families) > MOST_FAMILIES:
        return {"families": ["too_many"]}
    return wrong_in_codes("families", families)


def wrong_in_changeover(facility: Facility) -> dict[str, list[str]]:
    """Each pair once, of families that are run here."""
    codes = {family["code"] for family in facility.families}
    wrong, seen = {}, set()
    for number, each in enumerate(facility.changeover):
        for name in ("former", "next"):
            if each[name] not in codes:
                wrong[f"changeover.{number}.{name}"] = ["unknown_family"]
        if (each["former"], each["next"]) in seen:
            wrong[f"changeover.{number}"] = ["duplicate"]
        seen.add((each["former"], each["next"]))
    return wrong
