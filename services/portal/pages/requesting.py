"""Asking for time: the form as a drawer or a page, its live check, and sending it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.commands import RequestReservation
from services.contracts.errors import InvalidInput, NotFound, Refusal, RuleBroken, SlotTaken
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.answers import changed, is_fragment
from services.portal.pages.draft import Draft, clocks, local_moment, started, typed
from services.portal.pages.pieces import pieces_of
from services.portal.pages.repeating import ENDS, FREQUENCIES, MONTHLY, day_names, repeated, told
from services.portal.pages.saying import excused_by, members, said, without_form_rules
from services.portal.pages.words import KINDS

SENT = {
    "lead": lazy_gettext("Your request was sent to the team's lead."),
    "manager": lazy_gettext("Your request was sent to the facility's manager."),
    "base": lazy_gettext("Your request was sent to base management."),
}


def teams() -> list[dict[str, Any]]:
    """The teams for which the person may ask; an administrator for all."""
    if "admin" in backend.identity()["roles"]:
        items = backend.ask("accounts", "teams")["items"]
        return [{**item, "code": item.get("code") or item["team"]} for item in items]
    return backend.identity()["teams"]


def projects(team: str) -> list[dict[str, Any]]:
    """The team's projects; none for a team that the person does not see."""
    if not team:
        return []
    with suppress(Refusal):
        items = backend.ask("accounts", "projects", team=team)["items"]
        return [{**item, "code": item.get("code") or item["project"]} for item in items]
    return []


def checked(draft: Draft) -> dict[str, Any] | None:
    """What booking says about the draft's time; nothing while the times cannot be read."""
    if not draft.starts_at or not draft.ends_at:
        return None
    if draft.ends_at <= draft.starts_at:
        return {"ok": False, "errors": {"ends_at": ["ends_before_start"]}}
    run = said(request.form)
    try:
        check = backend.ask(
            "booking",
            "check_slot",
            people=run.number or 1,
            operator=run.operator or None,
            facility=draft.facility,
            starts_at=draft.starts_at.isoformat(),
            ends_at=draft.ends_at.isoformat(),
            team=draft.team or None,
            unit=draft.unit or None,
            project=draft.project or None,
            reservation=draft.reservation or None,
            **draft.run,
        )
        return without_form_rules(check)
    except InvalidInput as refusal:
        return {"ok": False, "errors": refusal.facts.get("errors", {})}


def form_context(draft: Draft, **more: Any) -> dict[str, Any]:
    """Everything the form's templates need; the facility's own facts set the choices of time."""
    all_facilities = backend.facilities()
    facility = next((item for item in all_facilities if item["code"] == draft.facility), all_facilities[0])
    shown = {
        "draft": draft,
        "facility": facility,
        "facilities": all_facilities,
        "errors": {},
        "refusal": None,
        "check": None,
        "former": backend.ask("booking", "reservation", reservation=draft.reservation) if draft.reservation else None,
        "earliest_day": local_time.today(),
        "said": said(request.form or request.args),
        "pieces_of": pieces_of,
        "excused_by": excused_by,
        "repeat": repeated(request.form),
        "rule_told": told(repeated(request.form), draft.starts_at),
        "facility_names": {item["code"]: item["names"] for item in all_facilities},
        "unit_names": {unit["code"]: unit.get("names") for item in all_facilities for unit in item["units"]},
    }
    return shown | choices(draft, facility) | more


def choices(draft: Draft, facility: Mapping[str, Any]) -> dict[str, Any]:
    """What can be chosen in the fields, as far as the facility and the team leave a choice."""
    starts, ends = clocks(facility, (draft.start_clock, draft.end_clock))
    return {
        "kinds": KINDS,
        "teams": teams(),
        "projects": projects(draft.team),
        "members": members(draft.team) if draft.team and not draft.reservation else [],
        "starts": starts,
        "ends": ends,
        "classes": sorted({each for group in facility["sharing"].get("contamination", ()) for each in group}),
        "most_places": max((unit.get("places", 1) for unit in facility["units"]), default=1),
        "repeats": {"frequencies": FREQUENCIES, "monthly": MONTHLY, "ends": ENDS, "days": day_names()},
    }


def show(draft: Draft, status: int = 200, **more: Any) -> Response:
    """The form: the drawer's content for htmx, a whole page otherwise."""
    page = "reservations/drawer.html" if is_fragment() else "reservations/new.html"
    return make_response(render_template(page, **form_context(draft, **more)), status)


def found_facility(code: str | None) -> dict[str, Any]:
    items = backend.facilities()
    chosen = next((item for item in items if item["code"] == code), None)
    if code and not chosen:
        raise NotFound
    return chosen or next(item for item in items if item["active"])


