"""Who may run it: the operator holds every training that the facility requires, until the run ends."""

from collections.abc import Iterator
from datetime import datetime

from services.booking.domain.facility import Facility
from services.booking.domain.rules.violation import Violation
from services.booking.domain.wish import Wish


def qualification_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    """What is held already stays good: whoever was qualified when it was granted may finish, or give time back."""
    party = wish.party
    if party is None or (wish.former is not None and wish.former.contains(wish.span)):
        return
    for code in facility.qualifications:
        until = party.qualifications.get(code)
        told = {
            "qualification": code, "names": party.qualification_names.get(code, {}), "operator": party.operator,
            "until": until,
        }
        if until is None:
            yield Violation("not_qualified", told)
        elif until < wish.span.ends_at:
            yield Violation("qualification_ends", told)
