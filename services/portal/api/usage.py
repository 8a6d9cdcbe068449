"""The use of what is reserved: check in, go on, check out, and what is broken."""

from flask import Response, url_for

from services.contracts.commands import (
    CheckInReservation,
    CheckOutReservation,
    CloseFault,
    ExtendReservation,
    MarkNoShow,
    ReportFault,
)
from services.portal.api import bodies, filters, shapes, usage_shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import answered, ask, created, listed, send
from services.portal.api.reading import ApiBlueprint
from services.portal.api.reservations import ONE

blueprint = ApiBlueprint("usage", __name__, description="Check in, go on, check out, report what is broken")


@blueprint.route(f"{ONE}/check-in", methods=["POST"])
@changes("reserve", "manage")
@blueprint.arguments(bodies.CHECK_IN, required=False)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def check_in_reservation(body: dict, reservation: str) -> Response:
    """The team has come

    Possible from the facility's check_in_minutes before the start, early only while the unit is free. Use is
    metered from here.
    """
    return answered(send(CheckInReservation, reservation=reservation, **body))


@blueprint.route(f"{ONE}/extend", methods=["POST"])
@changes("reserve", "manage")
@blueprint.arguments(bodies.EXTEND)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def extend_reservation(body: dict, reservation: str) -> Response:
    """A run that has begun goes on until a later end

    Refused with the latest end that would do, if there is one, as the alternative "shorter".
    """
    return answered(send(ExtendReservation, reservation=reservation, **body))


@blueprint.route(f"{ONE}/check-out", methods=["POST"])
@changes("reserve", "manage")
@blueprint.arguments(bodies.CHECK_OUT, required=False)
@blueprint.response(200, usage_shapes.Finished)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def check_out_reservation(body: dict, reservation: str) -> Response:
    """The team has gone

    What is left of the time is free at once. A fault is told to the facility's managers.
    """
    return answered(send(CheckOutReservation, reservation=reservation, **body))


@blueprint.route(f"{ONE}/no-show", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.STEP, required=False)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def mark_no_show(body: dict, reservation: str) -> Response:
    """Note that nobody came; what is left of the time is free"""
    return answered(send(MarkNoShow, reservation=reservation, **body))


@blueprint.route("/usage")
@reads
@blueprint.arguments(filters.UsageFilter, location="query")
@blueprint.response(200, shapes.page(usage_shapes.UsedReservation))
def usage(wanted: dict) -> Response:
    """Today's reservations that the caller may see, with who is in and who is late"""
    return listed(ask("booking", "day_of_use", **wanted))


@blueprint.route("/faults")
@reads
@blueprint.arguments(filters.FaultsFilter, location="query")
@blueprint.response(200, shapes.page(usage_shapes.Fault))
def faults(wanted: dict) -> Response:
    """What is reported as broken on the facilities that the caller manages"""
    return listed(ask("booking", "faults", **wanted))


@blueprint.route("/faults", methods=["POST"])
@changes("reserve", "manage")
@blueprint.arguments(bodies.FAULT)
@blueprint.response(201, usage_shapes.FaultStep, headers=shapes.CREATED)
def report_fault(body: dict) -> Response:
    """Report that something is broken"""
    return created(send(ReportFault, **body), url_for("usage.faults", facility=body["facility"]))


@blueprint.route("/faults/<identifier:fault>/close", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.FAULT_CLOSED, required=False)
@blueprint.response(200, usage_shapes.FaultStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def close_fault(body: dict, fault: str) -> Response:
    """Note that a fault has been dealt with"""
    return answered(send(CloseFault, fault=fault, **body))
