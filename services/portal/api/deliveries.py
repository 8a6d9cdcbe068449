"""Who was told what, when, on which channel, and what can be done about it."""

from flask import Response

from services.contracts.commands import ResendDelivery
from services.portal.api import filters, message_shapes, shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import answered, ask, listed, send
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("deliveries", __name__, description="Messages to people")


@blueprint.route("/deliveries")
@reads
@blueprint.arguments(filters.DeliveriesFilter, location="query")
@blueprint.response(200, shapes.page(message_shapes.Delivery))
@blueprint.alt_response(404, response="404")
def deliveries(wanted: dict) -> Response:
    """The messages about a reservation

    Who manages or audits sees every try, and what groups and programs are told.
    """
    return listed(ask("notify", "deliveries", **wanted))


@blueprint.route("/deliveries/undelivered")
@reads
@blueprint.arguments(filters.UndeliveredFilter, location="query")
@blueprint.response(200, shapes.page(message_shapes.Undelivered))
def undelivered(wanted: dict) -> Response:
    """The messages that nobody got, of those that the caller manages"""
    return listed(ask("notify", "undelivered", **wanted))


@blueprint.route("/deliveries/<identifier:delivery>/resend", methods=["POST"])
@changes("manage")
@blueprint.response(200, message_shapes.Resent)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def resend_delivery(delivery: str) -> Response:
    """Send a message that nobody got once more"""
    return answered(send(ResendDelivery, delivery=delivery))
