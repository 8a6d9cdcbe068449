"""What nobody decided until its time is decided by the draw that was promised, or by the ranking."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.booking.domain.contention.rivals import decided_at, groups
from services.booking.domain.facility import Facility
from services.booking.domain.wish import Party
from services.booking.handlers.contention.comparing import rivals_of
from services.booking.handlers.contention.deciding import decide, decision_on
from services.booking.handlers.quotas import lock_use


def allocate_due(uow: Any, now: datetime) -> int:
    """Decide what is due on one facility. Returns how many groups; none when nothing is due anywhere."""
    code = uow.contention.take_due(now)
    if code is None:
        return 0
    (facility,) = uow.copies.facilities([code])
    return settle_due(facility, uow, now)


def settle_due(facility: Facility, uow: Any, now: datetime, parties: Iterable[Party] = ()) -> int:
    """Decide the groups of a facility whose time has come, under its lock. Returns how many.

    ``parties`` are others whose use the transaction looks at afterwards.
    """
    rivals = rivals_of(facility, uow)
    due = [group for group in groups(rivals, facility) if decided_at(group) <= now]
    if due:
        asked = [rival.wish.party for group in due for rival in group]
        lock_use([party for party in (*asked, *parties) if party], facility.kind, uow)
    for group in due:
        decide(decision_on(group, facility, uow, now), uow, now)
    return len(due)
