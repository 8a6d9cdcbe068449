"""What the bodies of the changes of campaigns may hold."""

import marshmallow as ma

from services.contracts.commands import (
    CampaignCommand,
    CancelCampaign,
    Command,
    MoveCampaign,
    RejectCampaign,
    RequestCampaign,
)
from services.contracts.commands.campaigns import MovedStep, SoughtStep, TimedStep
from services.contracts.schemas import AwareInstant, schema_of
from services.portal.api.bodies import Body, body_of


def steps_of(kind: type) -> ma.fields.List:
    return ma.fields.List(ma.fields.Nested(schema_of(kind)))


def with_steps(command: type[Command], kind: type, *, without: tuple[str, ...] = ()) -> ma.Schema:
    """The body of a command whose steps are of a kind."""
    body = body_of(command, without=("steps", *without))
    return type(command.__name__, (Body,), {**body.fields, "steps": steps_of(kind)})()


REQUEST = with_steps(RequestCampaign, TimedStep)
MOVE = with_steps(MoveCampaign, MovedStep, without=("campaign",))
STEP = body_of(CampaignCommand, name="DecideCampaign", without=("campaign",))
REJECT = body_of(RejectCampaign, without=("campaign",))
CANCEL = body_of(CancelCampaign, without=("campaign",))


class FindCampaign(Body):
    """Where and how long each step runs, and between when and when all of them; the first starts near ``wished``."""

    steps = steps_of(SoughtStep)
    starts_at = AwareInstant(required=True)
    ends_at = AwareInstant(required=True)
    wished = AwareInstant(allow_none=True)
    team = ma.fields.String(allow_none=True)
    project = ma.fields.String(allow_none=True)
    limit = ma.fields.Integer(allow_none=True, strict=True, validate=ma.validate.Range(1, 5))


class FindCampaignMove(Body):
    """When the first step to come should start."""

    wished = AwareInstant(allow_none=True)
    limit = ma.fields.Integer(allow_none=True, strict=True, validate=ma.validate.Range(1, 5))


FIND, FIND_MOVE = FindCampaign(), FindCampaignMove()
