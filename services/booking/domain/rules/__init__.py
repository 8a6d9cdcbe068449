"""Rules of use. Whatever makes or changes a reservation passes ``broken_rules``; there is no other way in.

One module per subject; each is a generator over (wish, facility, now).
"""

from datetime import datetime
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.rules.answers import answer_rules, people_rules
from services.booking.domain.rules.campaigns import campaign_rules
from services.booking.domain.rules.collecting import collecting_rules
from services.booking.domain.rules.elastic import elastic_rules
from services.booking.domain.rules.interruptions import interruption_rules
from services.booking.domain.rules.lengths import length_rules
from services.booking.domain.rules.notice import change_rules
from services.booking.domain.rules.places import place_rules
from services.booking.domain.rules.qualifications import qualification_rules
from services.booking.domain.rules.quotas import quota_rules
from services.booking.domain.rules.runs import run_rules
from services.booking.domain.rules.times import time_rules
from services.booking.domain.rules.violation import FORM, FORM_OF_MOVES, WAIVABLE_BY, Violation
from services.booking.domain.wish import Wish

__all__ = ["FORM", "FORM_OF_MOVES", "WAIVABLE_BY", "Violation", "are_excused", "broken_rules", "waivers_of"]

RULES = (
    length_rules, elastic_rules, time_rules, place_rules, run_rules, interruption_rules, qualification_rules,
    change_rules, people_rules, answer_rules, quota_rules, campaign_rules, collecting_rules,
)


def broken_rules(wish: Wish, facility: Facility, now: datetime) -> list[Violation]:
    """Every rule of ``facility`` that ``wish`` breaks; none when it may be granted."""
    found = [violation for rules in RULES for violation in rules(wish, facility, now)]
    told = list(WAIVABLE_BY)
    return sorted(found, key=lambda violation: told.index(violation.rule))


def waivers_of(violations: list[Violation]) -> tuple[dict[str, Any], ...]:
    """What is to be waived, as it is kept with the reservation."""
    return tuple({"rule": violation.rule, "facts": violation.facts} for violation in violations)


def are_excused(violations: list[Violation], wish: Wish) -> bool:
    """Whether broken rules need not stand in the way: all are waived, or an exception is asked of who may waive all."""
    new = [violation for violation in violations if violation.rule not in wish.waived]
    return not new or (bool(wish.exception.strip()) and all(WAIVABLE_BY[each.rule] for each in violations))
