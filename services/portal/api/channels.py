"""Where messages reach the caller.

An account is bound on the page alone: whoever is bound may sign in from inside WeChat, which no
token may bring about.
"""

from flask import Response

from services.contracts.commands import ConfirmAddress, DropBinding
from services.portal.api import message_shapes as shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import answered, ask, send
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("channels", __name__, description="Where messages reach the caller")


@blueprint.route("/me/channels")
@reads
@blueprint.response(200, shapes.Channels)
def channels() -> Response:
    """The accounts bound to the caller, and whether mails come back"""
    return answered(ask("notify", "bindings"))


@blueprint.route("/me/channels/<code:channel>", methods=["DELETE"])
@changes("reserve", "manage")
@blueprint.response(204)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(422, response="422")
def drop_binding(channel: str) -> Response:
    """Untie the caller's account on wechat or wecom"""
    send(DropBinding, channel=channel)
    return Response(status=204)


@blueprint.route("/me/channels/email/confirm", methods=["POST"])
@changes("reserve", "manage")
@blueprint.response(200, shapes.AddressConfirmed)
@blueprint.alt_response(404, response="404")
def confirm_address() -> Response:
    """Say that mails to the caller's address arrive again"""
    return answered(send(ConfirmAddress))
