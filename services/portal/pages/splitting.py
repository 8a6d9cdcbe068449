"""A run in pieces: shown once more with its purpose, then asked for as a campaign, all of it or nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from services.contracts.commands import RequestCampaign
from services.contracts.errors import InvalidInput, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint
from services.portal.pages.answers import is_fragment
from services.portal.pages.draft import Draft, typed
from services.portal.pages.pieces import pieces_in
from services.portal.pages.requesting import found_facility
from services.portal.pages.saying import said

NOT_CARRIED = {"csrf_token", "piece", "pick", "purpose", "send", "request_key"}


@blueprint.get("/reservations/split")
def split_form() -> Response:
    return show(typed(request.args), request.args)


@blueprint.post("/reservations/split")
def request_split() -> Response:
    """From the reservation's form: the pieces with all that was typed. From their own form: they are asked for."""
    draft = typed(request.form)
    if not request.form.get("send"):
        return show(draft, request.form)
    try:
        answer = backend.send(
            RequestCampaign, request_key=draft.request_key, team=draft.team, project=draft.project or None,
            purpose=draft.purpose.replace("\r\n", "\n"), steps=steps_of(draft, pieces_in(request.form)),
        )
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {}) if isinstance(refusal, InvalidInput) else {}
        return show(draft, request.form, status_of(refusal), refusal=refusal, errors=errors)
    flash(gettext("All pieces are held together."))
    address = url_for("pages.campaign_page", campaign=answer["id"])
    if is_fragment():
        made = make_response("", 204)
        made.headers["HX-Redirect"] = address
        return made
    return redirect(address, 303)


def steps_of(draft: Draft, pieces: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One step of a campaign for each piece: the same run, on the same facility."""
    facility = found_facility(draft.facility)
    run = draft.run | said(request.form).given(facility)
    return [
        {**run, "facility": draft.facility, "unit": piece["unit"], "starts_at": piece["starts_at"].isoformat(),
         "ends_at": piece["ends_at"].isoformat()} for piece in pieces
    ]


def show(draft: Draft, values: Any, status: int = 200, **more: Any) -> Response:
    carried = [(name, value) for name, value in values.items(multi=True) if name not in NOT_CARRIED]
    facility = found_facility(draft.facility)
    context = {"refusal": None, "errors": {}, "draft": draft, "facility": facility, "carried": carried} | more
    page = "finding/split_drawer.html" if is_fragment() else "finding/split.html"
    return make_response(render_template(
        page, pieces=pieces_in(values), unit_names={each["code"]: each.get("names") for each in facility["units"]},
        **context), status)
