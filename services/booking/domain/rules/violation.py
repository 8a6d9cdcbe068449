"""A broken rule, and who may waive it."""

from dataclasses import dataclass, field
from typing import Any

MANAGERS = ("facility_manager", "base_manager", "admin")
BASE = ("base_manager", "admin")
NOBODY = ()

WAIVABLE_BY: dict[str, tuple[str, ...]] = {
    "not_whole_grid": MANAGERS,
    "too_short": MANAGERS,
    "too_long": MANAGERS,
    "too_elastic": MANAGERS,
    "in_the_past": NOBODY,
    "too_little_notice": MANAGERS,
    "beyond_horizon": BASE,
    "outside_opening_hours": MANAGERS,
    "facility_inactive": NOBODY,
    "interrupted": NOBODY,
    "unit_not_choosable": MANAGERS,
    "not_qualified": MANAGERS,
    "qualification_ends": MANAGERS,
    "too_late_to_change": MANAGERS,
    "too_late_to_cancel": MANAGERS,
    "too_many_people": MANAGERS,
    "answer_missing": NOBODY,
    "attachment_missing": NOBODY,
    "family_missing": MANAGERS,
    "unknown_family": NOBODY,
    "profile_missing": NOBODY,
    "unknown_contamination": NOBODY,
    "too_many_places": NOBODY,
    "quota_exceeded": BASE,
    "no_room_there": NOBODY,
    "impossible_for_other": NOBODY,
    "campaign_order": NOBODY,
    "gap_too_short": NOBODY,
    "gap_too_long": NOBODY,
    "still_collected": NOBODY,
    "too_many_rivals": NOBODY,
}
"""Every rule, in the order in which they are told, and the roles that may waive it."""

FORM = frozenset({"answer_missing", "family_missing", "profile_missing"})
"""What is missing in the form is missing everywhere and at any time: no other time would help."""

FORM_OF_MOVES = frozenset({"answer_missing"})
"""A move may answer other questions; what is run stays as it is."""


@dataclass(frozen=True)
class Violation:
    """A broken rule, and the figures that a sentence about it needs."""

    rule: str
    facts: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {"rule": self.rule, "facts": self.facts, "waivable_by": list(WAIVABLE_BY[self.rule])}
