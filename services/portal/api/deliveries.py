"""Who was told what, when, on which channel."""

from flask import Response

from services.portal.api import filters, shapes
from services.portal.api.access import reads
from services.portal.api.answers import ask, listed
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("deliveries", __name__, description="Messages to people about a reservation")


@blueprint.route("/deliveries")
@reads
@blueprint.arguments(filters.DeliveriesFilter, location="query")
@blueprint.response(200, shapes.page(shapes.Delivery))
@blueprint.alt_response(404, response="404")
def deliveries(wanted: dict) -> Response:
    """The messages about a reservation"""
    return listed(ask("notify", "deliveries", **wanted))
