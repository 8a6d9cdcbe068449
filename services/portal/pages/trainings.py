"""Trainings: what one holds and may ask for; for managers, who asks, who holds what, and what there is."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext

from services.contracts.commands import (
    DecideTraining,
    GrantQualifications,
    RequestTraining,
    SaveQualification,
    WithdrawTraining,
)
from services.contracts.errors import InvalidInput, NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.facilities import may_edit
from services.portal.pages.facility_subjects import SUBJECTS
from services.portal.pages.manage import BASE, MANAGERS
from services.portal.pages.manage import SUBJECTS as MANAGED
from services.portal.pages.timeline import ZONE

MANAGED.append((
    "pages.holders", lazy_gettext("Trainings"),
    lazy_gettext("Who asks for one, who is qualified until when, and what trainings there are."), MANAGERS,
))
SUBJECTS["facility_trainings"] = lazy_gettext("Trainings")


def end_of(day: str) -> datetime | None:
    """The instant at which something ends that holds through a day; None for what is no day."""
    try:
        last = date.fromisoformat(day.strip())
    except ValueError:
        return None
    return datetime.combine(last + timedelta(days=1), time(), ZONE) if 2000 < last.year < 2099 else None


@blueprint.get("/trainings")
def trainings() -> str:
    return render_template(
        "trainings/own.html",
        items=[item for item in backend.ask("facilities", "qualifications")["items"] if item["active"]],
        asked_for=request.args.get("code", ""),
        facility=request.args.get("facility", ""),
        now=local_time.now(),
        request_key=backend.new_key(),
    )


@blueprint.post("/trainings/<code>/ask")
def ask_for_training(code: str) -> Response:
    facility, note = request.form.get("facility") or None, request.form.get("note", "").strip()
    backend.send(RequestTraining, qualification=code, facility=facility, note=note)
    flash(gettext("Asked. A manager will answer, and you are told."))
    return redirect(url_for("pages.trainings"), 303)


@blueprint.post("/trainings/wishes/<training>/withdraw")
def withdraw_training(training: str) -> Response:
    backend.send(WithdrawTraining, training=training)
    flash(gettext("Withdrawn."))
    return redirect(url_for("pages.trainings"), 303)


@blueprint.get("/trainings/holders")
def holders() -> tuple[str, int]:
    return managers_page()


def managers_page(status: int = 200, **more: Any) -> tuple[str, int]:
    if not backend.manages():
        raise NotAllowed
    context = {"refusal": None, "errors": {}, "form": "", "values": {}} | more
    kinds = backend.ask("facilities", "qualifications")["items"]
    return render_template(
        "trainings/managed.html",
        wishes=[item for item in backend.ask("facilities", "trainings", state="requested")["items"] if item["decides"]],
        holders=backend.ask("facilities", "holders")["items"],
        kinds=[item for item in kinds if item["decides"]],
        may_save=bool(BASE & set(backend.identity()["roles"])),
        now=local_time.now(),
        request_key=backend.new_key(),
        **context,
    ), status


def refused(form: str, refusal: Refusal) -> tuple[str, int]:
    """The page again with what was typed."""
    errors = refusal.facts.get("errors", {})
    return managers_page(status_of(refusal), form=form, refusal=refusal, errors=errors, values=request.form)


@blueprint.post("/trainings/wishes/<training>/decide")
def decide_training(training: str) -> Response | tuple[str, int]:
    grants = request.form.get("decision") == "grant"
    try:
        until = end_of(request.form.get("until", "")) if grants else None
        if grants and until is None:
            raise InvalidInput(errors={"until": ["required"]})
        backend.send(DecideTraining, training=training, until=until, reason=request.form.get("reason", "").strip())
    except Refusal as refusal:
        return refused(training, refusal)
    flash(gettext("Qualified; the person is told.") if grants else gettext("Refused; the person is told."))
    return redirect(url_for("pages.holders"), 303)


@blueprint.post("/trainings/holders")
def grant() -> Response | tuple[str, int]:
    code, until = request.form.get("qualification", ""), request.form.get("until", "")
    try:
        grants = lines_read(request.form.get("people", ""), code, until)
        backend.send(GrantQualifications, grants=grants)
    except Refusal as refusal:
        return refused("grant", refusal)
    flash(ngettext("%(num)d person qualified.", "%(num)d people qualified.", len(grants)))
    return redirect(url_for("pages.holders"), 303)


def lines_read(text: str, code: str, until: str) -> list[dict[str, Any]]:
    """One person a line, with a day of their own if there is one: ``member01, 2027-06-30``. ``-`` takes it away.

    A file exported from a table reads the same. Raises InvalidInput with the lines that cannot be read.
    """
    grants, errors = [], {}
    for line in filter(None, (line.strip() for line in text.replace("\t", ",").replace(";", ",").splitlines())):
        person, _, day = (part.strip() for part in line.partition(","))
        ends = None if day == "-" else end_of(day or until)
        if day != "-" and ends is None:
            errors[f"grants.{len(grants)}.until"] = ["not_a_day"]
        grants.append({"person": person, "qualification": code, "until": ends and ends.isoformat()})
    if errors or not grants:
        raise InvalidInput(errors=errors or {"people": ["required"]})
    return grants


@blueprint.post("/trainings/kinds")
def save_training() -> Response | tuple[str, int]:
    form = request.form
    try:
        backend.send(
            SaveQualification,
            qualification=form.get("qualification", "").strip(),
            names={language: form.get(f"name_{language}", "").strip() for language in ("zh-Hans", "en")},
            active=form.get("active", "yes") == "yes",
            version=int(form["version"]) if form.get("version", "").isdecimal() else None,
        )
    except Refusal as refusal:
        return refused("kind", refusal)
    flash(gettext("Saved."))
    return redirect(url_for("pages.holders"), 303)


@blueprint.get("/facilities/<facility>/edit/trainings")
def facility_trainings(facility: str) -> tuple[str, int]:
    return requirements(facility)


def requirements(facility: str, status: int = 200, refusal: Refusal | None = None) -> tuple[str, int]:
    if not may_edit(facility):
        raise NotAllowed
    return render_template(
        "facilities/trainings.html",
        item=backend.facility(facility),
        kinds=backend.ask("facilities", "qualifications")["items"],
        subjects=SUBJECTS,
        refusal=refusal,
        request_key=backend.new_key(),
    ), status


@blueprint.post("/facilities/<facility>/edit/trainings")
def save_facility_trainings(facility: str) -> Response | tuple[str, int]:
    item = backend.facility(facility)
    version = request.form.get("version", type=int) or 1
    try:
        backend.change_facility(item, qualifications=request.form.getlist("qualifications"), version=version)
    except Refusal as refusal:
        return requirements(facility, status_of(refusal), refusal)
    flash(gettext("Saved. New requests follow these rules at once."))
    return redirect(url_for("pages.facility_trainings", facility=facility), 303)
