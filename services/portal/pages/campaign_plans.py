"""Plans of a campaign as people see them: a picture of the steps one under the other, and what lies between them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext

from services.portal.pages import local_time
from services.portal.pages.board_rows import bar_of
from services.portal.pages.timeline import ZONE, Window

WIDTHS = ((1, 15), (7, 15), (14, 30), (28, 60))
"""How many days a picture may show, and how many minutes its columns are wide then."""


def window_of(steps: Sequence[Mapping[str, Any]]) -> Window:
    """The days from the first start to the last end; what lies further than four weeks is cut off."""
    first = local_time.instant(steps[0]["starts_at"]).astimezone(ZONE).date()
    last = local_time.last_day(*(local_time.instant(steps[-1][name]) for name in ("starts_at", "ends_at")))[0]
    days = (last - first).days + 1
    width, step = next((each for each in WIDTHS if each[0] >= days), WIDTHS[-1])
    return Window(first, width, 0, 24, step)


def picture(steps: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, Any]:
    """The window, and for each step its bar; those of a plan are as if they waited."""
    window = window_of(steps)
    rows = []
    for step in steps:
        bar = bar_of({"state": "requested", "unit": None, **step, "team": None}, window, {}, now)
        rows.append({"step": step["step"], "facility": step["facility"], "bar": bar})
    return {"window": window, "rows": rows}


def with_gaps(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The steps, each with the minutes since the end of the one before."""
    found, before = [], None
    for step in steps:
        starts_at, ends_at = (local_time.instant(step[name]) for name in ("starts_at", "ends_at"))
        gap = None if before is None else int((starts_at - before) / timedelta(minutes=1))
        found.append({**step, "from": starts_at, "to": ends_at, "gap": gap})
        before = ends_at
    return found


def shown(plans: Sequence[Mapping[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The plans with their pictures, and what is good about each in words."""
    found = []
    for plan in plans:
        steps = with_gaps(plan["steps"])
        found.append({
            **plan, "steps": steps, "picture": picture(plan["steps"], now),
            "length": local_time.between(steps[0]["from"], steps[-1]["to"]),
            "waits": sum(step["gap"] or 0 for step in steps), "ends": steps[-1]["to"],
            "value": ",".join(local_time.local_text(step["from"]) for step in steps),
            "moves": ",".join(
                f"{step['step']}|{local_time.local_text(step['from'])}|{step['unit'] or ''}" for step in steps),
        })
    for plan in found:
        plan["told"] = told_of(plan, found)
    return found


def told_of(plan: Mapping[str, Any], plans: Sequence[Mapping[str, Any]]) -> list[str]:
    """Why one might take it, beside the others."""
    told = [gettext("starts when you wish")] if plan["why"] == "wished" else []
    merits = (("starts_at", gettext("starts first")), ("ends", gettext("is done first")),
              ("waits", gettext("waits least between the steps")))
    for name, words in merits:
        values = [each[name] for each in plans]
        if plan[name] == min(values) < max(values):
            told.append(words)
    return told


def gap_words(step: Mapping[str, Any]) -> str:
    """What may lie between a step and the one before it."""
    least, most = step.get("least_gap_minutes") or 0, step.get("most_gap_minutes")
    told = {"least": local_time.hour_words(least), "most": local_time.hour_words(most or 0)}
    if least and most is not None:
        return gettext("%(least)s to %(most)s apart", **told)
    if most is not None:
        return gettext("at most %(most)s apart", **told)
    return gettext("at least %(least)s apart", **told) if least else ""


def ended_with(step: int) -> list[str]:
    """Why a step came to nothing that nobody decided about by itself."""
    return [gettext("It ended with step %(number)d of its campaign: the steps stand and fall together.", number=step)]
