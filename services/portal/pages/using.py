"""The day of use: who is in and who is late for managers, and what is mine at a facility's door for everybody else."""

from typing import Any

import segno
from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup

from services.contracts.commands import CloseFault, ReportFault
from services.contracts.errors import NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, manage
from services.portal.pages.facilities import may_edit

SHOWS = {"open": lazy_gettext("Open"), "closed": lazy_gettext("Seen to")}
QR_SCALE = 8

manage.SUBJECTS += [
    (
        "pages.use_today", lazy_gettext("Use today"), lazy_gettext("Who is in, who is late, what ends when."),
        manage.MANAGERS,
    ),
    ("pages.faults", lazy_gettext("Faults"), lazy_gettext("What is reported as broken."), manage.MANAGERS),
]


def groups(items: list[dict[str, Any]]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """What needs a look first: who is late or should have gone, then who is in, who comes, what was."""
    parts = {
        lazy_gettext("Needs a look"): [each for each in items if each["late"] or each["overdue"]],
        lazy_gettext("In use"): [each for each in items if each["state"] == "in_use" and not each["overdue"]],
        lazy_gettext("Still to come"): [each for each in items if each["state"] == "approved" and not each["late"]],
        lazy_gettext("Over"): [each for each in items if each["state"] in ("finished", "no_show")],
    }
    return [(title, found) for title, found in parts.items() if found]


@blueprint.get("/use")
def use_today() -> str:
    if not backend.decides():
        raise NotAllowed
    facility = request.args.get("facility") or None
    items = backend.ask("booking", "day_of_use", facility=facility)["items"]
    mine = [each for each in backend.facilities() if may_edit(each["code"])]
    return render_template("usage/today.html", groups=groups(items), facilities=mine, facility=facility)


@blueprint.get("/here/<facility>")
def here(facility: str, status: int = 200, **more: Any) -> tuple[str, int]:
    """What one's own teams have here now, for those who scanned the code at the door."""
    item = backend.facility(facility)
    items = backend.ask("booking", "day_of_use", facility=item["code"], mine=True)["items"]
    usable = [each for each in items if each["allowed_actions"]]
    coming = [each for each in items if each["state"] == "approved" and not each["allowed_actions"]]
    shown = {"errors": {}, "typed": ""} | more
    unit = request.args.get("unit", "")
    return render_template("usage/here.html", item=item, usable=usable, coming=coming, unit=unit, **shown), status


@blueprint.post("/here/<facility>/faults")
def report_fault(facility: str) -> Response | tuple[str, int]:
    text = request.form.get("text", "").replace("\r\n", "\n")
    try:
        backend.send(ReportFault, facility=facility, unit=request.form.get("unit") or None, text=text)
    except Refusal as refusal:
        return here(facility, status_of(refusal), errors=refusal.facts.get("errors", {}), typed=text)
    flash(gettext("Thank you. The facility's manager is told."))
    return redirect(url_for("pages.here", facility=facility), 303)


@blueprint.get("/here/<facility>/sheet")
def door_sheet(facility: str) -> str:
    """A sheet for the door, to be printed: the code leads a phone to ``here``."""
    item = backend.facility(facility)
    if not may_edit(item["code"]):
        raise NotAllowed
    unit = next((each for each in item["units"] if each["code"] == request.args.get("unit")), None)
    path = url_for("pages.here", facility=item["code"], unit=unit["code"] if unit else None)
    return render_template("usage/sheet.html", item=item, unit=unit, code=code_of(path), path=path)


def code_of(path: str) -> Markup:
    """A QR code that leads to a page of ours, as a drawing without styles."""
    address = current_app.config["PUBLIC_ORIGIN"] + path
    drawing = segno.make(address, error="m").svg_inline(scale=QR_SCALE, omitsize=True, lineclass=None, svgclass="qr")
    return Markup(drawing)


@blueprint.get("/faults")
def faults() -> str:
    if not backend.decides():
        raise NotAllowed
    show = request.args.get("show", "open")
    show = show if show in SHOWS else "open"
    items = backend.ask("booking", "faults", state=show)["items"]
    can_declare = "pages.new_interruption" in current_app.view_functions
    return render_template("usage/faults.html", items=items, show=show, shows=SHOWS, can_declare=can_declare)


@blueprint.post("/faults/<fault>/close")
def close_fault(fault: str) -> Response:
    """Closing what somebody else has closed already changes nothing, and the page says so."""
    try:
        backend.send(CloseFault, fault=fault, note=request.form.get("note", "").replace("\r\n", "\n"))
    except Refusal as refusal:
        if refusal.code != "wrong_state":
            raise
        flash(gettext("This fault has been dealt with already."))
    else:
        flash(gettext("Closed. Thank you."))
    return redirect(url_for("pages.faults"), 303)
