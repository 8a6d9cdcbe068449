"""Waiting for time that is taken: join a facility's list, look at it, leave it, and answer what it offers."""

from flask import Response, url_for

from services.contracts.commands import AcceptOffer, DeclineOffer, JoinWaitList, LeaveWaitList, ReservationCommand
from services.portal.api import filters, shapes, waiting_shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import answered, ask, created, listed, send
from services.portal.api.bodies import body_of
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("waitlist", __name__, description="Wait for time that is taken, and answer offers")

ONE = "/waitlist/<identifier:wait_entry>"
RESERVATION = "/reservations/<identifier:reservation>"
JOIN = body_of(JoinWaitList)
LEAVE = body_of(LeaveWaitList, without=("wait_entry",))
ANSWER = body_of(ReservationCommand, name="AnswerOffer", without=("reservation",))


class WaitListFilter(filters.Filter):
    facility = filters.code()
    team = filters.code()
    mine = filters.QueryTruth(load_default=False)
    state = filters.choice(("open", "all"), load_default="open")


@blueprint.route("/waitlist", methods=["POST"])
@changes("reserve")
@blueprint.arguments(JOIN)
@blueprint.response(201, waiting_shapes.WaitStep, headers=shapes.CREATED)
def join_wait_list(body: dict) -> Response:
    """Wait for time on a facility

    So many minutes anywhere between starts_at and ends_at, or without minutes exactly this time. As soon as
    something comes free, a reservation in state ``offered`` holds it for the first on the list whom it fits.
    What is free already is offered at once. An offer whose time an outage, a closure or other opening hours take
    away ends, and the entry waits on in its place. What waiting could not mend is refused like a request.
    """
    step = send(JoinWaitList, **body)
    return created(step, url_for("waitlist.wait_entry", wait_entry=step["id"]))


@blueprint.route("/waitlist")
@reads
@blueprint.arguments(WaitListFilter, location="query")
@blueprint.response(200, shapes.page(waiting_shapes.WaitEntry))
def wait_list(wanted: dict) -> Response:
    """The entries of own teams, and of facilities on which the caller decides, by facility in their order"""
    return listed(ask("booking", "wait_list", **wanted))


@blueprint.route(ONE)
@reads
@blueprint.response(200, waiting_shapes.WaitEntry)
@blueprint.alt_response(404, response="404")
def wait_entry(wait_entry: str) -> Response:
    """One entry with its place in the order, and what is held for it"""
    return answered(ask("booking", "wait_entry", wait_entry=wait_entry))


@blueprint.route(f"{ONE}/leave", methods=["POST"])
@changes("reserve")
@blueprint.arguments(LEAVE, required=False)
@blueprint.response(200, waiting_shapes.WaitStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def leave_wait_list(body: dict, wait_entry: str) -> Response:
    """Wait no longer; what is held already is declined instead"""
    return answered(send(LeaveWaitList, wait_entry=wait_entry, **body))


@blueprint.route(f"{RESERVATION}/accept", methods=["POST"])
@changes("reserve")
@blueprint.arguments(ANSWER, required=False)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def accept_offer(body: dict, reservation: str) -> Response:
    """Take the time that is held for the team; from then on it is a request like every other"""
    return answered(send(AcceptOffer, reservation=reservation, **body))


@blueprint.route(f"{RESERVATION}/decline", methods=["POST"])
@changes("reserve")
@blueprint.arguments(ANSWER, required=False)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def decline_offer(body: dict, reservation: str) -> Response:
    """Let the time go to the next team that waits, and leave the list"""
    return answered(send(DeclineOffer, reservation=reservation, **body))
