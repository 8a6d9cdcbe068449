"""Asking the holder of a time, who is not named, to swap it or to give way."""

from flask import Response, url_for

from services.contracts.commands import AcceptAsk, AskHolder, DeclineAsk, WithdrawAsk
from services.portal.api import filters, shapes, swap_shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import answered, ask, created, listed, send
from services.portal.api.bodies import body_of
from services.portal.api.parts import page
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("swaps", __name__, description="Asking the unnamed holder of a time to swap or give way")

ONE = "/swaps/<identifier:ask>"
ASK = body_of(AskHolder)
ACCEPT = body_of(AcceptAsk, without=("ask",))
DECLINE = body_of(DeclineAsk, without=("ask",))
WITHDRAW = body_of(WithdrawAsk, without=("ask",))


@blueprint.route("/swaps", methods=["POST"])
@changes("reserve")
@blueprint.arguments(ASK)
@blueprint.response(201, swap_shapes.SwapStep, headers=shapes.CREATED)
@blueprint.alt_response(404, response="404")
def ask_holder(body: dict) -> Response:
    """Ask whoever has the time that begins at ``starts_at`` on a unit, as the board shows it

    ``swap`` offers an own ``reservation`` for it: each takes the other's place and keeps its own length.
    ``give_way`` asks for ``wished_from`` to ``wished_until`` on that unit, as a request would. Refused at once
    where it would not be possible; of the other side no more is told than that. A team has at most three open, and
    asks for the same time at most three times within a day.
    """
    step = send(AskHolder, **body)
    return created(step, url_for("swaps.ask", ask=step["id"]))


@blueprint.route("/swaps")
@reads
@blueprint.arguments(filters.SwapsFilter, location="query")
@blueprint.response(200, page(swap_shapes.Swap))
def asks(query: dict) -> Response:
    """What the caller's teams ask and are asked, open ones first; at most 100"""
    return listed(ask_booking("asks", **query))


@blueprint.route(ONE, endpoint="ask")
@reads
@blueprint.response(200, swap_shapes.SwapWithWays)
@blueprint.alt_response(404, response="404")
def swap(ask: str) -> Response:
    """One, from the caller's side"""
    return answered(ask_booking("ask", ask=ask))


@blueprint.route(f"{ONE}/accept", methods=["POST"])
@changes("reserve")
@blueprint.arguments(ACCEPT, required=False)
@blueprint.response(200, swap_shapes.SwapStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def accept_ask(body: dict, ask: str) -> Response:
    """Agree: both sides change in one step, or neither

    Who gives way names another place, such as one of the ``alternatives``, or a part of one; with nothing named the
    reservation is cancelled.
    """
    return answered(send(AcceptAsk, ask=ask, **body))


@blueprint.route(f"{ONE}/decline", methods=["POST"])
@changes("reserve")
@blueprint.arguments(DECLINE, required=False)
@blueprint.response(200, swap_shapes.SwapStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def decline_ask(body: dict, ask: str) -> Response:
    """Say no; a reason is passed on without a name"""
    return answered(send(DeclineAsk, ask=ask, **body))


@blueprint.route(f"{ONE}/withdraw", methods=["POST"])
@changes("reserve")
@blueprint.arguments(WITHDRAW, required=False)
@blueprint.response(200, swap_shapes.SwapStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def withdraw_ask(body: dict, ask: str) -> Response:
    """Take it back"""
    return answered(send(WithdrawAsk, ask=ask, **body))


def ask_booking(query: str, /, **arguments: object) -> dict:
    return ask("booking", query, **arguments)
