"""What is to be run in the reserved time, as the team describes it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from services.contracts.commands.reservations import RunFields


@dataclass(frozen=True, kw_only=True)
class Run:
    """Fields as in the command; ``operator`` is None where the requester runs it, ``places`` where all are taken."""

    operator: str | None = None
    people: int = 1
    family: str | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)
    places: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    elastic_minutes: int = 0

    def to_dict(self) -> dict[str, Any]:
        """What differs from an ordinary run, as it is kept and told."""
        return {name: value for name, value in asdict(self).items() if value != getattr(ORDINARY, name)}


ORDINARY = Run()
"""One person, nothing special, the whole unit."""


def run_of(message: RunFields) -> Run:
    """The run that a command describes."""
    return Run(**{each.name: getattr(message, each.name) for each in fields(RunFields)})
