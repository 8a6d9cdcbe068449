"""What comes back about the use of what is reserved."""

from marshmallow import fields

from services.contracts.schemas import AwareInstant
from services.portal.api.parts import Shape, instant, maybe, one_of, text, texts, truth, whole
from services.portal.api.shapes import Reservation, Step


class Finished(Step):
    used_minutes = whole()


class UsedReservation(Reservation):
    """``late``: the team should be here by now; ``overdue``: it should have gone."""

    late = truth()
    overdue = truth()
    allowed_actions = texts()


class FaultStep(Shape):
    fault = text()
    state = one_of(("open", "closed"))
    facility = text()
    unit = maybe()
    version = whole()


class Fault(FaultStep):
    reporter = text()
    reported_at = instant()
    reservation = maybe()
    closed_at = maybe(AwareInstant)
    note = fields.String()
    text = fields.String(required=True)
