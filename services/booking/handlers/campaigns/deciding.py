"""Deciding about a whole campaign at once, and giving it up."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from services.booking.domain.reservation import Reservation, is_possible, may_take
from services.booking.domain.rights import Person
from services.booking.domain.states import Action
from services.booking.handlers.campaigns.ending import ended_with
from services.booking.handlers.campaigns.recording import is_to_come, opened, tell
from services.booking.handlers.deciding import approved, decided_in_campaign
from services.booking.handlers.placing import refuse
from services.contracts.commands import ApproveCampaign, CancelCampaign, RejectCampaign
from services.contracts.errors import NotAllowed, WrongState
from services.contracts.events import CampaignDecided


def approve_campaign(message: ApproveCampaign, uow: Any, now: datetime) -> dict[str, Any]:
    """Agree to every step that waits for this person. It is granted when the last one has agreed; all stay held.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    campaign, person, members = opened(message, uow)
    mine = open_to(members, (Action.APPROVE,), person, now)
    answers = {each.id: approved(each, person, uow, now, of_campaign=True) for each, _ in mine}
    return tell(uow, CampaignDecided, campaign, members, answers, person.person, approved=True)


def reject_campaign(message: RejectCampaign, uow: Any, now: datetime) -> dict[str, Any]:
    """Refuse a step that waits for this person: the whole ends. Raises like approve_campaign."""
    _, person, members = opened(message, uow)
    return end(open_to(members, (Action.REJECT,), person, now)[0], person, uow, now, message.reason)


def cancel_campaign(message: CancelCampaign, uow: Any, now: datetime) -> dict[str, Any]:
    """Give up the steps that have not begun: requests are taken back, approved time is cancelled.

    Raises like approve_campaign; InvalidInput when the base gives no reason, RuleBroken when it is too late.
    """
    campaign, person, members = opened(message, uow)
    coming = [each for each in members if is_to_come(each, now)]
    mine = open_to(coming, (Action.CANCEL, Action.WITHDRAW, Action.REJECT), person, now)
    if campaign.team not in person.teams and not message.reason.strip():
        refuse({"reason": ["required"]})
    return end(mine[0], person, uow, now, message.reason)


def open_to(
    members: Iterable[Reservation], actions: Iterable[Action], person: Person, now: datetime,
) -> list[tuple[Reservation, Action]]:
    """The members on which a person may take one of ``actions``, each with the first such.

    Raises WrongState when none is open to any, NotAllowed when the person may take none of them.
    """
    possible = [(each, action) for action in actions for each in members if is_possible(each, action, now)]
    if not possible:
        raise WrongState(action=str(next(iter(actions))))
    allowed = [(each, action) for each, action in possible if may_take(person, action, each)]
    if not allowed:
        raise NotAllowed
    return allowed


def end(
    cause: tuple[Reservation, Action], person: Person, uow: Any, now: datetime, reason: str,
) -> dict[str, Any]:
    """End the campaign with a step; the answer is that of the whole."""
    taking = partial(decided_in_campaign, person=person, uow=uow, now=now, reason=reason)
    _, answer = ended_with(*cause, taking, uow, now, person=person, reason=reason)
    return answer
