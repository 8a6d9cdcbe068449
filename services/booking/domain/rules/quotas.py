"""How much those who ask may reserve."""

from collections.abc import Iterator
from datetime import datetime

from services.booking.domain.facility import Facility
from services.booking.domain.quotas import applying, figures
from services.booking.domain.rules.violation import Violation
from services.booking.domain.wish import Wish


def quota_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    """Each quota that would be exceeded, with the first period in which it is; giving time back is always allowed."""
    for each in applying(wish.party.entitlements, facility.kind) if wish.party else ():
        before = {told["starts_at"]: told["asked"] for told in figures(each, wish.former)} if wish.former else {}
        for told in figures(each, wish.span):
            is_more = told["asked"] > before.get(told["starts_at"], 0)
            if is_more and told["used"] + told["asked"] > told["limit"]:
                yield Violation("quota_exceeded", told)
                break
