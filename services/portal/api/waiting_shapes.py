"""What comes back about wait lists."""

from marshmallow import fields

from services.contracts.schemas import AwareInstant
from services.portal.api.parts import Shape, instant, maybe, one_of, record, text, texts, truth, whole

STATES = ("waiting", "offered", "served", "left", "lapsed")


class WaitStep(Shape):
    """What an entry is after an action; ``reservation`` is the last one that was offered."""

    id = text()
    version = whole()
    state = one_of(STATES)
    facility = text()
    unit = maybe()
    team = text()
    minutes = whole()
    starts_at = instant()
    ends_at = instant()
    reservation = maybe()


class Offer(Shape):
    """The reservation that is or was held; to be accepted or declined until ``decide_by`` while it is offered."""

    id = text()
    version = whole()
    state = text()
    unit = text()
    starts_at = instant()
    ends_at = instant()
    decide_by = maybe(AwareInstant)


class WaitEntry(WaitStep):
    """``position`` counts those who might be given time of the same window first, of all ``waiting`` on the list."""

    project = maybe()
    purpose = text()
    requester = text()
    run = record()
    joined_at = instant()
    missed = whole()
    position = maybe(fields.Integer)
    waiting = whole()
    offer = fields.Nested(Offer, required=True, allow_none=True)
    mine = truth()
    allowed_actions = texts()
