"""The first page: what is mine today and next, what waits for me, what is free right now."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext

from services.contracts.errors import Refusal
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.facilities import offer, rows_in
from services.portal.pages.reservations import by_day, found
from services.portal.pages.timeline import ZONE, Window

SHOWN = 6


def free_now(names: dict[str, Any], now: datetime) -> list[dict[str, Any]]:
    """Facilities that are free at this moment, those that stay free longest first."""
    rows = {}
    with suppress(Refusal):
        rows = rows_in(Window(local_time.today(), 1, 0, 24, 60))
    soon = []
    for code, row in rows.items():
        if code not in names or not row["free"]:
            continue
        start, end = row["free"][0]
        if (start - now).total_seconds() <= row["granularity"] * 60:
            soon.append({"facility": names[code], "until": end, "offer": offer(names[code], row)})
    return sorted(soon, key=lambda item: item["until"], reverse=True)[:SHOWN]


def greeting(now: datetime) -> str:
    hour = now.astimezone(ZONE).hour
    if hour < 12:
        return gettext("Good morning")
    return gettext("Good afternoon") if hour < 18 else gettext("Good evening")


@blueprint.get("/")
def home() -> str:
    now = local_time.now()
    facilities = {item["code"]: item for item in backend.facilities()}
    teams = backend.identity()["teams"]
    upcoming = [item for item in found("upcoming", None, None)["items"] if item.get("mine", bool(teams))] if teams else []
    waiting = backend.ask("booking", "approvals")["items"] if backend.decides() else []
    return render_template(
        "home.html", greeting=greeting(now), today=local_time.today(), days=by_day(upcoming[:SHOWN]), has_teams=bool(teams),
        queue=waiting[:SHOWN], queue_length=len(waiting), free=free_now(facilities, now), facilities=facilities,
        facility_names={code: item["names"] for code, item in facilities.items()},
    )
