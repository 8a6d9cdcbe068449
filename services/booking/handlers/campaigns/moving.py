"""Moving a campaign as one: its steps that have not begun, by the same time or to another plan."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from services.booking.domain.campaign import Campaign
from services.booking.domain.judging import Wanted
from services.booking.domain.reservation import Reservation, is_possible, may_take
from services.booking.domain.rights import Person
from services.booking.domain.spans import Span
from services.booking.domain.states import Action
from services.booking.handlers.campaigns.planning import at_step, clash, loaded
from services.booking.handlers.campaigns.recording import answer_as_it_is, opened, tell
from services.booking.handlers.judging import carried_out, settled
from services.booking.handlers.moving import leaving, wish_of
from services.booking.handlers.placing import check_place, refuse
from services.contracts.commands import MoveCampaign
from services.contracts.commands.campaigns import MovedStep
from services.contracts.errors import NotAllowed, StepsClash, WrongState
from services.contracts.events import CampaignMoved


class Target(NamedTuple):
    """Where a step is to be."""

    facility: str
    unit: str | None
    span: Span


def move_campaign(message: MoveCampaign, uow: Any, now: datetime) -> dict[str, Any]:
    """All or nothing; each step keeps its length, and what is not named stays where it is.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput, StepsClash.
    """
    campaign, person, members = opened(message, uow)
    targets = targets_of(message, movable(members, now))
    asked = wanted_moves(campaign, members, targets, person, uow, now)
    if not asked:
        return answer_as_it_is(campaign, members)
    if not all(may_take(person, Action.MOVE, each) for each in members if each.campaign_step in targets):
        raise NotAllowed
    moving = [each.reservation for each in asked]
    verdicts = settled(asked, uow, now, locking={each.facility for each in members}, moving=moving)
    if not all(each.is_fine for each in verdicts):
        raise clash(verdicts, campaign.steps, uow, now, moving)

    def lost(verdict: Any) -> StepsClash:
        return clash([verdict], campaign.steps, uow, now, moving)

    moved = carried_out(verdicts, members, person, uow, now, lost, of_campaign=True)
    return tell(uow, CampaignMoved, campaign, members, {each["id"]: each for each in moved}, person.person)


def movable(members: Sequence[Reservation], now: datetime) -> dict[int, Reservation]:
    """The members that have not begun, by their steps. Raises WrongState when there is none."""
    found = {
        each.campaign_step: each for each in members
        if is_possible(each, Action.MOVE, now) and each.span.starts_at > now
    }
    if not found:
        raise WrongState(action=str(Action.MOVE))
    return found


def targets_of(message: MoveCampaign, coming: dict[int, Reservation]) -> dict[int, Target]:
    """Where the steps go that are to move. Raises InvalidInput."""
    if (message.shift_minutes is None) == (not message.steps):
        refuse({"steps": ["required"]} if message.shift_minutes is None else {"shift_minutes": ["not_with_steps"]})
    if message.shift_minutes is not None:
        by = timedelta(minutes=message.shift_minutes)
        return {
            number: Target(each.facility, None, each.span.widened(-by, by)) for number, each in coming.items()
        }
    steps = loaded(MovedStep, message.steps)
    numbers = [each.step for each in steps]
    refuse({
        f"steps.{index}.step": ["not_to_come" if number not in coming else "duplicate"]
        for index, number in enumerate(numbers) if number not in coming or number in numbers[:index]
    })
    return {
        each.step: Target(each.facility or coming[each.step].facility, each.unit, Span(
            each.starts_at, each.starts_at + coming[each.step].span.length)) for each in steps
    }


def wanted_moves(
    campaign: Campaign, members: Sequence[Reservation], targets: dict[int, Target], person: Person, uow: Any,
    now: datetime,
) -> list[Wanted]:
    """What is wished for each step that goes elsewhere, beside its neighbours as they will be. Raises InvalidInput."""
    spans = {each.campaign_step: each.span for each in members} | {step: each.span for step, each in targets.items()}
    found, errors = [], {}
    for member in (each for each in members if each.campaign_step in targets):
        target, step = targets[member.campaign_step], member.campaign_step
        if (target.facility, target.unit or member.unit, target.span) == (member.facility, member.unit, member.span):
            continue
        operator = member.run.operator or member.requester
        asking = uow.copies.asking(person.person, member.team, target.facility, operator)
        errors |= at_step(list(targets).index(step), check_place(target.unit, asking.facility))
        if asking.facility is None:
            continue
        wish = wish_of(member, asking.facility, target.span, target.unit, asking.party(member.project))
        wish = replace(
            wish, left=leaving(member, asking.facility, person, uow, now), chain=campaign.chain(step, spans))
        found.append(Wanted(step=step, wish=wish, facility=asking.facility, reservation=member.id))
    refuse(errors)
    return found
