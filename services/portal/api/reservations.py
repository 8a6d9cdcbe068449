"""Who has what when: ask for time, look at it, decide about it, move it, give it up."""

from flask import Response, url_for

from services.contracts.commands import (
    AddAttachment,
    ApproveReservation,
    CancelReservation,
    DescribeReservation,
    MoveReservation,
    RejectReservation,
    RemoveAttachment,
    RequestReservation,
    WithdrawReservation,
)
from services.portal import files
from services.portal.api import bodies, filters, shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import answered, ask, created, listed, send
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("reservations", __name__, description="Ask for time, decide, move, give up")

ONE = "/reservations/<identifier:reservation>"
FILE = f"{ONE}/attachments/<identifier:attachment>"


@blueprint.route("/reservations", methods=["POST"])
@changes("reserve")
@blueprint.arguments(bodies.REQUEST)
@blueprint.response(201, shapes.Step, headers=shapes.CREATED)
@blueprint.alt_response(409, response="409")
def request_reservation(body: dict) -> Response:
    """Ask for time on a facility

    Without a unit the system chooses one. Taken time comes back as 409 with alternatives,
    broken rules of use as 422 with all of them.
    """
    step = send(RequestReservation, **body)
    return created(step, url_for("reservations.reservation", reservation=step["id"]))


@blueprint.route("/reservations")
@reads
@blueprint.arguments(filters.ReservationsFilter, location="query")
@blueprint.response(200, shapes.page(shapes.Reservation))
def reservations(wanted: dict) -> Response:
    """The reservations that the caller may see in full"""
    return listed(ask("booking", "reservations", **wanted))


@blueprint.route(ONE)
@reads
@blueprint.response(200, shapes.ReservationWithHistory)
@blueprint.alt_response(404, response="404")
def reservation(reservation: str) -> Response:
    """One reservation with its history"""
    return answered(ask("booking", "reservation", reservation=reservation))


@blueprint.route(ONE, methods=["PATCH"])
@changes("reserve", "manage")
@blueprint.arguments(bodies.MOVE)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def move_reservation(body: dict, reservation: str) -> Response:
    """Move to another time, facility or unit; what is left out stays as it is"""
    return answered(send(MoveReservation, reservation=reservation, **body))


@blueprint.route(f"{ONE}/describe", methods=["POST"])
@changes("reserve")
@blueprint.arguments(bodies.DESCRIBE)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def describe_reservation(body: dict, reservation: str) -> Response:
    """Change answers, people, operator or purpose while it waits

    Who has agreed already is asked anew.
    """
    return answered(send(DescribeReservation, reservation=reservation, **body))


@blueprint.route(f"{ONE}/attachments", methods=["POST"])
@changes("reserve")
@blueprint.arguments(bodies.ATTACH)
@blueprint.response(201, shapes.Attached, headers=shapes.CREATED)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def add_attachment(body: dict, reservation: str) -> Response:
    """Attach a file, its content in base64

    PDF, PNG, JPEG, XLSX, DOCX, CSV or TXT, up to 700 kB, five for a reservation.
    """
    step = send(AddAttachment, reservation=reservation, **body)
    address = url_for("reservations.attachment", reservation=reservation, attachment=step["attachment"])
    return created(step, address)


@blueprint.route(FILE)
@reads
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=files.ANY)
@blueprint.alt_response(404, response="404")
def attachment(reservation: str, attachment: str) -> Response:
    """The content of an attached file"""
    return files.download(ask("booking", "attachment", reservation=reservation, attachment=attachment))


@blueprint.route(FILE, methods=["DELETE"])
@changes("reserve")
@blueprint.arguments(bodies.DETACH, required=False)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def remove_attachment(body: dict, reservation: str, attachment: str) -> Response:
    """Take a file away while the request waits"""
    return answered(send(RemoveAttachment, reservation=reservation, attachment=attachment, **body))


@blueprint.route(f"{ONE}/approve", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.STEP, required=False)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def approve_reservation(body: dict, reservation: str) -> Response:
    """Agree to a request: it goes on to the next stage, or is granted"""
    return answered(send(ApproveReservation, reservation=reservation, **body))


@blueprint.route(f"{ONE}/reject", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.REJECT)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def reject_reservation(body: dict, reservation: str) -> Response:
    """Refuse a request and say why"""
    return answered(send(RejectReservation, reservation=reservation, **body))


@blueprint.route(f"{ONE}/withdraw", methods=["POST"])
@changes("reserve")
@blueprint.arguments(bodies.STEP, required=False)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def withdraw_reservation(body: dict, reservation: str) -> Response:
    """Take back a request that is not decided yet"""
    return answered(send(WithdrawReservation, reservation=reservation, **body))


@blueprint.route(f"{ONE}/cancel", methods=["POST"])
@changes("reserve", "manage")
@blueprint.arguments(bodies.CANCEL, required=False)
@blueprint.response(200, shapes.Step)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def cancel_reservation(body: dict, reservation: str) -> Response:
    """Give up approved time"""
    return answered(send(CancelReservation, reservation=reservation, **body))
