"""The first page: what is mine today and next, what waits for me, what is free soonest."""

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


def free_soonest(names: dict[str, Any], now: datetime) -> list[dict[str, Any]]:
    """The facilities whose free time begins soonest today or tomorrow; of those, the longest first."""
    window, rows, found = Window(local_time.today(), 2, 0, 24, 60), {}, []
    with suppress(Refusal):
        rows = rows_in(window)
    for code, row in rows.items():
        if code in names and row["free"]:
            start, end = row["free"][0]
            told = free_words(
                start, end, (start - now).total_seconds() <= row["granularity"] * 60, end >= window.ends_at
            )
            found.append(
                (start, start - end, {"facility": names[code], "told": told, "offer": offer(names[code], row)})
            )
    return [item for *_, item in sorted(found, key=lambda entry: entry[:2])][:SHOWN]


def free_words(start: datetime, end: datetime, is_now: bool, is_open: bool) -> str:
    """A free stretch in few words; one that reaches over the days looked at has no end to tell."""
    if is_open:
        return gettext("free now") if is_now else gettext("from %(moment)s", moment=local_time.moment_words(start))
    if is_now and end.astimezone(ZONE).date() == start.astimezone(ZONE).date():
        return gettext("until %(clock)s", clock=local_time.clock_words(end))
    return local_time.span_words(start, end)


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
    upcoming = (
        [item for item in found("upcoming", None, None)["items"] if item.get("mine", bool(teams))] if teams else []
    )
    waiting = backend.ask("booking", "approvals")["items"] if backend.decides() else []
    return render_template(
        "home.html",
        greeting=greeting(now),
        today=local_time.today(),
        days=by_day(upcoming[:SHOWN]),
        has_teams=bool(teams),
        queue=waiting[:SHOWN],
        queue_length=len(waiting),
        free=free_soonest(facilities, now),
        facilities=facilities,
        facility_names={code: item["names"] for code, item in facilities.items()},
    )
