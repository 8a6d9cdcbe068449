"""What comes back about rivals, draws and reasons; a part of shapes.py."""

from marshmallow import fields

from services.contracts.schemas import AwareInstant
from services.portal.api.parts import (
    Shape,
    in_languages,
    instant,
    many,
    maybe,
    one_of,
    record,
    text,
    texts,
    truth,
    whole,
)

HOW = ("manager", "draw")


class Part(Shape):
    """A part of a rival's sum: its points, of how many at most, and the figures behind them."""

    part = one_of(("priority", "fair_share", "deadline", "waiting", "regret"))
    points = fields.Float(required=True)
    of = whole()
    facts = record()


class Rival(Shape):
    """One who competes, by rank; in a draw without rank and sum, but with a weight and a number."""

    id = text()
    version = whole()
    state = text()
    unit = maybe()
    starts_at = instant()
    ends_at = instant()
    team = text()
    team_name = maybe()
    project = maybe()
    project_name = maybe()
    purpose = text()
    requester = text()
    requester_name = maybe()
    needed_by = maybe()
    since = instant()
    rank = maybe(fields.Integer)
    gets_room = maybe(fields.Boolean)
    total = maybe(fields.Float)
    parts = many(Part)
    weight = maybe(fields.Float)
    entry = maybe(fields.Integer)
    allowed_actions = texts()


class Group(Shape):
    """Those whose chances depend on each other; ``contended`` when not all of them can have what they ask for."""

    facility = text()
    facility_names = in_languages()
    allocation = one_of(HOW)
    decided_at = instant()
    starts_at = instant()
    ends_at = instant()
    rivals = whole()
    contended = truth()
    own_team = truth()
    fingerprints = texts()
    items = many(Rival)


class Contention(Shape):
    items = many(Group)


class Competing(Shape):
    """Where a request stands among its rivals: how many they are, and the own sum or number in the draw."""

    decided_at = instant()
    by = one_of(HOW)
    rivals = whole()
    needed_by = maybe()
    total = maybe(fields.Float)
    parts = many(Part)
    draw = fields.Dict(required=True, allow_none=True)


class DecisionKept(Shape):
    """A step, and what it rested on."""

    version = whole()
    action = text()
    at = instant()
    reason = text()
    actor_name = maybe()
    basis = record()


class Explanation(Shape):
    reservation = text()
    state = text()
    competing = fields.Nested(Competing, required=True, allow_none=True)
    decisions = many(DecisionKept)


class DrawEntry(Shape):
    entry = whole()
    weight = maybe(fields.Float)
    key = maybe(fields.Float)
    won = maybe(fields.Boolean)


class Draw(Shape):
    """``fingerprint`` is the SHA-256 of ``seed``, which is told when nobody who takes part competes any more."""

    draw = text()
    facility = text()
    fingerprint = text()
    made_at = AwareInstant(required=True)
    open = truth()
    seed = maybe()
    entries = many(DrawEntry)
