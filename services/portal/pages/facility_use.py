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
from services.portal.pages.numbers import is_whole

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

ALLOCATIONS = {
    "first_come": (
        lazy_gettext("First come, first served"), lazy_gettext("Who asks first holds the time."),
    ),
    "manager": (
        lazy_gettext("Collect, then choose"),
        lazy_gettext(
            "Requests are collected until the decision time. Rivals are ranked by class of the project, fair share, "
            "deadline, waiting time and other ways; you give the time to one, or else the ranking does."),
    ),
    "draw": (
        lazy_gettext("Collect, then draw"),
        lazy_gettext(
            "Requests are collected until the decision time. A draw that everybody can check decides, each with a "
            "chance by fair share. Nobody can change its outcome."),
    ),
}
"""(name, what it means)"""

ALLOCATING = ("allocation", "allocation_hours")
SUBJECTS["facility_use"] = lazy_gettext("Use")


@blueprint.get("/facilities/<facility>/edit/use")
def facility_use(facility: str) -> tuple[str, int]:
    if not may_edit(facility):
        raise NotAllowed
    item = backend.facility(facility)
    return page(item, {name: str(item[name]) for name in (*NUMBERS, *ALLOCATING, "version")})


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


def fields_read(form: Mapping[str, str]) -> dict[str, Any]:
    """Raises InvalidInput with all fields that are no numbers, or no way to give time out.

    Without the choice, how time is given out stays as it is.
    """
    is_allocating = "allocation" in form
    names = (*NUMBERS, *(["allocation_hours"] if is_allocating else []), "version")
    texts = {name: form.get(name, "").strip() for name in names}
    wrong = {name: ["not_a_number"] for name, text in texts.items() if not is_whole(text)}
    if is_allocating and form["allocation"] not in ALLOCATIONS:
        wrong["allocation"] = ["unknown_choice"]
    if wrong:
        raise InvalidInput(errors=wrong)
    chosen = {"allocation": form["allocation"]} if is_allocating else {}
    return {name: int(text) for name, text in texts.items()} | chosen


def page(item: dict[str, Any], values: Mapping[str, str], status: int = 200, **more: Any) -> tuple[str, int]:
    context = {"errors": {}, "refusal": None, "item": item, "values": values, "numbers": NUMBERS} | more
    return render_template(
        "facilities/use.html", subjects=SUBJECTS, allocations=ALLOCATIONS, request_key=backend.new_key(), **context
    ), status
