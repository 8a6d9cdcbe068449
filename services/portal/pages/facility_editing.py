"""The form with which a manager changes a facility and its rules of use."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.errors import InvalidInput, NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint
from services.portal.pages.facilities import may_edit
from services.portal.pages.facility_subjects import SUBJECTS
from services.portal.pages.numbers import whole

NUMBERS = {
    "granularity_minutes": lazy_gettext("Step (minutes)"),
    "shortest_minutes": lazy_gettext("Shortest time (minutes)"),
    "longest_minutes": lazy_gettext("Longest time (minutes)"),
    "notice_minutes": lazy_gettext("Notice (minutes)"),
    "horizon_days": lazy_gettext("Open ahead (days)"),
    "setup_minutes": lazy_gettext("Setting up (minutes)"),
    "cleardown_minutes": lazy_gettext("Clearing down (minutes)"),
    "most_pieces": lazy_gettext("Pieces of a run at most (1: never split)"),
}


def shown(facility: Mapping[str, Any]) -> dict[str, str]:
    """The facility as the texts of the form's fields."""
    texts = {name: str(facility[name]) for name in NUMBERS}
    for language in ("zh-Hans", "en"):
        texts[f"name_{language}"] = facility["names"].get(language, "")
        texts[f"description_{language}"] = facility["descriptions"].get(language, "")
    texts["units"] = "\n".join(
        " | ".join([unit["code"], *(unit.get("names", {}).get(language, "") for language in ("zh-Hans", "en"))])
        for unit in facility["units"]
    )
    texts |= {name: facility[name] for name in ("location", "site")}
    texts["equivalents"] = ", ".join(facility["equivalents"])
    texts |= {name: "yes" if facility[name] else "" for name in ("unit_choice", "active")}
    return texts | {"version": str(facility["version"])}


def units_read(text: str) -> list[dict[str, Any]]:
    """One unit a line: ``code | Chinese name | English name``."""
    units = []
    for line in (line.strip() for line in text.splitlines() if line.strip()):
        code, chinese, english = ([part.strip() for part in line.split("|")] + ["", ""])[:3]
        units.append({"code": code, "names": {"zh-Hans": chinese or code, "en": english or chinese or code}})
    return units


def command_fields(form: Mapping[str, str]) -> dict[str, Any]:
    """What SaveFacility takes. Raises InvalidInput with all fields that cannot be read."""
    errors: dict[str, list[str]] = {}
    fields: dict[str, Any] = {}
    for name in (*NUMBERS, "version"):
        fields[name] = whole(form.get(name, "").strip(), -1)
        if fields[name] < 0:
            errors[name] = ["not_a_number"]
    if errors:
        raise InvalidInput(errors=errors)
    return fields | {
        "units": units_read(form.get("units", "")),
        "names": {language: form.get(f"name_{language}", "").strip() for language in ("zh-Hans", "en")},
        "descriptions": {language: text_read(form, f"description_{language}") for language in ("zh-Hans", "en")},
        "location": form.get("location", "").strip(),
        **({"site": form["site"]} if form.get("site") else {}),
        "equivalents": [code for code in re.split(r"[\s,，]+", form.get("equivalents", "")) if code],
        "unit_choice": form.get("unit_choice") == "yes",
        "active": form.get("active") == "yes",
    }


def with_places(fields: dict[str, Any], item: Mapping[str, Any]) -> dict[str, Any]:
    """The units of the form with the places that they have; those have a page of their own."""
    places = {unit["code"]: {"places": unit["places"]} for unit in item["units"] if "places" in unit}
    return fields | {"units": [unit | places.get(unit["code"], {}) for unit in fields["units"]]}


def text_read(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()


def page(item: dict[str, Any], values: Mapping[str, str], status: int = 200, **more: Any) -> tuple[str, int]:
    context = {"errors": {}, "refusal": None} | more
    return render_template(
        "facilities/edit.html",
        item=item,
        values=values,
        sites=backend.ask("facilities", "sites")["items"],
        numbers=NUMBERS,
        subjects=SUBJECTS,
        request_key=backend.new_key(),
        **context,
    ), status


@blueprint.get("/facilities/<facility>/edit")
def edit_facility(facility: str) -> tuple[str, int]:
    if not may_edit(facility):
        raise NotAllowed
    item = backend.facility(facility)
    return page(item, shown(item))


@blueprint.post("/facilities/<facility>/edit")
def save_facility(facility: str) -> Response | tuple[str, int]:
    item = backend.facility(facility)
    try:
        backend.change_facility(item, **with_places(command_fields(request.form), item))
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {})
        return page(item, request.form, status_of(refusal), errors=errors, refusal=refusal)
    flash(gettext("Saved. New requests follow these rules at once."))
    return redirect(url_for("pages.facility_card", facility=facility), 303)
