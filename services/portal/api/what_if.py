"""Trying a change before it is published."""

from flask import Response

from services.portal.api import what_if_shapes
from services.portal.api.access import SCOPES, changes
from services.portal.api.answers import answered, ask
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("what_if", __name__, description="Trying a change before it is published")


@blueprint.route("/what-if", methods=["POST"])
@changes(*SCOPES)
@blueprint.arguments(what_if_shapes.WhatIfBody)
@blueprint.response(200, what_if_shapes.WhatIf)
def what_if(body: dict) -> Response:
    """Whom a closure, other hours or an extra shift would hit, and what it costs or gives; nothing is changed

    ``spans`` are taken away from a facility, one of its units, or a ``site``; ``opening_hours`` replace the week;
    ``more_hours`` are added on each date from ``more_from`` to ``more_to``. For those who may make the change.
    ``waiting`` are those of the wait list who would get time, in turn: each beside what those before were given.

    At most 100 spans of at most 366 days each, 366 exceptions, 92 dates of an extra shift, 12 pairs of hours a day.
    """
    if "spans" in body:
        spans = [{name: moment.isoformat() for name, moment in each.items()} for each in body["spans"]]
        body = body | {"spans": spans}
    return answered(ask("booking", "what_if", **body))
