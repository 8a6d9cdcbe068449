"""A priority case: work that must have a facility's time, so that others have to make room. First the effect."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Response, redirect, render_template, request, url_for

from services.contracts.commands import StartReplan
from services.contracts.errors import InvalidInput, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.draft import local_moment
from services.portal.pages.interruptions import field_errors, places
from services.portal.pages.opening import seal
from services.portal.pages.replans import require_manager
from services.portal.pages.timeline import ZONE

FIELDS = ("reservation", "place", "starts_at", "ends_at", "whose", "purpose", "reason")


def form_page(values: Mapping[str, str], status: int = 200, **more: Any) -> tuple[str, int]:
    asking = asking_one(values.get("reservation", ""))
    context = {"errors": {}, "refusal": None, "effect": None, "sealed": ""} | more
    return render_template(
        "replans/priority.html", values=values, asking=asking, places=places(), groups=[] if asking else whose(),
        request_key=backend.new_key(), **context,
    ), status


def asking_one(reservation: str) -> dict[str, Any] | None:
    """The request that shall win, where the case is about one."""
    return backend.ask("booking", "reservation", reservation=reservation) if reservation else None


def whose() -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Every team with its projects."""
    projects = backend.ask("accounts", "projects")["items"]
    teams = backend.ask("accounts", "teams")["items"]
    return [(team, [each for each in projects if each["team"] == team["code"]]) for team in teams]


@blueprint.get("/replans/new")
def priority_case() -> tuple[str, int]:
    require_manager()
    start = (local_time.now() + timedelta(days=1)).astimezone(ZONE).replace(minute=0, second=0, microsecond=0)
    values = {
        "reservation": request.args.get("reservation", ""), "place": request.args.get("facility", ""),
        "starts_at": local_time.local_text(start), "ends_at": local_time.local_text(start + timedelta(hours=4)),
    }
    return form_page(values)


@blueprint.post("/replans/new")
def start_priority_case() -> Response | tuple[str, int]:
    """Look at whom it would hit; then have the plan made."""
    require_manager()
    form = request.form
    try:
        asked, sealed = read(form), seal(form, FIELDS)
        if form.get("step") != "save" or form.get("sealed") != sealed:
            return form_page(form, effect=effect_of(asked), sealed=sealed)
        made = backend.send(StartReplan, **asked)
    except Refusal as refusal:
        errors = field_errors(refusal)
        errors["whose"] = [*errors.get("whose", ()), *errors.get("team", ()), *errors.get("project", ())]
        return form_page(form, status_of(refusal), errors=errors, refusal=refusal)
    return redirect(url_for("pages.replan", replan=made["id"]), 303)


def read(form: Mapping[str, str]) -> dict[str, Any]:
    """The fields of StartReplan. Raises InvalidInput with all that cannot be read, NotFound."""
    reason = form.get("reason", "").replace("\r\n", "\n").strip()
    errors = {} if reason else {"reason_zh-Hans": ["required"]}
    if asking := asking_one(form.get("reservation", "")):
        asked = {"reservation": asking["id"], "facility": asking["facility"], "unit": asking["unit"]}
        asked |= {name: local_time.instant(asking[name]) for name in ("starts_at", "ends_at")}
    else:
        asked = times_and_team(form, errors)
    if errors:
        raise InvalidInput(errors=errors)
    return asked | {"reason": reason}


def times_and_team(form: Mapping[str, str], errors: dict[str, list[str]]) -> dict[str, Any]:
    times = {name: local_moment(form.get(name, "")) for name in ("starts_at", "ends_at")}
    facility, _, unit = form.get("place", "").partition("/")
    team, _, project = form.get("whose", "").partition("/")
    purpose = form.get("purpose", "").replace("\r\n", "\n").strip()
    given = {**times, "place": facility, "whose": team, "purpose": purpose}
    errors |= {name: ["required"] for name, value in given.items() if not value}
    return {
        **times, "facility": facility, "unit": unit or None, "team": team, "project": project or None,
        "purpose": purpose,
    }


def effect_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Whose time it would take."""
    span = {name: asked[name].isoformat() for name in ("starts_at", "ends_at")}
    return backend.ask("booking", "would_hit", facility=asked["facility"], unit=asked["unit"], spans=[span])
