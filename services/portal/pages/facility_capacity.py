"""The forms for what follows on what on a line, and for what may share a chamber."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.errors import InvalidInput, NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint
from services.portal.pages.facilities import may_edit
from services.portal.pages.facility_editing import units_read
from services.portal.pages.facility_subjects import SUBJECTS
from services.portal.pages.numbers import is_whole, number

SUBJECTS["edit_changeover"] = lazy_gettext("Changeover")
SUBJECTS["edit_sharing"] = lazy_gettext("Sharing")


def opened(facility: str) -> dict[str, Any]:
    """Raises NotAllowed, NotFound."""
    if not may_edit(facility):
        raise NotAllowed
    return backend.facility(facility)


def page(template: str, item: dict[str, Any], values: Mapping[str, str], status: int = 200, **more: Any) -> Any:
    context = {"errors": {}, "refusal": None, "crowded": []} | more
    return render_template(
        template, item=item, values=values, subjects=SUBJECTS, request_key=backend.new_key(), **context
    ), status


def saved(facility: str, endpoint: str) -> Response:
    flash(gettext("Saved. New requests follow these rules at once."))
    return redirect(url_for(endpoint, facility=facility), 303)


@blueprint.get("/facilities/<facility>/edit/changeover")
def edit_changeover(facility: str) -> Any:
    item = opened(facility)
    return page("facilities/changeover.html", item, changeover_shown(item))


def changeover_shown(item: Mapping[str, Any]) -> dict[str, str]:
    """Families one a line, and a field for each ordered pair of them."""
    lines = (
        " | ".join([each["code"], *(each["names"].get(name, "") for name in ("zh-Hans", "en"))])
        for each in item["families"]
    )
    minutes = {f"minutes.{each['former']}.{each['next']}": str(each["minutes"]) for each in item["changeover"]}
    return {"families": "\n".join(lines), "version": str(item["version"])} | minutes


@blueprint.post("/facilities/<facility>/edit/changeover")
def save_changeover(facility: str) -> Any:
    item = opened(facility)
    try:
        families = units_read(request.form.get("families", ""))
        codes = [each["code"] for each in families]
        backend.change_facility(
            item, families=families, changeover=matrix_read(request.form, codes), version=version_read()
        )
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {})
        return page(
            "facilities/changeover.html", item, request.form, status_of(refusal), errors=errors, refusal=refusal
        )
    return saved(facility, "pages.edit_changeover")


def matrix_read(form: Mapping[str, str], codes: list[str]) -> list[dict[str, Any]]:
    """The pairs for which a time is given; a family that left takes its row and column along."""
    found = []
    for former in codes:
        for following in codes:
            text = form.get(f"minutes.{former}.{following}", "").strip()
            if text and text != "0":
                found.append({"former": former, "next": following, "minutes": number(text)})
    return found


def version_read() -> int:
    """Raises InvalidInput."""
    text = request.form.get("version", "")
    if not is_whole(text):
        raise InvalidInput(errors={"version": ["not_a_number"]})
    return int(text)


@blueprint.get("/facilities/<facility>/edit/sharing")
def edit_sharing(facility: str) -> Any:
    item = opened(facility)
    return page("facilities/sharing.html", item, sharing_shown(item))


def sharing_shown(item: Mapping[str, Any]) -> dict[str, str]:
    sharing = item["sharing"]
    places = {f"places.{unit['code']}": str(unit.get("places", 1)) for unit in item["units"]}
    return places | {
        "version": str(item["version"]),
        "shared": "yes" if sharing else "",
        "temperature_within": str(sharing.get("temperature_within", 0)),
        "ramp_within": str(sharing.get("ramp_within", 0)),
        "contamination": "\n".join(", ".join(group) for group in sharing.get("contamination", ())),
    }


@blueprint.post("/facilities/<facility>/edit/sharing")
def save_sharing(facility: str) -> Any:
    """Fewer places break nothing that is held: whom they leave too little room is told first."""
    item, form = opened(facility), request.form
    places = {unit["code"]: number(form.get(f"places.{unit['code']}", "1").strip() or "1") for unit in item["units"]}
    try:
        crowded = crowded_by(facility, places) if form.get("anyway") != "yes" else []
        if crowded:
            return page("facilities/sharing.html", item, form, crowded=crowded)
        units = [unit | {"places": places[unit["code"]]} for unit in item["units"]]
        backend.change_facility(item, units=units, sharing=sharing_read(form), version=version_read())
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {})
        return page("facilities/sharing.html", item, form, status_of(refusal), errors=errors, refusal=refusal)
    return saved(facility, "pages.edit_sharing")


def crowded_by(facility: str, places: Mapping[str, Any]) -> list[dict[str, Any]]:
    fewer = {unit: count for unit, count in places.items() if isinstance(count, int)}
    return backend.ask("booking", "crowded", facility=facility, places=fewer)["items"]


def sharing_read(form: Mapping[str, str]) -> dict[str, Any]:
    """Nothing is shared unless the box is ticked; one group of classes a line."""
    if form.get("shared") != "yes":
        return {}
    lines = [line for line in form.get("contamination", "").splitlines() if line.strip()]
    return {
        "temperature_within": number(form.get("temperature_within", "").strip() or "0"),
        "ramp_within": number(form.get("ramp_within", "").strip() or "0"),
        "contamination": [[each.strip() for each in re.split("[,，、]", line) if each.strip()] for line in lines],
    }
