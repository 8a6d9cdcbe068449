"""Samples of what people hear of campaigns."""

from services.contracts import events
from services.notify.domain import campaigns
from services.notify.domain.entries import with_entries
from services.notify.samples.scene import LAB, NOW, PEOPLE, SMT, TEAM, text

CAMPAIGN = "5d1f0a52-9f57-4f4a-9c8e-3f1f8f1f2a11"
FACILITIES = {"LAB-1": LAB, "LINE-2": SMT}
PLACES = (("LINE-2", "A", 5, 1, 5, 5), ("LAB-1", "A", 6, 1, 8, 1))


def member(number, state, touched=True):
    facility, unit, day, hour, until, end = PLACES[number - 1]
    return {
        "reservation": f"{number:08}-0000-4000-8000-000000000000", "version": 1, "step": number, "state": state,
        "facility": facility, "unit": unit, "starts_at": text(day, hour), "ends_at": text(until, end),
        "awaits": "manager" if state == "requested" else None, "touched": touched,
    }


def campaign(kind, states, whole, **more):
    usual = {
        "version": 1, "campaign": CAMPAIGN, "team": "team-01", "project": "P-7", "purpose": "贴装后 48 小时内老化",
        "requester": "member01", "actor": "member01", "state": whole,
        "members": [member(number, state) for number, state in enumerate(states, 1)],
    }
    return kind(**usual | more)


def told(event, people):
    found = campaigns.of_campaign(event, TEAM, FACILITIES, people, NOW)
    return with_entries(found, event, {"team-01": TEAM}, FACILITIES, {}, NOW)


def campaign_requested(people=PEOPLE):
    return told(campaign(events.CampaignRequested, ("approved", "requested"), "waiting"), people)


def campaign_approved(people=PEOPLE):
    event = campaign(
        events.CampaignDecided, ("approved", "approved"), "granted", actor="manager-labs", approved=True)
    return told(event, people)


def campaign_approved_automatically(people=PEOPLE):
    return told(campaign(events.CampaignRequested, ("approved", "approved"), "granted"), people)


def campaign_rejected(people=PEOPLE):
    event = campaign(
        events.CampaignDecided, ("cancelled", "rejected"), "ended", actor="manager-labs", approved=False,
        reason="老化箱本周检定")
    return told(event, people)


def campaign_moved(people=PEOPLE):
    return told(campaign(events.CampaignMoved, ("approved", "requested"), "waiting"), people)


def campaign_moved_by_base(people=PEOPLE):
    return told(campaign(events.CampaignMoved, ("approved", "approved"), "granted", actor="manager-labs"), people)


def campaign_cancelled(people=PEOPLE):
    event = campaign(events.CampaignCancelled, ("cancelled", "withdrawn"), "ended", reason="样品未到")
    return told(event, people)


def campaign_cancelled_by_base(people=PEOPLE):
    event = campaign(
        events.CampaignCancelled, ("cancelled", "withdrawn"), "ended", actor="manager-labs", reason="设备改造")
    return told(event, people)


def campaign_expired(people=PEOPLE):
    event = campaign(events.CampaignCancelled, ("cancelled", "expired"), "ended", actor="", because="expire")
    return told(event, people)


ALL = (
    campaign_requested, campaign_approved, campaign_approved_automatically, campaign_rejected, campaign_moved,
    campaign_moved_by_base, campaign_cancelled, campaign_cancelled_by_base, campaign_expired,
)
