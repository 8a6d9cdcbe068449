"""The whole catalogue as data, and who changed what of it."""

from flask import Response
from marshmallow import fields as kinds

from services.contracts.commands import ImportCatalogue
from services.portal.api import filters, shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import answered, ask, listed, send
from services.portal.api.bodies import body_of
from services.portal.api.parts import Shape, instant, record, records, text, truth, whole
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("catalogue", __name__, description="The catalogue as data, and the history of its changes")

KINDS = ("facility", "site", "qualification", "quota", "holder", "interruption")
BODY = body_of(ImportCatalogue)


class Catalogue(Shape):
    sites = records()
    calendar = records()
    qualifications = records()
    facilities = records()


class Change(Shape):
    """fields = {name: [before, after]}."""

    section = text()
    code = text()
    new = truth()
    fields = record()


class Changes(Shape):
    changes = kinds.List(kinds.Nested(Change), required=True)


class Entry(Shape):
    """changed = {name: [before, after]}; nobody's actor is the system."""

    sequence = whole()
    actor = text()
    action = text()
    at = instant()
    changed = record()


class HistoryFilter(filters.Filter):
    kind = filters.choice(KINDS, required=True)
    code = filters.code(required=True)


@blueprint.route("/catalogue")
@reads
@blueprint.response(200, Catalogue)
def catalogue() -> Response:
    """Everything, in the form that an import reads; for base management"""
    return answered(ask("facilities", "catalogue"))


@blueprint.route("/catalogue", methods=["POST"])
@changes("manage")
@blueprint.arguments(BODY)
@blueprint.response(200, Changes)
@blueprint.alt_response(409, response="409")
def import_catalogue(body: dict) -> Response:
    """Create and change what is described, all or nothing"""
    return answered(send(ImportCatalogue, **body))


@blueprint.route("/catalogue/compare", methods=["POST"])
@changes("manage")
@blueprint.arguments(BODY)
@blueprint.response(200, Changes)
def compare_catalogue(body: dict) -> Response:
    """What an import would change; nothing is kept"""
    return answered(ask("facilities", "compare_catalogue", **body))


@blueprint.route("/history")
@reads
@blueprint.arguments(HistoryFilter, location="query")
@blueprint.response(200, shapes.page(Entry))
@blueprint.alt_response(404, response="404")
def history(wanted: dict) -> Response:
    """Who changed one thing of the catalogue, newest first"""
    return listed(ask("facilities", "changes", **wanted))
