"""All or nothing: when one step comes to nothing, what is to come of the campaign ends with it, in one transaction.

    what became of the one    the others that wait    the others that are approved
    rejected                  rejected                cancelled
    withdrawn, cancelled      withdrawn               cancelled
    expired                   expired                 cancelled

The team itself gives the others up under the rules, like single ones, and is refused where it is too late for
one of them. What the base or the clock ends takes the others with it without that. A no-show ends nothing.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from services.booking.domain.reservation import Reservation, step
from services.booking.domain.rights import Person
from services.booking.domain.states import Action, State
from services.booking.handlers.campaigns.recording import is_to_come, tell
from services.booking.handlers.recording import answer_of, write
from services.contracts.events import (
    CampaignCancelled,
    CampaignDecided,
    ReservationCancelled,
    ReservationExpired,
    ReservationRejected,
    ReservationWithdrawn,
)

Taking = Callable[[Reservation, Action], dict[str, Any]]
KINDS = {
    Action.REJECT: ReservationRejected, Action.WITHDRAW: ReservationWithdrawn, Action.CANCEL: ReservationCancelled,
    Action.EXPIRE: ReservationExpired,
}
FOLLOWING = {
    Action.REJECT: Action.REJECT, Action.WITHDRAW: Action.WITHDRAW, Action.EXPIRE: Action.EXPIRE,
    Action.CANCEL: Action.WITHDRAW,
}
"""What becomes of requests."""


def ended_with(
    cause: Reservation, action: Action, taking: Taking, uow: Any, now: datetime, *, person: Person | None = None,
    reason: str = "",
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take a step that ends one member, which is locked, then end the rest; returns the answers of it and of the whole.

    ``taking`` takes a step under the rules, for the cause and for what a team gives up itself. Without a
    ``person`` it is the clock.
    """
    campaign = uow.campaigns.one(cause.campaign)
    members = uow.campaigns.members_locked(campaign.id)
    by_team = person is not None and campaign.team in person.teams and action is not Action.REJECT
    answers = {cause.id: taking(cause, action)}
    for member in members:
        if member.id != cause.id and is_to_come(member, now):
            follows = FOLLOWING[action] if member.state is State.REQUESTED else Action.CANCEL
            if by_team:
                answers[member.id] = taking(member, follows)
            else:
                answers[member.id] = taken_along(member, follows, cause, uow, now, person, reason)
    kind, more = CampaignCancelled, {"because": str(action)}
    if action is Action.REJECT:
        kind, more = CampaignDecided, {"approved": False}
    actor = person.person if person else ""
    return answers[cause.id], tell(uow, kind, campaign, members, answers, actor, reason, **more)


def rest_ended(
    ended: Iterable[Reservation], uow: Any, now: datetime, person: Person, reason: str,
) -> None:
    """End what is to come of the campaigns of members that the base has ended already, in the same transaction."""
    causes = {each.campaign: each for each in ended if each.campaign}
    for number, cause in sorted(causes.items()):
        members = uow.campaigns.members_locked(number)
        answers = {}
        for each in (member for member in members if is_to_come(member, now)):
            action = Action.REJECT if each.state is State.REQUESTED else Action.CANCEL
            answers[each.id] = taken_along(each, action, cause, uow, now, person, reason)
        answers |= {each.id: answer_of(each) for each in members if each.id == cause.id}
        tell(uow, CampaignCancelled, uow.campaigns.one(number), members, answers, person.person, reason)


def taken_along(
    member: Reservation, action: Action, cause: Reservation, uow: Any, now: datetime, person: Person | None,
    reason: str,
) -> dict[str, Any]:
    """End a member because another one has ended, whoever decides about it by itself."""
    return write(
        uow, action, member, step(member, action, now), KINDS[action], now, actor=person.person if person else "",
        reason=reason, basis={"campaign_step": cause.campaign_step}, of_campaign=True,
    )
