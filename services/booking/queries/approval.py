"""What requests would have to pass, for a manager who thinks about a facility's stages."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from services.booking.domain.approval import STAGES, called
from services.booking.queries.arguments import asking, load
from services.contracts.values import Between, OneOf


@dataclass(frozen=True, kw_only=True)
class Thought:
    """Stages as in SaveFacility, and the lengths of the samples in minutes."""

    approval: Annotated[str, OneOf(("automatic", "manager", "stages"))]
    stages: list[dict[str, Any]] = field(default_factory=list)
    lengths: list[Annotated[int, Between(1, 527040)]]


def approval_samples(connection: Any, actor: str, **wanted: Any) -> dict[str, Any]:
    """Who would be asked about requests of these lengths, without and with a hazard.

    Raises InvalidInput, NotAllowed.
    """
    given = load(Thought, **wanted)
    asking(connection, actor)
    stages = [stage for stage in given.stages if stage.get("by") in STAGES]
    return {"items": [
        {"minutes": minutes, "hazard": hazard, "stages": [stage for stage in STAGES if stage in called(
            given.approval, stages, minutes, hazard)]}
        for minutes in given.lengths for hazard in (False, True)
    ]}
