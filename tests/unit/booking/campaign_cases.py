"""What any store of campaigns must do: run against the one in memory and the one in PostgreSQL."""

import uuid
from dataclasses import replace

from services.booking.domain.campaign import Campaign, Step
from services.booking.domain.run import Run
from services.booking.domain.states import State
from tests.unit.booking.examples import DAY, NOW, on
from tests.unit.booking.repository_cases import a_line, a_request, whole


def a_campaign(**changes):
    steps = (
        Step(facility="LAB-1", minutes=120, unit="A", run=Run(people=3, answers={"m": "none"})),
        Step(facility="LAB-3", minutes=60, least_gap_minutes=30, most_gap_minutes=2880),
    )
    return Campaign(**{
        "id": str(uuid.uuid4()), "version": 1, "team": "red", "project": None, "purpose": "silver film",
        "requester": "ann", "steps": steps, **changes,
    })


class CampaignCases:
    """``run(step)`` gives ``step(uow)`` one transaction on the base of examples.py."""

    def kept(self, run, **changes):
        campaign = a_campaign()
        run(lambda uow: uow.campaigns.add(campaign))
        first = a_request(span=on(1, 10, 12), campaign=campaign.id, campaign_step=1, **changes)
        second = a_request("A", on(1, 13, 14), "LAB-3", campaign=campaign.id, campaign_step=2, **changes)
        for each in (second, first):
            run(lambda uow, each=each: uow.reservations.add(each, whole(each.span), a_line()))
        return campaign, [first, second]

    def test_a_campaign_comes_back_as_it_was_kept(self, run):
        campaign, members = self.kept(run)
        found, person = run(lambda uow: uow.campaigns.locked(campaign.id, "cyd"))
        assert (found, person.person) == (campaign, "cyd")
        assert run(lambda uow: uow.campaigns.one(campaign.id)) == campaign
        assert run(lambda uow: uow.campaigns.members(campaign.id)) == members
        assert run(lambda uow: uow.campaigns.members_locked(campaign.id)) == members
        changed = replace(campaign, version=2)
        run(lambda uow: uow.campaigns.change(changed))
        assert run(lambda uow: uow.campaigns.one(campaign.id)) == changed
        assert run(lambda uow: uow.campaigns.locked(str(uuid.uuid4()), "cyd")) == (None, None)
        assert run(lambda uow: uow.campaigns.locked(campaign.id, "nobody"))[1] is None

    def test_what_is_due_in_a_campaign_is_due_as_a_whole(self, run):
        campaign, _ = self.kept(run)
        self.kept(run, state=State.CANCELLED, decide_by=None)
        single = a_request("B")
        run(lambda uow: uow.reservations.add(single, whole(single.span), a_line()))
        assert run(lambda uow: uow.campaigns.due(NOW, 9)) == []
        assert run(lambda uow: uow.campaigns.due(NOW + DAY, 9)) == [campaign]
        assert run(lambda uow: uow.reservations.due(NOW + DAY, 9)) == [single]
