"""How the use of a facility is watched: check-in, no-show, elastic ends."""

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.errors import InvalidInput, NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint
from services.portal.pages.facilities import may_edit
from services.portal.pages.facility_subjects import SUBJECTS

NUMBERS = {
    "check_in_minutes": (
        lazy_gettext("Check-in opens before the start (minutes)"),
        lazy_gettext("Who comes earlier waits. Early use is metered, but only while the unit is free."),
    ),
    "no_show_minutes": (
        lazy_gettext("Time is given back when nobody has come after (minutes)"),
        lazy_gettext("0 keeps the time. It holds for reservations that begin from now on."),
    ),
    "offer_minutes": (
        lazy_gettext("An offer from the wait list is held for (minutes)"),
        lazy_gettext("What comes free is held so long for the first who waits; then the next one is asked."),
    ),
    "elastic_minutes": (
        lazy_gettext("A run may end later than planned by at most (minutes)"),
        lazy_gettext("For long ageing runs: the time is held, and given back as soon as the run ends. 0 allows none."),
    ),
}

SUBJECTS["facility_use"] = lazy_gettext("Use")


@blueprint.get("/facilities/<facility>/edit/use")
def facility_use(facility: str) -> tuple[str, int]:
    if not may_edit(facility):
        raise NotAllowed
    item = backend.facility(facility)
    return page(item, {name: str(item[name]) for name in (*NUMBERS, "version")})


@blueprint.post("/facilities/<facility>/edit/use")
def save_facility_use(facility: str) -> Response | tuple[str, int]:
    item = backend.facility(facility)
    try:
        backend.change_facility(item, **fields_read(request.form))
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {})
        return page(item, request.form, status_of(refusal), errors=errors, refusal=refusal)
    flash(gettext("Saved. New requests follow these rules at once."))
    return redirect(url_for("pages.facility_card", facility=facility), 303)


def fields_read(form: Mapping[str, str]) -> dict[str, int]:
    """Raises InvalidInput with all fields that are no numbers."""
    texts = {name: form.get(name, "").strip() for name in (*NUMBERS, "version")}
    wrong = {name: ["not_a_number"] for name, text in texts.items() if not text.isdecimal() or len(text) > 9}
    if wrong:
        raise InvalidInput(errors=wrong)
    return {name: int(text) for name, text in texts.items()}


def page(item: dict[str, Any], values: Mapping[str, str], status: int = 200, **more: Any) -> tuple[str, int]:
    context = {"errors": {}, "refusal": None, "item": item, "values": values, "numbers": NUMBERS} | more
    return render_template("facilities/use.html", subjects=SUBJECTS, request_key=backend.new_key(), **context), status
