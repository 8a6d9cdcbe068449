"""Who the caller is, and the teams they may see."""

from flask import Response, g

from services.contracts.commands import ChooseNotifications, SetLeave
from services.portal.api import approval_shapes, bodies, shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import answered, ask, listed, send
from services.portal.api.reading import ApiBlueprint
from services.portal.identities import identities

blueprint = ApiBlueprint("people", __name__, description="The caller and the teams they may see")

OWN = ("person", "name", "email", "language", "roles", "manages", "teams")
NOW_AND_THEN = ("leave", "stands_in_for")


@blueprint.route("/me")
@reads
@blueprint.response(200, shapes.Me)
def me() -> Response:
    """Who the caller is"""
    own = {name: g.identity[name] for name in OWN}
    return answered(own | {name: g.identity[name] for name in NOW_AND_THEN if name in g.identity})


@blueprint.route("/me/leave", methods=["PUT"])
@changes("reserve", "manage")
@blueprint.arguments(bodies.LEAVE)
@blueprint.response(200, approval_shapes.Leave)
def set_leave(body: dict) -> Response:
    """Name who decides for the caller while they are on leave; without a delegate leave ends"""
    answer = send(SetLeave, **body)
    identities().forget(g.identity["person"])
    return answered(answer)


@blueprint.route("/me/delegates")
@reads
@blueprint.response(200, shapes.page(approval_shapes.Delegate))
def delegates() -> Response:
    """Who may decide for the caller while they are on leave"""
    return listed(ask("accounts", "delegates"))


@blueprint.route("/me/notifications")
@reads
@blueprint.response(200, shapes.Notifications)
@blueprint.alt_response(404, response="404")
def notifications() -> Response:
    """What the caller is told of, on which channel, and when"""
    return answered(ask("notify", "notifications"))


@blueprint.route("/me/notifications", methods=["PUT"])
@changes("reserve", "manage")
@blueprint.arguments(bodies.NOTIFICATIONS)
@blueprint.response(200, shapes.Notifications)
def choose_notifications(body: dict) -> Response:
    """Choose anew; what is left out is as for somebody who has chosen nothing"""
    return answered(send(ChooseNotifications, **body))


@blueprint.route("/teams")
@reads
@blueprint.response(200, shapes.page(shapes.Team))
def teams() -> Response:
    """The teams that the caller may see"""
    return listed(ask("accounts", "teams"))


@blueprint.route("/teams/<code:team>")
@reads
@blueprint.response(200, shapes.TeamWithAll)
@blueprint.alt_response(404, response="404")
def team(team: str) -> Response:
    """One team with its members and projects"""
    return answered(ask("accounts", "team", team=team))
