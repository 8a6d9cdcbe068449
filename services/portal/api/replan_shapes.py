"""What comes back about re-plans."""

from marshmallow import fields

from services.contracts.schemas import AwareInstant
from services.portal.api.parts import Shape, instant, many, maybe, one_of, record, text, texts, truth, whole
from services.portal.api.shapes import Alternative

STATES = ("computing", "proposed", "accepted", "discarded", "superseded", "empty")


class ReplanPlace(Shape):
    facility = text()
    unit = text()
    starts_at = instant()
    ends_at = instant()


class ReplanGoals(Shape):
    """What a plan costs, the weightiest first."""

    cancelled = whole()
    moved = whole()
    teams = whole()
    shift_minutes = whole()
    unit_changes = whole()


class Replan(Shape):
    """``cause`` says what the plan is for; ``progress`` what the search is at: {stage, of, elapsed_ms, best}."""

    id = text()
    version = whole()
    state = one_of(STATES)
    cause = record()
    progress = fields.Dict(allow_none=True)
    method = maybe()
    optimal = truth()
    goals = fields.Nested(ReplanGoals, required=True, allow_none=True)
    facilities = texts()
    created_at = instant()
    hits = whole()
    decided_by = maybe()
    allowed_actions = texts()


class ReplanItem(Shape):
    """What becomes of one reservation; without ``after`` it is cancelled. ``reason`` is the word for its new place.

    The other steps of a campaign of which one is cancelled end with it, and are among the items, too.
    """

    reservation = text()
    version = whole()
    team = text()
    purpose = text()
    priority = text()
    state = text()
    before = fields.Nested(ReplanPlace, required=True)
    after = fields.Nested(ReplanPlace, required=True, allow_none=True)
    reason = text()
    obstacles = texts()
    shift_minutes = whole()
    pinned = truth()
    excluded = truth()
    answer = maybe()
    answer_by = maybe(AwareInstant)


class ReplanWithItems(Replan):
    """``hidden`` are so many items about facilities and teams that the caller does not see."""

    items = many(ReplanItem)
    hidden = whole()
    excluded_facilities = texts()


class ReplanStep(Shape):
    """What a re-plan is after a change."""

    id = text()
    state = one_of(STATES)
    version = whole()


class Replanned(Shape):
    """An own reservation that a re-plan moved, and what may be taken instead until ``answer_by``."""

    reservation = text()
    version = whole()
    cause = record()
    before = fields.Nested(ReplanPlace, required=True)
    after = fields.Nested(ReplanPlace, required=True)
    reason = text()
    answer_by = AwareInstant(required=True)
    alternatives = many(Alternative)
