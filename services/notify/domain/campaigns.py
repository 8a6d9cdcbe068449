"""Who hears of a campaign: one message per action, to the team, and to whoever has to decide about a step now.

| action              | team: requester and leads | who decides about the steps that wait since |
| ------------------- | ------------------------- | ------------------------------------------- |
| requested           | when it is granted at once | yes                                        |
| agreed to           | when it is granted         | the next stage                             |
| rejected, cancelled | yes                        |                                            |
| moved               | yes                        | yes                                        |
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.contracts import events
from services.notify.domain.audience import Part, asked_to_decide
from services.notify.domain.copies import Facility, Person, Team
from services.notify.domain.notices import Notice, Told, to
from services.notify.domain.steps import STEPS, Category, Step, weighed


def of_campaign(
    event: events.CampaignEvent, team: Team, facilities: Mapping[str, Facility], people: Mapping[str, Person],
    now: datetime,
) -> list[Told]:
    ends_at = max(datetime.fromisoformat(each["ends_at"]) for each in event.members)
    if ends_at <= now:
        return []
    notice = Notice.of(
        event, step_of(event, event.actor in team.members), f"campaign-{event.campaign}",
        details={"event": event, "waiting": waiting(event), "facilities": facilities},
        team=team,
        people=people,
        expires_at=ends_at,
    )
    told = of_the_team(event, team, people, notice.step)
    already = {each.person.person for each in told} | {event.actor}
    for part, names in deciders(event, team, people, now).items():
        new = [name for name in names if name not in already]
        told += to(people, new, part, Category.REQUESTS)
        already |= set(new)
    return [(notice, told)]


def waiting(event: events.CampaignEvent) -> list[dict[str, Any]]:
    return [each for each in event.members if each["state"] == "requested"]


def step_of(event: events.CampaignEvent, of_the_team: bool) -> Step:
    """A campaign that nobody has to decide about was granted by being asked for."""
    if isinstance(event, events.CampaignMoved):
        return weighed("campaign_moved", of_the_team)
    if isinstance(event, events.CampaignCancelled):
        return weighed("campaign_cancelled", of_the_team)
    if isinstance(event, events.CampaignDecided) and not event.approved:
        return STEPS["campaign_rejected"]
    return STEPS["campaign_requested" if event.state == "waiting" else "campaign_approved"]


def of_the_team(
    event: events.CampaignEvent, team: Team, people: Mapping[str, Person], step: Step,
) -> list[Any]:
    """The requester and the leads; the one whose click it was reads it as the confirmation."""
    if step.name == "campaign_requested":
        return []
    return to(people, (event.requester, *team.leads), Part.TEAM, step.category)


def deciders(
    event: events.CampaignEvent, team: Team, people: Mapping[str, Person], now: datetime,
) -> dict[Part, Iterable[str]]:
    """Whom the steps await that the action touched."""
    found: dict[Part, list[str]] = {Part.MANAGER: [], Part.LEAD: []}
    for each in waiting(event):
        if each["touched"]:
            for name, part in asked_to_decide(each["awaits"], each["facility"], event.requester, team, people, now):
                found[part].append(name)
    return found
