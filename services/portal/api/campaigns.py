"""Ordered steps over several facilities, all or nothing: find plans, ask, look, move, decide and give up as one."""

from flask import Response, url_for

from services.contracts.commands import (
    ApproveCampaign,
    CancelCampaign,
    MoveCampaign,
    RejectCampaign,
    RequestCampaign,
)
from services.portal.api import campaign_bodies as bodies
from services.portal.api import campaign_shapes, shapes
from services.portal.api.access import SCOPES, changes, reads
from services.portal.api.answers import answered, ask, created, send
from services.portal.api.reading import ApiBlueprint
from services.portal.errors import broken

blueprint = ApiBlueprint("campaigns", __name__, description="Ordered steps over several facilities, all or nothing")

ONE = "/campaigns/<identifier:campaign>"


@blueprint.route("/campaigns", methods=["POST"])
@changes("reserve")
@blueprint.arguments(bodies.REQUEST)
@blueprint.response(201, campaign_shapes.CampaignStep, headers=shapes.CREATED)
@blueprint.alt_response(409, response="409")
def request_campaign(body: dict) -> Response:
    """Ask for all steps at once, each at its time

    All or nothing: where one cannot be had, 409 tells what stands in the way of each and the nearest whole plans.
    """
    step = send(RequestCampaign, **body)
    return created(step, url_for("campaigns.campaign", campaign=step["id"]))


@blueprint.route("/campaigns/find", methods=["POST"])
@changes(*SCOPES)
@blueprint.arguments(bodies.FIND)
@blueprint.response(200, campaign_shapes.PlansFound)
def find_campaign(body: dict) -> Response:
    """Whole plans for steps within a time; nothing is changed

    Each plan keeps the order, the gaps and every rule of use, and can be had as it stands.
    """
    found = ask("booking", "find_campaign", **body)
    told = [each | {"violations": broken(each["violations"])} for each in found["hindrances"]]
    return answered(found | {"hindrances": told})


@blueprint.route(ONE)
@reads
@blueprint.response(200, campaign_shapes.Campaign)
@blueprint.alt_response(404, response="404")
def campaign(campaign: str) -> Response:
    """One campaign with its steps, whom it waits for, and what the caller may do with it"""
    return answered(ask("booking", "campaign", campaign=campaign))


@blueprint.route(ONE, methods=["PATCH"])
@changes("reserve", "manage")
@blueprint.arguments(bodies.MOVE)
@blueprint.response(200, campaign_shapes.CampaignStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def move_campaign(body: dict, campaign: str) -> Response:
    """Move the steps that have not begun: by the same time, or each to where ``steps`` say

    All or nothing, as when asking.
    """
    return answered(send(MoveCampaign, campaign=campaign, **body))


@blueprint.route(f"{ONE}/find", methods=["POST"])
@changes(*SCOPES)
@blueprint.arguments(bodies.FIND_MOVE, required=False)
@blueprint.response(200, campaign_shapes.Plans)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def find_campaign_move(body: dict, campaign: str) -> Response:
    """Other plans for the steps that have not begun; nothing is changed"""
    return answered(ask("booking", "find_campaign_move", campaign=campaign, **body))


@blueprint.route(f"{ONE}/approve", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.STEP, required=False)
@blueprint.response(200, campaign_shapes.CampaignStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def approve_campaign(body: dict, campaign: str) -> Response:
    """Agree to every step that waits for the caller

    It is granted when the last one has agreed; the steps stay held until then.
    """
    return answered(send(ApproveCampaign, campaign=campaign, **body))


@blueprint.route(f"{ONE}/reject", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.REJECT)
@blueprint.response(200, campaign_shapes.CampaignStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def reject_campaign(body: dict, campaign: str) -> Response:
    """Refuse a step that waits for the caller, and say why: the whole campaign ends"""
    return answered(send(RejectCampaign, campaign=campaign, **body))


@blueprint.route(f"{ONE}/cancel", methods=["POST"])
@changes("reserve", "manage")
@blueprint.arguments(bodies.CANCEL, required=False)
@blueprint.response(200, campaign_shapes.CampaignStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def cancel_campaign(body: dict, campaign: str) -> Response:
    """Give up the steps that have not begun"""
    return answered(send(CancelCampaign, campaign=campaign, **body))
