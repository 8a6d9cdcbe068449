"""What stands beside one step of a campaign that changes by itself."""

from dataclasses import replace
from typing import Any

from services.booking.domain.reservation import Reservation
from services.booking.domain.wish import Wish


def beside_steps(wish: Wish, member: Reservation, uow: Any) -> Wish:
    """The wish of a reservation that moves or goes on for longer, held to the gaps of its campaign, if it has one.

    Whoever has locked the member has locked its campaign, so that the neighbours stay where they are.
    """
    if member.campaign is None:
        return wish
    spans = {each.campaign_step: each.span for each in uow.campaigns.members(member.campaign)}
    chain = uow.campaigns.one(member.campaign).chain(member.campaign_step, spans, kept=member.span)
    return replace(wish, chain=chain)
