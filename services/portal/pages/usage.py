"""Coming, staying longer and leaving, from whichever page it is done."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import lazy_gettext

from services.contracts.commands import (
    CheckInReservation,
    CheckOutReservation,
    ExtendReservation,
    MarkNoShow,
    ReservationCommand,
)
from services.contracts.errors import InvalidInput, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint
from services.portal.pages.reservations import detail, version_read

STEPS: dict[str, tuple[type[ReservationCommand], Any]] = {
    "check-in": (CheckInReservation, lazy_gettext("Checked in. Have a good run.")),
    "extend": (ExtendReservation, lazy_gettext("Extended.")),
    "check-out": (CheckOutReservation, lazy_gettext("Checked out. Thank you.")),
    "no-show": (MarkNoShow, lazy_gettext("Noted: nobody came. The rest of the time is free.")),
}

BACK = {"home": "pages.home", "today": "pages.use_today"}


@blueprint.post("/reservations/<reservation>/<any('check-in', 'extend', 'check-out', 'no-show'):step>")
def use(reservation: str, step: str) -> Response | tuple[str, int]:
    """Take one step; refused, the reservation's own page says why and what is possible instead."""
    kind, message = STEPS[step]
    try:
        backend.send(kind, reservation=reservation, version=version_read(), **asked(step))
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {}) if isinstance(refusal, InvalidInput) else {}
        return detail(reservation, status_of(refusal), errors=errors, refusal=refusal, tried=step)
    flash(str(message))
    return redirect(way_back(reservation), 303)


def asked(step: str) -> dict[str, Any]:
    """What the form of a step holds beside the version. Raises InvalidInput."""
    if step == "check-out":
        return {"fault": request.form.get("fault", "").replace("\r\n", "\n")}
    return {"ends_at": end_read()} if step == "extend" else {}


def end_read() -> datetime:
    """Raises InvalidInput."""
    with suppress(ValueError):
        found = datetime.fromisoformat(request.form.get("ends_at", ""))
        if found.tzinfo:
            return found
    raise InvalidInput(errors={"ends_at": ["not_a_time"]})


def way_back(reservation: str) -> str:
    """To the page from which the step was taken."""
    place, _, facility = request.form.get("back", "").partition(" ")
    if place == "here" and facility:
        return url_for("pages.here", facility=facility)
    if place in BACK:
        return url_for(BACK[place])
    return url_for("pages.reservation_detail", reservation=reservation)
