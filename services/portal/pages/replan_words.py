"""Re-plans in words: what happened, what a plan costs, why something comes to where it comes."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from services.portal.pages import local_time
from services.portal.pages.words import name_in_language
from services.portal.sentences import interrupted, joined, weighted

STATES = {
    "computing": lazy_gettext("Being computed"),
    "proposed": lazy_gettext("Waits for a decision"),
    "accepted": lazy_gettext("Carried out"),
    "discarded": lazy_gettext("Discarded"),
    "superseded": lazy_gettext("Replaced by a newer plan"),
    "empty": lazy_gettext("Nothing to plan"),
}
OPEN = ("computing", "proposed")
DECIDED = ("accepted", "discarded")
"""What was replaced by a newer plan, or came to nothing, nobody has to look at again."""
CAUSES = {
    "outage": lazy_gettext("Outage"),
    "maintenance": lazy_gettext("Maintenance"),
    "closure": lazy_gettext("Closure"),
    "hours": lazy_gettext("Changed hours"),
    "priority": lazy_gettext("Priority case"),
}
STAGES = {
    "cancelled": lazy_gettext("as few cancelled as possible"),
    "moved": lazy_gettext("as few moved as possible"),
    "shift": lazy_gettext("as little shift as possible"),
}
"""What the search makes least, one after the other."""
REASONS = {
    "same_time_other_unit": lazy_gettext("same time on another unit"),
    "same_time_elsewhere": lazy_gettext("same time on an equal facility"),
    "earlier": lazy_gettext("nearest free start, earlier"),
    "later": lazy_gettext("nearest free start, later"),
    "earlier_elsewhere": lazy_gettext("nearest free start on an equal facility, earlier"),
    "later_elsewhere": lazy_gettext("nearest free start on an equal facility, later"),
    "made_room": lazy_gettext("not hit itself, but goes aside so that others can stay"),
    "no_place": lazy_gettext("no place within the rules"),
    "campaign_ends": lazy_gettext("another step of its campaign has no place"),
    "goes_along": lazy_gettext("another step of its campaign has no place, so the whole campaign ends"),
    "begun": lazy_gettext("It has begun: its manager settles it."),
    "left_out": lazy_gettext("Left out: it stays as it is."),
}
KEPT = ("begun", "left_out")
OBSTACLES = {
    "outside_opening_hours": lazy_gettext("closed then"),
    "interrupted": lazy_gettext("out of use then"),
    "too_little_notice": lazy_gettext("too little notice"),
    "beyond_horizon": lazy_gettext("too far ahead"),
    "not_qualified": lazy_gettext("training missing"),
    "qualification_ends": lazy_gettext("training ends before"),
    "quota_exceeded": lazy_gettext("quota used up"),
    "too_many_people": lazy_gettext("too many people"),
    "too_long": lazy_gettext("too long there"),
    "too_short": lazy_gettext("too short there"),
    "in_the_past": lazy_gettext("already past"),
}
ANSWERS = {
    "none": lazy_gettext("not answered yet"),
    "confirmed": lazy_gettext("agreed"),
    "chosen": lazy_gettext("chose another time"),
    "declined": lazy_gettext("declined"),
    "overtaken": lazy_gettext("moved again since"),
}


def place_words(place: Mapping[str, Any], names: Mapping[str, Any]) -> str:
    """A facility and, where it has several, the unit: LAB-1 高低温老化 · 2 号箱."""
    facility = names.get(place["facility"]) or {}
    units = {unit["code"]: unit.get("names") for unit in facility.get("units") or ()}
    where = f"{place['facility']} {name_in_language(facility.get('names'))}".strip()
    unit = place.get("unit")
    return f"{where} · {name_in_language(units.get(unit), unit)}" if unit and len(units) > 1 else where


def happened(plan: Mapping[str, Any], interruption: Mapping[str, Any] | None, names: Mapping[str, Any]) -> str:
    """What happened, in one sentence, and to how many."""
    cause, number = plan["cause"], plan["hits"]
    where = place_words(cause, names) if cause.get("facility") else gettext("The whole base")
    if interruption and interruption["spans"]:
        told = interrupted({
            "kind": interruption["kind"], "reason": interruption["reason"], "open_end": interruption.get("open_end"),
            "until": interruption["spans"][-1]["ends_at"],
        })
    elif cause["kind"] == "priority":
        return gettext("%(place)s: %(told)s", place=where, told=case_words(cause)) + " " + ngettext(
            "%(num)d reservation has to make room for it.", "%(num)d reservations have to make room for it.", number)
    elif cause["kind"] == "hours":
        told = gettext("the opening hours have changed.")
    else:
        told = f"{CAUSES[cause['kind']]}."
    return gettext("%(place)s: %(told)s", place=where, told=told) + " " + ngettext(
        "%(num)d reservation cannot take place as it stands.", "%(num)d reservations cannot take place as they stand.",
        number)


def case_words(cause: Mapping[str, Any]) -> str:
    """For whom a priority case is, when and why, as those read it who decide."""
    reason = name_in_language(cause.get("reason")).rstrip("。.")
    if not cause.get("starts_at"):
        return gettext("a priority case needs the time.")
    when = local_time.span_words(local_time.instant(cause["starts_at"]), local_time.instant(cause["ends_at"]))
    team = cause.get("team_name") or cause.get("team") or ""
    return gettext("a priority case of %(team)s needs %(when)s (%(reason)s).", team=team, when=when, reason=reason)


def cause_words(cause: Mapping[str, Any]) -> str:
    """Why something was moved, as its team reads it."""
    kind, reason = str(CAUSES.get(cause["kind"], "")), name_in_language(cause.get("reason")).rstrip("。.")
    where = cause.get("facility") or gettext("the whole base")
    told = gettext("Why: %(kind)s, %(place)s", kind=kind, place=where)
    return gettext("%(told)s: %(reason)s.", told=told, reason=reason) if reason else f"{told}."


def goals_told(goals: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the plan costs, the weightiest first: the figure and its word."""
    return [
        (str(goals["cancelled"]), gettext("to be cancelled")),
        (str(goals["moved"]), gettext("to be moved")),
        (str(goals["teams"]), ngettext("team concerned", "teams concerned", goals["teams"])),
        (gettext("%(number)s h", number=weighted(goals["shift_minutes"])), gettext("of shift")),
        (str(goals["unit_changes"]), ngettext("change of unit", "changes of unit", goals["unit_changes"])),
    ]


