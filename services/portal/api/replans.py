"""Plans for reservations that cannot stay where they are: look, change, accept as a whole; and the teams' answers."""

from flask import Response, url_for

from services.contracts.commands import AcceptReplan, ConfirmReplanned, DiscardReplan, ReviseReplan, StartReplan
from services.portal.api import bodies, filters, replan_shapes, shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import answered, ask, created, listed, send
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("replans", __name__, description="Plans for reservations that were hit")

ONE = "/replans/<identifier:replan>"


@blueprint.route("/replans")
@reads
@blueprint.arguments(filters.ReplansFilter, location="query")
@blueprint.response(200, shapes.page(replan_shapes.Replan))
def replans(wanted: dict) -> Response:
    """The re-plans that the caller may see, those that wait for a decision first"""
    return listed(ask("booking", "replans", **wanted))


@blueprint.route("/replans", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.START_REPLAN)
@blueprint.response(201, replan_shapes.ReplanStep, headers=shapes.CREATED)
@blueprint.alt_response(404, response="404")
def start_replan(body: dict) -> Response:
    """Have a plan made for those whom an interruption hits, or for a priority case

    After outages, maintenance, closures and changed hours a plan is made by itself. A plan is there at once; a better
    one is looked for meanwhile (state ``computing``).
    """
    step = send(StartReplan, **body)
    return created(step, url_for("replans.replan", replan=step["id"]))


@blueprint.route(ONE)
@reads
@blueprint.response(200, replan_shapes.ReplanWithItems)
@blueprint.alt_response(404, response="404")
def replan(replan: str) -> Response:
    """One plan: what it costs, and what becomes of each reservation and why"""
    return answered(ask("booking", "replan", replan=replan))


@blueprint.route(ONE, methods=["PATCH"])
@changes("manage")
@blueprint.arguments(bodies.REVISE_REPLAN)
@blueprint.response(200, replan_shapes.ReplanStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def revise_replan(body: dict, replan: str) -> Response:
    """Compute it again with some places kept, some reservations left out and some facilities barred

    Each list replaces the one before.
    """
    return answered(send(ReviseReplan, replan=replan, **body))


@blueprint.route(f"{ONE}/accept", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.REPLAN_STEP)
@blueprint.response(200, replan_shapes.ReplanStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def accept_replan(body: dict, replan: str) -> Response:
    """Carry the plan out as a whole

    Has something changed since it was made, nothing is done: the plan is repaired and answered with 409
    ``plan_repaired``, its new ``version`` and the reservations ``changed``. Read it again, then accept that version.
    Nobody accepts a priority case for a team of their own.
    """
    return answered(send(AcceptReplan, replan=replan, **body))


@blueprint.route(f"{ONE}/discard", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.REPLAN_STEP)
@blueprint.response(200, replan_shapes.ReplanStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def discard_replan(body: dict, replan: str) -> Response:
    """Leave all reservations as they are"""
    return answered(send(DiscardReplan, replan=replan, **body))


@blueprint.route("/replanned")
@reads
@blueprint.response(200, shapes.page(replan_shapes.Replanned))
def replanned() -> Response:
    """Own reservations that a re-plan moved and about which the team may still say something

    Agree with ``/reservations/{id}/confirm``; choose another time by moving it, decline by cancelling it: neither
    needs notice until ``answer_by``. Silence agrees.
    """
    return listed(ask("booking", "replanned"))


@blueprint.route("/reservations/<identifier:reservation>/confirm", methods=["POST"])
@changes("reserve")
@blueprint.arguments(bodies.CONFIRM, required=False)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def confirm_replanned(body: dict, reservation: str) -> Response:
    """Agree to the time and place to which the base moved a reservation"""
    return answered(send(ConfirmReplanned, reservation=reservation, **body))
