"""The doors of booking that are about campaigns; a part of its service."""

from datetime import UTC, datetime

from services.booking import handlers, queries
from services.contracts.commands import (
    ApproveCampaign,
    CancelCampaign,
    MoveCampaign,
    RejectCampaign,
    RequestCampaign,
)
from services.contracts.messaging.rpc import command, query


class CampaignDoors:
    """Mixed into the service, which has the ``store``."""

    @command(RequestCampaign)
    def request_campaign(self, message):
        return self.store.execute(handlers.request_campaign, message)

    @command(MoveCampaign)
    def move_campaign(self, message):
        return self.store.execute(handlers.move_campaign, message)

    @command(ApproveCampaign)
    def approve_campaign(self, message):
        return self.store.execute(handlers.approve_campaign, message)

    @command(RejectCampaign)
    def reject_campaign(self, message):
        return self.store.execute(handlers.reject_campaign, message)

    @command(CancelCampaign)
    def cancel_campaign(self, message):
        return self.store.execute(handlers.cancel_campaign, message)

    @query
    def campaign(self, actor, campaign):
        return self.store.read(queries.campaign, now=datetime.now(UTC), actor=actor, campaign=campaign)

    @query
    def find_campaign(self, actor, **sought):
        return self.store.read(queries.find_campaign, now=datetime.now(UTC), actor=actor, **sought)

    @query
    def find_campaign_move(self, actor, **sought):
        return self.store.read(queries.find_campaign_move, now=datetime.now(UTC), actor=actor, **sought)
