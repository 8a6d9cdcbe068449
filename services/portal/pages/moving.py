"""Moving a reservation to another time, facility or unit, with old and new times side by side."""

from typing import Any

from flask import Response, request
from flask_babel import gettext

from services.contracts.commands import MoveReservation
from services.contracts.errors import Refusal
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.draft import Draft, typed
from services.portal.pages.numbers import whole
from services.portal.pages.requesting import accepted, checked, found_facility, read, refused, show
from services.portal.pages.saying import said


def draft_of(reservation: dict[str, Any]) -> Draft:
    """The form of a reservation as it stands."""
    draft = Draft(
        facility=reservation["facility"],
        unit=reservation["unit"],
        team=reservation["team"],
        project=reservation.get("project") or "",
        purpose=reservation["purpose"],
        request_key=backend.new_key(),
        reservation=reservation["id"],
        version=str(reservation["version"]),
    )
    return draft.with_span(local_time.instant(reservation["starts_at"]), local_time.instant(reservation["ends_at"]))


def answers_for(facility: str) -> dict[str, str] | None:
    """The answers to another facility's questions, where the form asked for them."""
    typed = said(request.form)
    return typed.given(found_facility(facility))["answers"] if typed.answers else None


@blueprint.get("/reservations/<reservation>/move")
def move_form(reservation: str) -> Response:
    draft = draft_of(backend.ask("booking", "reservation", reservation=reservation))
    return show(draft, check=checked(draft))


@blueprint.post("/reservations/<reservation>/move")
def move(reservation: str) -> Response:
    draft = typed({**request.form, "reservation": reservation})
    try:
        version = whole(draft.version)
        answer = backend.send(
            MoveReservation,
            reservation=reservation,
            version=version,
            starts_at=read("start", draft.starts_at),
            ends_at=read("end", draft.ends_at),
            facility=draft.facility,
            unit=draft.unit or None,
            answers=answers_for(draft.facility),
            exception=said(request.form).exception,
            request_key=draft.request_key,
        )
    except Refusal as refusal:
        return refused(draft, refusal)
    message = gettext("Moved.") if answer.get("state") == "approved" else gettext("Moved; it waits for approval again.")
    return accepted(draft, reservation, message)
