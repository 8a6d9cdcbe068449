"""Time for which several ask: who competes, giving the time to one of them, why it was decided so, and draws."""

from flask import Response

from services.contracts.commands import AllocateReservation
from services.portal.api import contention_shapes, shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import answered, ask, send
from services.portal.api.bodies import body_of
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("contention", __name__, description="Rivals for the same time, draws, and reasons")

ALLOCATE = body_of(AllocateReservation, without=("reservation",))
ONE = "/reservations/<identifier:reservation>"


@blueprint.route("/contention")
@reads
@blueprint.response(200, contention_shapes.Contention)
def contention() -> Response:
    """The requests that compete on facilities where the caller decides, ranked, each with its sum

    The first to be decided comes first. Who decides nowhere finds none.
    """
    return answered(ask("booking", "contention"))


@blueprint.route(f"{ONE}/allocate", methods=["POST"])
@changes("manage")
@blueprint.arguments(ALLOCATE)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def allocate_reservation(body: dict, reservation: str) -> Response:
    """Give the time to this one of its rivals

    Those for whom no room is left are passed over in the same step, with other times and a place on the wait list.
    A reason is required where one of them ranks before.
    """
    return answered(send(AllocateReservation, reservation=reservation, **body))


@blueprint.route(f"{ONE}/explanation")
@reads
@blueprint.response(200, contention_shapes.Explanation)
@blueprint.alt_response(404, response="404")
def explanation(reservation: str) -> Response:
    """Why it was decided so: each step with what it rested on; rivals are numbers"""
    return answered(ask("booking", "explanation", reservation=reservation))


@blueprint.route("/draws/<identifier:draw>")
@reads
@blueprint.response(200, contention_shapes.Draw)
@blueprint.alt_response(404, response="404")
def draw(draw: str) -> Response:
    """A draw, to be checked by everybody

    key = number ** (1 / weight), where number = (first 13 hexadecimal digits of SHA-256("seed:entry") + 1)
    / (16 ** 13 + 1). The highest key comes first.
    """
    return answered(ask("booking", "draw", draw=draw))
