"""By how much a run may end later than planned."""

from collections.abc import Iterator
from datetime import datetime

from services.booking.domain.facility import Facility
from services.booking.domain.rules.violation import Violation
from services.booking.domain.wish import Wish


def elastic_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    if wish.run.elastic_minutes > facility.elastic_minutes:
        yield Violation("too_elastic", {"elastic_minutes": facility.elastic_minutes})
