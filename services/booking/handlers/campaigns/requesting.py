"""Asking for all steps of a campaign at once."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.booking.domain.campaign import MINUTE, Campaign, wrong_gaps
from services.booking.domain.judging import Verdict, Wanted
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person, known
from services.booking.domain.run import run_of
from services.booking.domain.spans import Span
from services.booking.domain.units import SlotHeld
from services.booking.domain.wish import Wish
from services.booking.handlers.campaigns.planning import at_step, clash, loaded, step_of, wrong_with
from services.booking.handlers.campaigns.recording import tell
from services.booking.handlers.judging import settled, taken_after_all
from services.booking.handlers.placing import check_times, refuse
from services.booking.handlers.quotas import warn_of_use
from services.booking.handlers.requesting import begun, new_member, wrong_party
from services.contracts.commands import RequestCampaign
from services.contracts.commands.campaigns import TimedStep
from services.contracts.events import CampaignRequested


def request_campaign(message: RequestCampaign, uow: Any, now: datetime) -> dict[str, Any]:
    """Hold every step, or refuse the campaign as a whole. Raises InvalidInput, StepsClash, NotAllowed."""
    steps = loaded(TimedStep, message.steps)
    refuse(wrong_gaps(steps))
    asking = [uow.copies.asking(message.actor, message.team, each.facility, each.operator) for each in steps]
    person = known(asking[0].person)
    errors = wrong_party(message, person, asking[0].team)
    for number, (step, who) in enumerate(zip(steps, asking, strict=True)):
        errors |= at_step(number, check_times(step.starts_at, step.ends_at) | wrong_with(step, who))
    refuse(errors)
    campaign = Campaign(
        id=str(uuid.uuid4()), version=1, team=message.team, project=message.project, purpose=message.purpose,
        requester=message.actor, steps=tuple(step_of(each, minutes_of(each)) for each in steps),
    )
    verdicts = settled(wanted(campaign, steps, asking), uow, now)
    if not all(each.is_fine for each in verdicts):
        raise clash(verdicts, campaign.steps, uow, now)
    uow.campaigns.add(campaign)
    members, answers = begin(campaign, verdicts, person, uow, now)
    return tell(uow, CampaignRequested, campaign, members, answers, message.actor)


def minutes_of(step: TimedStep) -> int:
    return int((step.ends_at - step.starts_at) // MINUTE)


def wanted(campaign: Campaign, steps: Sequence[TimedStep], asking: Sequence[Any]) -> list[Wanted]:
    """What is wished for each step, beside its neighbours."""
    spans = {number: Span(each.starts_at, each.ends_at) for number, each in enumerate(steps, 1)}
    return [
        Wanted(step=number, facility=who.facility, wish=Wish(
            span=spans[number], unit=step.unit, run=run_of(step), party=who.party(campaign.project),
            chain=campaign.chain(number, spans), at_once=True,
        )) for number, (step, who) in enumerate(zip(steps, asking, strict=True), 1)
    ]


def begin(
    campaign: Campaign, verdicts: Sequence[Verdict], person: Person, uow: Any, now: datetime,
) -> tuple[list[Reservation], dict[str, dict[str, Any]]]:
    """Keep the members; the constraint has the last word. Raises StepsClash."""
    members, answers = [], {}
    for verdict in verdicts:
        facility, wish = verdict.wanted.facility, verdict.wanted.wish
        member = new_member(campaign, verdict, person, campaign=campaign.id, campaign_step=verdict.wanted.step)
        try:
            answers[member.id] = begun(member, verdict.room, facility, uow, now, person.person, of_campaign=True)
        except SlotHeld as held:
            lost = [taken_after_all(each) if each is verdict else each for each in verdicts]
            raise clash(lost, campaign.steps, uow, now) from held
        members.append(member)
        warn_of_use(wish, facility, uow)
    return members, answers