@blueprint.get("/reservations/new")
def new_reservation() -> Response:
    own = teams()
    draft = started(request.args, found_facility(request.args.get("facility")), own[0]["code"] if own else "")
    return show(draft, check=checked(draft))


def picked(draft: Draft, pick: str) -> Draft:
    """The draft with an alternative taken over: facility|unit|start|end."""
    facility, unit, start, end = ([*pick.split("|"), "", "", "", ""])[:4]
    starts_at, ends_at = local_moment(start), local_moment(end)
    if not starts_at or not ends_at:
        return draft
    return replace(draft, facility=facility, unit=unit).with_span(starts_at, ends_at)


@blueprint.post("/reservations/draft")
def redraw() -> Response:
    """The same form with another facility or an alternative taken over; nothing typed is lost."""
    draft = typed(request.form)
    if request.form.get("pick"):
        draft = picked(draft, request.form["pick"])
    facility = found_facility(draft.facility)
    if draft.unit not in {unit["code"] for unit in facility["units"]}:
        draft = replace(draft, unit="")
    draft = replace(draft, **kept_run(draft, facility))
    if draft.project not in {item["code"] for item in projects(draft.team)}:
        draft = replace(draft, project="")
    draft = draft.snapped(facility["granularity_minutes"])
    return show(draft, check=checked(draft))


def kept_run(draft: Draft, facility: dict[str, Any]) -> dict[str, str]:
    """What was said of the run as far as it means something on another facility."""
    classes = {each for group in facility["sharing"].get("contamination", ()) for each in group}
    return {
        "family": draft.family if draft.family in {each["code"] for each in facility["families"]} else "",
        "places": draft.places if facility["sharing"] else "",
        "contamination": draft.contamination if draft.contamination in classes else "",
    }


@blueprint.post("/reservations/check")
def check() -> str:
    """Free, taken or against a rule: the note under the times."""
    draft = typed(request.form)
    return render_template("reservations/note.html", **form_context(draft, check=checked(draft)))


@blueprint.post("/reservations")
def create_reservation() -> Response:
    draft = typed(request.form)
    if repeated(request.form).frequency:
        return redirect(url_for("pages.review_series"), 307)  # what was typed goes along
    try:
        exception = said(request.form).exception
        answer = backend.send(
            RequestReservation, request_key=draft.request_key, exception=exception,
            needed_by=draft.needed_by or None, **fields_of(draft),
        )
    except Refusal as refusal:
        return refused(draft, refusal)
    return accepted(draft, answer["id"], sent_told(answer))


def sent_told(answer: dict[str, Any]) -> str:
    """What has become of a request."""
    if answer["state"] == "approved":
        return gettext("Reserved.")
    if answer["state"] == "competing":
        moment = local_time.moment_words(local_time.instant(answer["decide_by"]))
        return gettext("Your request is collected; it is decided on %(moment)s.", moment=moment)
    return str(SENT.get(answer.get("awaits") or "manager", SENT["manager"]))


def fields_of(draft: Draft) -> dict[str, Any]:
    """What the form asks for, as the command has it. Raises InvalidInput."""
    return {
        "facility": draft.facility,
        "starts_at": read("start", draft.starts_at),
        "ends_at": read("end", draft.ends_at),
        "team": draft.team,
        "purpose": draft.purpose.replace("\r\n", "\n"),
        "project": draft.project or None,
        "unit": draft.unit or None,
        **draft.run,
        **said(request.form).given(found_facility(draft.facility)),
    }


def read(field: str, moment: Any) -> Any:
    if moment is None:
        raise InvalidInput(errors={f"{field}s_at": ["not_a_time"]})
    return moment


def accepted(draft: Draft, reservation: str, message: str) -> Response:
    """Tell the open board which row to fetch again; without script go to the reservation."""
    address = url_for("pages.reservation_detail", reservation=reservation)
    if is_fragment():
        return changed(message, address, draft.facility)
    flash(message)
    return redirect(address, 303)


def refused(draft: Draft, refusal: Refusal) -> Response:
    """The form again with everything typed, what is wrong, and the nearest ways to succeed."""
    facts = refusal.facts
    check = None
    if isinstance(refusal, RuleBroken | SlotTaken):
        check = {
            "ok": False,
            "taken": isinstance(refusal, SlotTaken),
            "violations": facts.get("violations", []),
            "alternatives": facts.get("alternatives", []),
            "quotas": [],
        }
    if refusal.code == "request_key_reused":
        draft = replace(draft, request_key=backend.new_key())
    elsewhere = None if check or isinstance(refusal, InvalidInput) else refusal
    return show(draft, status_of(refusal), check=check, errors=facts.get("errors", {}), refusal=elsewhere)
