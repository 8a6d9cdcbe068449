"""Asking whoever has a time, who is not named: what is offered for it, or what is needed of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from services.contracts.commands import AskHolder
from services.contracts.errors import InvalidInput, NotFound, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.draft import Draft, clocks, local_moment, typed
from services.portal.pages.requesting import projects, read, teams
from services.portal.pages.saying import said

MINUTE = timedelta(minutes=1)
GIVEN = ("requested", "approved")


def slots_taken(facility: str, starts_at: datetime, ends_at: datetime, unit: str = "") -> list[dict[str, Any]]:
    """The times of other teams that lie in a stretch, as the board shows them."""
    window = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    items = backend.ask("booking", "board", facility=facility, **window)["items"]
    now = local_time.now()
    return [
        item for item in items
        if item["unit"] and unit in ("", item["unit"]) and not item["mine"] and "interruption" not in item
        and item["state"] in ("taken", "approved") and local_time.instant(item["starts_at"]) > now
    ]


def slot_at(facility: str, unit: str, start: str) -> dict[str, Any]:
    """The taken time that begins there. Raises NotFound."""
    starts_at = local_moment(start)
    found = slots_taken(facility, starts_at, starts_at + MINUTE, unit) if starts_at else []
    slot = next((each for each in found if local_time.instant(each["starts_at"]) == starts_at), None)
    if slot is None:
        raise NotFound
    return slot


@blueprint.get("/ask/<facility>/<unit>/<start>")
def ask_form(facility: str, unit: str, start: str) -> Response:
    return asking(slot_at(facility, unit, start))


@blueprint.get("/ask")
def ask_which() -> Response:
    """Which of the times that stand in the way of a wish to ask for; the only one at once."""
    facility = request.args.get("facility", "")
    starts_at, ends_at = (local_moment(request.args.get(name, "")) for name in ("start", "end"))
    if not starts_at or not ends_at or ends_at <= starts_at:
        raise NotFound
    found = slots_taken(facility, starts_at, ends_at, request.args.get("unit", ""))
    wish = {"from": request.args["start"], "until": request.args["end"]}
    ways = [(slot, address_of(slot, **wish)) for slot in found]
    if len(ways) == 1:
        return redirect(ways[0][1], 303)
    return make_response(render_template("asks/which.html", ways=ways, **names()))


def address_of(slot: Mapping[str, Any], **more: str) -> str:
    start = local_time.local_text(local_time.instant(slot["starts_at"]))
    return url_for("pages.ask_form", facility=slot["facility"], unit=slot["unit"], start=start, **more)


def names() -> dict[str, Any]:
    items = backend.facilities()
    return {
        "facility_names": {item["code"]: item["names"] for item in items},
        "unit_names": {unit["code"]: unit.get("names") for item in items for unit in item["units"]},
    }


def asking(slot: Mapping[str, Any], status: int = 200, **more: Any) -> Response:
    """The two ways to ask, with what was typed."""
    facility = backend.facility(slot["facility"])
    draft = wish_of(slot, facility)
    starts, ends = clocks(facility, (draft.start_clock, draft.end_clock))
    own = teams()
    shown = {
        "slot": slot, "facility": facility, "draft": draft, "starts": starts, "ends": ends, "said": said(request.form),
        "members": [], "errors": {}, "refusal": None, "violations": [], "own": own_reservations(),
        "teams": [(team, projects(team["code"])) for team in own], "request_key": backend.new_key(),
        "note": request.form.get("note", ""), "chosen": request.form.get("reservation", ""),
        "tried": request.form.get("kind", ""), "whose": request.form.get("whose", ""),
        "address": request.full_path.rstrip("?"), "earliest_day": local_time.today(), **names(),
    }
    return make_response(render_template("asks/new.html", **shown | more), status)


def wish_of(slot: Mapping[str, Any], facility: Mapping[str, Any]) -> Draft:
    """What was typed, or the time that another page had in mind, or the whole of what is asked for."""
    if request.form.get("start_day"):
        return typed(request.form)
    first, last = (local_moment(request.args.get(name, "")) for name in ("from", "until"))
    span = (first, last) if first and last and first < last else tuple(
        local_time.instant(slot[name]) for name in ("starts_at", "ends_at"))
    return Draft(facility=facility["code"], request_key=backend.new_key()).with_span(*span)


def own_reservations() -> list[dict[str, Any]]:
    """What may be offered for another time: to come, and of one's own teams."""
    now, mine = local_time.now(), {team["code"] for team in backend.identity()["teams"]}
    items = backend.ask("booking", "reservations", starts_at=now.isoformat(), limit=200)["items"]
    return [
        item for item in items
        if item["state"] in GIVEN and item["team"] in mine and local_time.instant(item["starts_at"]) > now
    ]


@blueprint.post("/ask/<facility>/<unit>/<start>")
def ask_holder(facility: str, unit: str, start: str) -> Response:
    """Ask; refused, the page says what stands in the way and keeps what was typed."""
    slot = slot_at(facility, unit, start)
    place = {"facility": facility, "unit": unit, "starts_at": local_time.instant(slot["starts_at"])}
    try:
        kind = request.form.get("kind", "")
        fields = swap_fields() if kind == "swap" else give_way_fields(backend.facility(facility))
        answer = backend.send(AskHolder, kind=kind, note=text_of("note"), **place, **fields)
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {}) if isinstance(refusal, InvalidInput) else {}
        violations = refusal.facts.get("violations", [])
        return asking(slot, status_of(refusal), refusal=refusal, errors=errors, violations=violations)
    flash(gettext("Your question was sent, without your names. You are told the answer."))
    return redirect(url_for("pages.ask_page", ask=answer["id"]), 303)


def text_of(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def swap_fields() -> dict[str, Any]:
    return {"reservation": request.form.get("reservation") or None}


def give_way_fields(facility: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked for in place of the holder. Raises InvalidInput."""
    draft = typed(request.form)
    team, _, project = request.form.get("whose", "").partition("|")
    return {
        "team": team or None, "project": project or None, "purpose": text_of("purpose"),
        "wished_from": read("start", draft.starts_at), "wished_until": read("end", draft.ends_at),
        "family": draft.family or None, **said(request.form).given(facility),
    }
