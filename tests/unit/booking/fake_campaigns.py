"""Campaigns without a database."""

from services.booking.domain.states import State


class FakeCampaigns:
    """``persons`` finds a person by name, as storage joins them."""

    def __init__(self, base, persons):
        self.base, self.persons = base, persons

    def add(self, campaign):
        assert campaign.id not in self.base.campaigns
        self.base.campaigns[campaign.id] = campaign

    def change(self, campaign):
        self.base.campaigns[campaign.id] = campaign

    def locked(self, campaign, actor):
        found = self.base.campaigns.get(campaign)
        return (found, self.persons.person(actor)) if found else (None, None)

    def one(self, campaign):
        return self.base.campaigns[campaign]

    def members(self, campaign):
        found = [each for each in self.base.reservations.values() if each.campaign == campaign]
        return sorted(found, key=lambda each: each.campaign_step)

    members_locked = members

    def due(self, now, limit):
        due = {
            each.campaign for each in self.base.reservations.values()
            if each.campaign and each.state is State.REQUESTED and each.decide_by <= now
        }
        return [self.base.campaigns[each] for each in sorted(due)][:limit]
