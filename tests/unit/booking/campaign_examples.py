"""Campaigns on the small base: a station of PLAT-05, then LAB-3, then ageing in LAB-1."""

from services.booking import handlers
from services.contracts import commands
from services.contracts.events import CampaignEvent
from tests.unit.booking.examples import command, on

HANDLERS = {
    commands.ApproveCampaign: handlers.approve_campaign, commands.RejectCampaign: handlers.reject_campaign,
    commands.CancelCampaign: handlers.cancel_campaign, commands.MoveCampaign: handlers.move_campaign,
}


def step(facility, span, **fields):
    times = {name: moment.isoformat() for name, moment in span._asdict().items()}
    return {"facility": facility, **times, **fields}


def steps(day=1, **last):
    """Nine to eleven, twelve to fourteen, and from sixteen on for a day; the last within 48 hours."""
    return [
        step("PLAT-05", on(day, 9, 11)),
        step("LAB-3", on(day, 12, 14), least_gap_minutes=60),
        step("LAB-1", on(day, 16, 40), **{"most_gap_minutes": 48 * 60, **last}),
    ]


def campaign(actor="ann", asked=None, **fields) -> commands.RequestCampaign:
    team = "blue" if actor in ("cyd", "mia") else "red"
    wanted = {"team": team, "purpose": "silver film", "steps": steps() if asked is None else asked}
    return command(commands.RequestCampaign, actor, **wanted | fields)


def campaign_facts(base):
    return [fact for fact in base.events if isinstance(fact, CampaignEvent)]


def violations(refusal):
    return {each["step"]: {broken["rule"] for broken in each["violations"]} for each in refusal.value.facts["steps"]}


def approve_all(act, asked):
    act(commands.ApproveCampaign, "mia", asked)
