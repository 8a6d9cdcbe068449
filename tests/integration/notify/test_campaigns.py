"""A campaign is told once for each action, and its steps are reminded of like any reservation."""

from dataclasses import replace

from services.contracts import events
from services.notify.samples import campaigns as examples
from tests.integration.notify.conftest import facility_changed
from tests.unit.notify import situations


def test_a_campaign_is_told_once_for_each_action_and_not_for_each_step(notify):
    notify.hear(facility_changed(facility="LINE-2"))
    event = situations.approved_automatically().event
    for number in (1, 2):
        reservation = f"{number:08}-0000-4000-8000-000000000000"
        notify.hear(replace(event, reservation=reservation, campaign=examples.CAMPAIGN, of_campaign=True))
    asked = examples.campaign(events.CampaignRequested, ("approved", "requested"), "waiting")
    assert notify.hear(asked) == "handled"
    decided = examples.campaign(
        events.CampaignDecided, ("approved", "approved"), "granted", version=2, actor="manager-labs", approved=True)
    assert notify.hear(decided) == "handled"
    found = notify.rows("SELECT step, recipient, reservation FROM deliveries WHERE channel = 'email' ORDER BY 1, 2")
    assert found == [
        ("campaign_approved", "lead01", None), ("campaign_approved", "member01", None),
        ("campaign_requested", "manager-labs", None),
    ]
    kinds = notify.rows("SELECT DISTINCT kind FROM reminders WHERE subject = %s", reservation)
    assert {row.kind for row in kinds} == {"starts_soon", "check_in_open", "ends_soon"}
