"""Taking over what another system has granted."""

import marshmallow as ma
from flask import Response
from marshmallow import fields as kinds

from services.contracts.commands import ImportedReservation, ImportReservations
from services.contracts.schemas import schema_of
from services.portal.api import shapes
from services.portal.api.access import changes
from services.portal.api.answers import answered, ask, send
from services.portal.api.bodies import Body
from services.portal.api.parts import Shape, instant, many, one_of, text, truth, whole
from services.portal.api.reading import ApiBlueprint
from services.portal.errors import rows_told

blueprint = ApiBlueprint("importing", __name__, description="Take over what another system has granted")

BODY = type("ImportReservations", (Body,), {
    "reservations": ma.fields.List(ma.fields.Nested(schema_of(ImportedReservation)), required=True),
})()


class WouldBeGranted(Shape):
    """The reservation that a row would become."""

    state = one_of(shapes.STATES)
    facility = text()
    unit = text()
    starts_at = instant()
    ends_at = instant()


class Row(Shape):
    """What becomes of a row, counted from 0 on: the reservation, or all that is wrong with it."""

    row = whole()
    ok = truth()
    reservation = kinds.Nested(WouldBeGranted, allow_none=True)
    errors = kinds.Dict(keys=kinds.String(), values=kinds.List(kinds.String()))
    violations = many(shapes.Violation)
    taken = truth()
    alternatives = many(shapes.Alternative)


class Rows(Shape):
    items = many(Row)


class Imported(Shape):
    items = many(shapes.Step)


@blueprint.route("/reservations/import", methods=["POST"])
@changes("manage")
@blueprint.arguments(BODY)
@blueprint.response(200, Imported)
@blueprint.alt_response(409, response="409")
def import_reservations(body: dict) -> Response:
    """Grant all of them, or none; for base management

    Each row is judged like a request of the person whom it names, after those before it. 409 tells all
    that is wrong with each that cannot be had.
    """
    return answered(send(ImportReservations, **body))


@blueprint.route("/reservations/import/check", methods=["POST"])
@changes("manage")
@blueprint.arguments(BODY)
@blueprint.response(200, Rows)
def check_import(body: dict) -> Response:
    """What an import would come to, row by row; nothing is kept"""
    return answered({"items": rows_told(ask("booking", "check_import", **body)["items"])})