def goals_words(goals: Mapping[str, Any]) -> str:
    """0 cancelled, 4 moved, 3 teams, 9.5 h of shift, 1 change of unit."""
    return joined(gettext("%(figure)s %(word)s", figure=figure, word=word) for figure, word in goals_told(goals))


def progress_words(plan: Mapping[str, Any]) -> str:
    """What the search is at; short, since it is read aloud."""
    if not plan.get("goals"):
        return gettext("A plan is being looked for.")
    progress = plan.get("progress") or {}
    told = gettext("This plan was made at once; a better one is being looked for.")
    if progress.get("name") in STAGES:
        step = {"stage": progress["stage"], "of": progress["of"], "goal": STAGES[progress["name"]]}
        told += " " + gettext("Step %(stage)d of %(of)d: %(goal)s.", **step)
    return told


def method_words(plan: Mapping[str, Any]) -> str:
    if plan["state"] == "computing":
        return ""
    if plan.get("optimal"):
        return gettext("No plan within the rules costs less.")
    if plan.get("method") == "solver":
        return gettext("The best plan found in the time that there was.")
    return gettext("Made at once, the most important first.")


def is_kept(item: Mapping[str, Any]) -> bool:
    """Whether the plan leaves it where it is, although it was hit."""
    return item.get("reason") in KEPT or is_left_out(item)


def is_left_out(item: Mapping[str, Any]) -> bool:
    return bool(item.get("excluded")) and item.get("reason") != "goes_along"


def reason_words(item: Mapping[str, Any]) -> str:
    """Why it comes to where it comes, or why it cannot take place."""
    told = str(REASONS.get("left_out" if is_left_out(item) else item.get("reason") or "", ""))
    obstacles = [str(OBSTACLES[rule]) for rule in item.get("obstacles") or () if rule in OBSTACLES]
    if item.get("after") or not obstacles:
        return told
    return gettext("%(reason)s (%(obstacles)s)", reason=told, obstacles=joined(obstacles))


def explained(kept: Mapping[str, Any]) -> list[str]:
    """Why a plan moved or cancelled a reservation, as its history keeps it, for its team."""
    told = [gettext("The base had to make a new plan: %(cause)s.", cause=CAUSES.get(kept.get("cause", ""), ""))]
    if kept.get("why") in REASONS:
        told.append(gettext("Its place in the plan: %(reason)s.", reason=REASONS[kept["why"]]))
    if kept.get("shift_minutes"):
        length = local_time.length_words(kept["shift_minutes"])
        told.append(gettext("Its start was shifted by %(length)s.", length=length))
    if obstacles := [str(OBSTACLES[rule]) for rule in kept.get("obstacles") or () if rule in OBSTACLES]:
        told.append(gettext("What stood against other places: %(obstacles)s.", obstacles=joined(obstacles)))
    return told
