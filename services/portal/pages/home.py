"""The first page: what is mine today and next, what waits for me, what is free soonest."""

from datetime import datetime, timedelta
from typing import Any

from flask import render_template
from flask_babel import gettext

from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.asks import waiting_asks
from services.portal.pages.facilities import free_ahead, with_free
from services.portal.pages.replanned import open_moves
from services.portal.pages.reservations import by_day, found
from services.portal.pages.timeline import ZONE, Window
from services.portal.pages.waiting import offers

SHOWN = 6
DAYS_SHOWN = 2
STEP = timedelta(minutes=30)


def free_soonest(facilities: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The facilities whose free time begins soonest today or tomorrow; of those, the longest first."""
    free, ends_at = free_ahead(DAYS_SHOWN), Window(local_time.today(), DAYS_SHOWN, 0, 24, 60).ends_at
    found = [each for each in (with_free(item, free) for item in facilities) if each["free"] and each["active"]]
    soonest = sorted(found, key=lambda each: (each["free"][0], each["free"][0] - each["free"][1]))[:SHOWN]
    return [each | {"told": free_words(*each["free"], now + STEP, ends_at)} for each in soonest]


def free_words(start: datetime, end: datetime, soon: datetime, seen: datetime) -> str:
    """A free stretch in few words; one that reaches over what was looked at has no end to tell."""
    is_now = start <= soon
    if end >= seen:
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
    facilities = backend.facilities()
    teams = backend.identity()["teams"]
    upcoming = [item for item in found("upcoming", None, None)["items"] if item["mine"]] if teams else []
    due = backend.ask("booking", "day_of_use", mine=True)["items"] if teams else []
    waiting = backend.ask("booking", "approvals")["items"] if backend.decides() else []
    return render_template(
        "home.html",
        greeting=greeting(now),
        today=local_time.today(),
        moves=open_moves() if teams else [],
        days=by_day(upcoming[:SHOWN]),
        has_teams=bool(teams),
        offers=offers(),
        due=[item for item in due if item["allowed_actions"]],
        asks_waiting=waiting_asks() if teams else 0,
        queue=waiting[:SHOWN],
        queue_length=len(waiting),
        free=free_soonest(facilities, now),
        facility_names={item["code"]: item["names"] for item in facilities},
    )
