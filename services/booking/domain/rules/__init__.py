"""Rules of use. Whatever makes or changes a reservation passes ``broken_rules``; there is no other way in.

One module per subject; each is a generator over (wish, facility, now).
"""

from datetime import datetime

from services.booking.domain.facility import Facility
from services.booking.domain.rules.elastic import elastic_rules
from services.booking.domain.rules.interruptions import interruption_rules
from services.booking.domain.rules.lengths import length_rules
from services.booking.domain.rules.places import place_rules
from services.booking.domain.rules.qualifications import qualification_rules
from services.booking.domain.rules.runs import run_rules
from services.booking.domain.rules.times import time_rules
from services.booking.domain.rules.violation import WAIVABLE_BY, Violation
from services.booking.domain.wish import Wish

__all__ = ["WAIVABLE_BY", "Violation", "broken_rules"]

RULES = (
    length_rules, elastic_rules, time_rules, place_rules, run_rules, interruption_rules, qualification_rules,
)


def broken_rules(wish: Wish, facility: Facility, now: datetime) -> list[Violation]:
    """Every rule of ``facility`` that ``wish`` breaks; none when it may be granted."""
    found = [violation for rules in RULES for violation in rules(wish, facility, now)]
    told = list(WAIVABLE_BY)
    return sorted(found, key=lambda violation: told.index(violation.rule))
