"""What comes back about asks between teams: never anything of the other side but the time that it is about."""

from marshmallow import fields

from services.contracts.schemas import AwareInstant
from services.portal.api.parts import Shape, instant, maybe, one_of, text, texts, whole
from services.portal.api.shapes import Alternative, Step

KINDS = ("swap", "give_way")
STATES = ("asked", "accepted", "declined", "withdrawn", "lapsed")
SIDES = ("asking", "asked")


class Place(Shape):
    facility = text()
    unit = text()
    starts_at = instant()
    ends_at = instant()


class SwapStep(Shape):
    """What an ask is after a step; ``reservation`` is what became of the caller's own, where it was accepted."""

    id = text()
    version = whole()
    kind = one_of(KINDS)
    state = one_of(STATES)
    expires_at = instant()
    reservation = fields.Nested(Step, required=True, allow_none=True)


class Swap(Shape):
    """From the caller's ``side``: ``before`` and ``after`` are of its reservation, ``slot`` is what is asked for."""

    id = text()
    version = whole()
    kind = one_of(KINDS)
    state = one_of(STATES)
    side = one_of(SIDES)
    team = text()
    requester = maybe()
    reservation = maybe()
    note = text()
    reason = text()
    asked_at = instant()
    expires_at = instant()
    before = fields.Nested(Place, required=True, allow_none=True)
    after = fields.Nested(Place, required=True, allow_none=True)
    slot = fields.Nested(Place, required=True)
    wished_from = AwareInstant(required=True, allow_none=True)
    wished_until = AwareInstant(required=True, allow_none=True)
    allowed_actions = texts()


class SwapWithWays(Swap):
    """``alternatives`` are the nearest other places for the reservation of whoever is asked to give way."""

    alternatives = fields.List(fields.Nested(Alternative), required=True)
