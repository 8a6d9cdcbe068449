"""What booking tells of campaigns: one fact per action, however many steps it touches."""

from dataclasses import dataclass
from typing import Any, ClassVar

from services.contracts.events.event import Event


@dataclass(frozen=True, kw_only=True)
class CampaignEvent(Event):
    """members = [{reservation, version, step, state, facility, unit, starts_at, ends_at, awaits, touched}] in order.

    All of them, also those that the action has not ``touched``.
    ``state`` is that of the whole: waiting, granted, running, finished or ended.
    """

    source: ClassVar[str] = "booking"
    aggregate_type: ClassVar[str] = "campaign"

    campaign: str
    team: str
    project: str | None
    purpose: str
    requester: str
    actor: str
    state: str
    members: list[dict[str, Any]]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CampaignRequested(CampaignEvent):
    """A team asked for time for all steps."""


@dataclass(frozen=True, kw_only=True)
class CampaignDecided(CampaignEvent):
    """Somebody agreed to the steps that waited for them, or refused one, which ended the campaign."""

    approved: bool


@dataclass(frozen=True, kw_only=True)
class CampaignMoved(CampaignEvent):
    """The steps to come have other times or places."""


@dataclass(frozen=True, kw_only=True)
class CampaignCancelled(CampaignEvent):
    """What was to come of it has been given up. ``because`` is the last word on it: withdraw, cancel or expire."""

    because: str = "cancel"
