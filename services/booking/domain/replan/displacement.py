"""Where a reservation was before a re-plan moved it, and what its team answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.booking.domain.replan.plan import Place, place_in


@dataclass(frozen=True, kw_only=True)
class Displacement:
    """``answer`` is none, confirmed, chosen (another time), declined, or overtaken by another plan or the base.

    Until ``answer_by`` the team may still answer; after that, silence has agreed.
    """

    reservation: str
    replan: str
    former: Place
    answer_by: datetime
    reason: str
    answer: str = "none"
    answered_at: datetime | None = None

    @staticmethod
    def of_row(row: Mapping[str, Any]) -> "Displacement":
        names = ("reservation", "replan", "answer_by", "reason", "answer", "answered_at")
        return Displacement(former=place_in(row), **{name: row[name] for name in names})
