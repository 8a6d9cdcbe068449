"""What facilities tells."""

from dataclasses import dataclass
from typing import Any, ClassVar

from services.contracts.events.event import Event


@dataclass(frozen=True, kw_only=True)
class FacilityChanged(Event):
    """How a facility may be used now; fields as in the command SaveFacility.

    units = [{code, names}] in the order in which the system fills them.
    """

    source: ClassVar[str] = "facilities"
    aggregate_type: ClassVar[str] = "facility"
    is_snapshot: ClassVar[bool] = True

    facility: str
    kind: str
    names: dict[str, str]
    descriptions: dict[str, str]
    units: list[dict[str, Any]]
    opening_hours: list[list[list[int]]]
    granularity_minutes: int
    shortest_minutes: int
    longest_minutes: int
    notice_minutes: int
    horizon_days: int
    setup_minutes: int
    cleardown_minutes: int
    approval: str
    decision_hours: int
    unit_choice: bool
    equivalents: list[str]
    location: str
    active: bool
