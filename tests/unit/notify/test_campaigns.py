"""Who hears of a campaign: each person once for each action, and nobody of what changes nothing for them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.contracts import events
from services.notify.domain import campaigns
from services.notify.domain.audience import Part, concerns_anybody
from services.notify.samples.campaigns import FACILITIES, campaign, member
from services.notify.samples.scene import MANAGER, NOW, PEOPLE, TEAM
from tests.unit.notify import situations as given

LONG = {"starts_at": (NOW - timedelta(days=1)).isoformat(), "ends_at": (NOW + timedelta(days=1)).isoformat()}


def told(event, people=PEOPLE, now=NOW):
    """(step, {(person, part)})."""
    found = campaigns.of_campaign(event, TEAM, FACILITIES, people, now)
    return [(notice.step.name, {(each.person.person, each.part) for each in told}) for notice, told in found]


DECIDERS = {("manager-labs", Part.MANAGER), ("manager-en", Part.MANAGER)}
OWN = {("member01", Part.TEAM), ("lead01", Part.TEAM)}


@pytest.mark.parametrize(("event", "step", "people"), [
    (campaign(events.CampaignRequested, ("approved", "requested"), "waiting"), "campaign_requested", DECIDERS),
    (campaign(events.CampaignRequested, ("approved", "approved"), "granted"), "campaign_approved", OWN),
    (campaign(events.CampaignDecided, ("approved", "approved"), "granted", actor="manager-labs", approved=True),
     "campaign_approved", OWN),
    (campaign(events.CampaignDecided, ("cancelled", "rejected"), "ended", actor="manager-labs", approved=False),
     "campaign_rejected", OWN),
    (campaign(events.CampaignMoved, ("approved", "requested"), "waiting"), "campaign_moved", OWN | DECIDERS),
    (campaign(events.CampaignMoved, ("approved", "approved"), "granted", actor="base"), "campaign_moved_by_base", OWN),
    (campaign(events.CampaignCancelled, ("cancelled", "withdrawn"), "ended"), "campaign_cancelled", OWN),
    (campaign(events.CampaignCancelled, ("cancelled", "expired"), "ended", actor="", because="expire"),
     "campaign_cancelled_by_base", OWN),
])  # fmt: skip
def test_one_message_for_each_action(event, step, people):
    assert told(event) == [(step, people)]


def test_who_agreed_to_one_part_is_not_asked_again_about_another():
    """The line's manager has agreed; the lab's was asked at first and hears nothing more until it moves."""
    members = [member(1, "approved"), member(2, "requested", touched=False)]
    event = campaign(
        events.CampaignDecided, (), "waiting", members=members, actor="manager-lines", approved=True)
    assert told(event) == [("campaign_requested", set())]


def test_the_next_stage_is_asked_once_the_one_before_has_agreed():
    members = [member(1, "approved", touched=False), member(2, "requested") | {"awaits": "base"}]
    event = campaign(events.CampaignDecided, (), "waiting", members=members, actor="manager-labs", approved=True)
    assert told(event) == [("campaign_requested", {("base", Part.MANAGER)})]
    members[1]["awaits"] = "lead"
    assert told(campaign(events.CampaignRequested, (), "waiting", members=members)) == [
        ("campaign_requested", {("lead01", Part.LEAD)})]


def test_a_delegate_decides_for_who_is_on_leave():
    away = {"delegate": "manager-en", "starts_at": LONG["starts_at"], "ends_at": LONG["ends_at"]}
    people = PEOPLE | {MANAGER.person: replace(MANAGER, away=away)}
    event = campaign(events.CampaignRequested, ("approved", "requested"), "waiting")
    assert told(event, people) == [("campaign_requested", {("manager-en", Part.MANAGER)})]


def test_nobody_is_told_of_what_is_over():
    event = campaign(events.CampaignCancelled, ("cancelled", "withdrawn"), "ended")
    assert told(event, now=datetime(2026, 4, 1, tzinfo=UTC)) == []


def test_a_step_that_was_taken_for_a_campaign_is_not_told_singly():
    assert not concerns_anybody(replace(given.approved().event, campaign="c-1", of_campaign=True), given.NOW)
    assert concerns_anybody(replace(given.approved().event, campaign="c-1"), given.NOW)
