"""Opening a campaign for a command, and telling what an action made of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain.campaign import Campaign, state_of
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person, known, sees
from services.booking.domain.states import State
from services.booking.handlers.recording import answer_of
from services.contracts.commands import CampaignCommand
from services.contracts.errors import NotFound, StaleVersion
from services.contracts.events import CampaignEvent, CampaignRequested


def opened(message: CampaignCommand, uow: Any) -> tuple[Campaign, Person, list[Reservation]]:
    """The campaign of a command and its members in order, all locked, and who asks.

    Raises NotFound (not there, or not to be seen), NotAllowed, StaleVersion.
    """
    campaign, person = uow.campaigns.locked(message.campaign, message.actor)
    members = uow.campaigns.members_locked(message.campaign) if campaign else []
    if campaign is None or not is_seen(known(person), campaign, members):
        raise NotFound
    if message.version not in (None, campaign.version):
        raise StaleVersion(version=campaign.version)
    return campaign, person, members


def is_seen(person: Person, campaign: Campaign, members: Iterable[Reservation]) -> bool:
    """A campaign is there for its team and for whoever decides on one of its facilities."""
    return any(sees(person, campaign.team, each.facility) for each in members)


def is_to_come(member: Reservation, now: datetime) -> bool:
    """Whether a step can still be given up or moved with the others: a request, or approved and not begun."""
    return member.state is State.REQUESTED or (member.state is State.APPROVED and member.span.starts_at > now)


def tell(
    uow: Any, kind: type[CampaignEvent], campaign: Campaign, members: Sequence[Reservation],
    touched: Mapping[str, dict[str, Any]], actor: str, reason: str = "", **more: Any,
) -> dict[str, Any]:
    """Keep the next version, where there was one before, and record the one fact of an action; returns the answer.

    ``touched`` are the answers of the members that the action changed, by their ids.
    """
    if kind is not CampaignRequested:
        campaign = replace(campaign, version=campaign.version + 1)
        uow.campaigns.change(campaign)
    answer = answer_as_it_is(campaign, members, touched)
    uow.record(kind(
        version=campaign.version, campaign=campaign.id, team=campaign.team, project=campaign.project,
        purpose=campaign.purpose, requester=campaign.requester, actor=actor, reason=reason, state=answer["state"],
        members=[told(each) | {"touched": each["id"] in touched} for each in answer["steps"]], **more,
    ))
    return answer


def answer_as_it_is(
    campaign: Campaign, members: Iterable[Reservation], touched: Mapping[str, dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """``steps`` are all members in order, those that the action changed as it left them."""
    answers = touched or {}
    steps = [{"step": each.campaign_step, **(answers.get(each.id) or answer_of(each))} for each in members]
    state = state_of(each["state"] for each in steps)
    return {"id": campaign.id, "version": campaign.version, "state": state, "steps": steps}


def told(step: dict[str, Any]) -> dict[str, Any]:
    names = ("step", "version", "state", "facility", "unit", "awaits")
    return {
        "reservation": step["id"], **{name: step[name] for name in names},
        "starts_at": step["starts_at"].isoformat(), "ends_at": step["ends_at"].isoformat(),
    }
