"""What comes back about campaigns."""

from marshmallow import fields

from services.contracts.schemas import AwareInstant
from services.portal.api.parts import Shape, instant, many, maybe, one_of, records, text, texts, truth, whole
from services.portal.api.shapes import STATES, Step

CAMPAIGN_STATES = ("waiting", "granted", "running", "finished", "ended")
WHYS = ("wished", "earlier", "later")


class StepStep(Step):
    """What a step is after an action on its campaign."""

    step = whole()


class CampaignStep(Shape):
    """What a campaign is after an action, with all its steps in order."""

    id = text()
    version = whole()
    state = one_of(CAMPAIGN_STATES)
    steps = many(StepStep)


class CampaignMember(Shape):
    """A step with the gap that it keeps. One on a facility that is none of the caller's has no id."""

    step = whole()
    minutes = whole()
    least_gap_minutes = whole()
    most_gap_minutes = maybe(fields.Integer)
    state = one_of(STATES)
    facility = text()
    unit = maybe()
    starts_at = instant()
    ends_at = instant()
    awaits = maybe()
    seen = truth()
    id = fields.String()
    version = fields.Integer()
    allowed_actions = texts()


class Waiting(Shape):
    """Who has to agree to a step, and until when."""

    step = whole()
    facility = text()
    awaits = maybe()
    decide_by = maybe(AwareInstant)


class Campaign(Shape):
    id = text()
    version = whole()
    state = one_of(CAMPAIGN_STATES)
    team = text()
    project = maybe()
    purpose = text()
    requester = text()
    waiting_for = many(Waiting)
    allowed_actions = texts()
    steps = many(CampaignMember)


class PlannedStep(Shape):
    """Where a step would be. No unit where the system chooses it."""

    step = whole()
    facility = text()
    unit = maybe()
    starts_at = instant()
    ends_at = instant()


class Plan(Shape):
    """A time for every step, which can be had now."""

    why = one_of(WHYS)
    starts_at = instant()
    ends_at = instant()
    steps = many(PlannedStep)


class Hindrance(Shape):
    """Why a step alone cannot be had: no free time of its length, or rules that it breaks."""

    step = whole()
    facility = text()
    taken = truth()
    violations = records()


class Plans(Shape):
    plans = many(Plan)


class PlansFound(Plans):
    """The best first; where there is none, what stands in the way of single steps, or else it is the gaps."""

    hindrances = many(Hindrance)
