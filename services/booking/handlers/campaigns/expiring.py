"""Campaigns with a step that nobody decided in time: it goes to base management, or the whole ends."""

from datetime import datetime
from typing import Any

from services.booking.domain import approval
from services.booking.domain.reservation import Reservation
from services.booking.domain.states import Action, State
from services.booking.handlers.campaigns.ending import ended_with
from services.booking.handlers.deciding import overdue

BATCH = 20


def expire_campaigns(uow: Any, now: datetime) -> int:
    """Returns how many campaigns were due. A batch at once; those that others hold locked are left to them."""
    campaigns = uow.campaigns.due(now, BATCH)
    for campaign in campaigns:
        members = uow.campaigns.members_locked(campaign.id)
        expire([each for each in members if each.state is State.REQUESTED and each.decide_by <= now], uow, now)
    return len(campaigns)


def expire(due: list[Reservation], uow: Any, now: datetime) -> None:
    facilities = {each.code: each for each in uow.copies.facilities({former.facility for former in due})}
    over = next((each for each in due if not approval.may_escalate(each, facilities[each.facility], now)), None)
    if over is None:
        for former in due:
            overdue(former, facilities[former.facility], uow, now)
        return

    def taking(former: Reservation, action: Action) -> dict[str, Any]:
        return overdue(former, facilities[former.facility], uow, now, of_campaign=True)

    ended_with(over, Action.EXPIRE, taking, uow, now)
