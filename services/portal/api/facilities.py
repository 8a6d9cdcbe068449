"""What the base has: lines, labs and platforms, and how each may be used."""

from typing import Any

from flask import Response, url_for

from services.contracts.commands import SaveFacility
from services.portal.api import bodies, calendar_shapes, filters, shapes
from services.portal.api.access import SCOPES, changes, reads
from services.portal.api.answers import answered, ask, created, listed, send
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("facilities", __name__, description="Lines, labs and platforms with their rules of use")

CHANGEABLE = tuple(bodies.FACILITY_CHANGE.fields)


@blueprint.route("/facilities")
@reads
@blueprint.arguments(filters.FacilitiesFilter, location="query")
@blueprint.response(200, shapes.page(shapes.Facility))
def facilities(wanted: dict) -> Response:
    """All facilities, or those of one kind"""
    return listed(ask("facilities", "facilities", **wanted))


@blueprint.route("/facilities/<code:facility>")
@reads
@blueprint.response(200, shapes.FacilityCard)
@blueprint.alt_response(404, response="404")
def facility(facility: str) -> Response:
    """One facility with its managers"""
    return answered(ask("facilities", "facility", facility=facility))


@blueprint.route("/facilities", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.FACILITY)
@blueprint.response(201, shapes.Saved, headers=shapes.CREATED)
@blueprint.alt_response(409, response="409")
def create_facility(body: dict) -> Response:
    """Add a facility"""
    return created(send(SaveFacility, **body), url_for("facilities.facility", facility=body["facility"]))


@blueprint.route("/facilities/<code:facility>", methods=["PATCH"])
@changes("manage")
@blueprint.arguments(bodies.FACILITY_CHANGE)
@blueprint.response(200, shapes.Saved)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def change_facility(body: dict, facility: str) -> Response:
    """Change a facility; what is left out stays as it is"""
    present: dict[str, Any] = ask("facilities", "facility", facility=facility)
    kept = {name: present[name] for name in CHANGEABLE if name in present}
    return answered(send(SaveFacility, facility=facility, **kept | body))


@blueprint.route("/facilities/<code:facility>/hours/preview", methods=["POST"])
@changes(*SCOPES)
@blueprint.arguments(bodies.FACILITY_HOURS)
@blueprint.response(200, calendar_shapes.HoursPreview)
def preview_hours(body: dict, facility: str) -> Response:
    """Which reservations other opening hours would hit; nothing is changed"""
    return answered(ask("booking", "would_hit", facility=facility, **body))
