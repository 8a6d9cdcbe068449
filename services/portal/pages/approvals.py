"""The queue of requests that wait for the manager, each beside what else happens that day."""

from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from services.contracts.commands import ApproveCampaign, ApproveReservation, ApproveSeries
from services.contracts.errors import Refusal
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.board_rows import row_of
from services.portal.pages.timeline import ZONE, Window
from services.portal.pages.words import name_in_language
from services.portal.sentences import sentence

LONGEST_LOOK = timedelta(days=60)
OF_SERIES, OF_CAMPAIGN = "series:", "campaign:"
"""With one of these before it, what is chosen in the queue is a whole series or campaign."""


@blueprint.get("/approvals")
def approvals() -> str:
    items = backend.ask("booking", "approvals")["items"]
    now = local_time.now()
    return render_template(
        "approvals/page.html",
        items=[entry(item, now) for item in beside(by_series(items))],
        shown=len(items),
        request_key=backend.new_key(),
    )


def by_series(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The requests, those of one series or campaign as one: its most urgent with all of them in order of time."""
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        whole = item.get("series") or item.get("campaign") or item["id"]
        first = found.setdefault(whole, item | {"members": []})
        first["members"].append(item)
    for item in found.values():
        item["members"].sort(key=lambda member: member["starts_at"])
    return list(found.values())


def beside(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The requests with the board row of their facility on the day on which they start; one query for all."""
    if not items:
        return []
    first = min(local_time.instant(item["starts_at"]) for item in items)
    last = max(local_time.instant(item["starts_at"]) for item in items)
    starts_at, ends_at = first - timedelta(days=1), min(last, first + LONGEST_LOOK) + timedelta(days=1)
    board = backend.ask("booking", "board", starts_at=starts_at.isoformat(), ends_at=ends_at.isoformat())
    facilities = {item["code"]: item for item in board["facilities"]}
    return [item | {"strip": strip(item, facilities.get(item["facility"]), board["items"])} for item in items]


def strip(item: dict[str, Any], facility: dict[str, Any] | None, taken: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The facility's day with the request among the others."""
    if facility is None:
        return None
    window = Window(local_time.instant(item["starts_at"]).astimezone(ZONE).date(), 1, 0, 24, 15)
    here = [other for other in taken if other["facility"] == item["facility"]]
    row = row_of(facility, here, window, local_time.now())
    return {
        "row": row,
        "others": [bar for bar in row["bars"] if bar["id"] != item["id"]],
        "name": name_in_language(facility["names"], facility["code"]),
        "questions": facility.get("questions") or [],
        "units": {unit["code"]: name_in_language(unit.get("names"), unit["code"]) for unit in facility["units"]},
    }


def entry(item: dict[str, Any], now: Any) -> dict[str, Any]:
    """A request with its age and what is left until its deadline, in minutes."""
    asked = local_time.instant(item["requested_at"]) if item.get("requested_at") else None
    decide_by = local_time.instant(item["decide_by"]) if item.get("decide_by") else None
    left = int((decide_by - now).total_seconds()) // 60 if decide_by else None
    return item | {
        "age": int((now - asked).total_seconds()) // 60 if asked else None,
        "left": left,
        "urgent": left is not None and left < 180,
    }


@blueprint.post("/approvals")
def approve_several() -> Response:
    """Approve each chosen request under a key of its own; tell what was refused and why."""
    base, chosen = request.form.get("request_key", ""), request.form.getlist("reservation")
    done = 0
    for reservation in chosen[:100]:
        key = str(uuid5(NAMESPACE_URL, base + reservation))
        try:
            if reservation.startswith(OF_SERIES):
                backend.send(ApproveSeries, series=reservation.removeprefix(OF_SERIES), request_key=key)
            elif reservation.startswith(OF_CAMPAIGN):
                backend.send(ApproveCampaign, campaign=reservation.removeprefix(OF_CAMPAIGN), request_key=key)
            else:
                backend.send(ApproveReservation, reservation=reservation, request_key=key)
            done += 1
        except Refusal as refusal:
            flash(sentence(refusal))
    if done:
        flash(ngettext("%(num)d request approved.", "%(num)d requests approved.", done))
    elif not chosen:
        flash(gettext("Choose at least one request."))
    return redirect(url_for("pages.approvals"), 303)
