"""Projects: what a team matures, how far it has come, its priority, and its way over the base."""

from itertools import groupby
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.commands import SaveProject, SetPriority
from services.contracts.commands.accounts import PRIORITIES, STAGES
from services.contracts.errors import NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.manage import BASE
from services.portal.pages.manage import SUBJECTS as MANAGED
from services.portal.pages.words import PRIORITY_NAMES, STAGE_NAMES

MANAGED.append((
    "pages.projects", lazy_gettext("Projects"),
    lazy_gettext("What the teams mature, and which work has priority."), BASE,
))


def leads(team: str) -> bool:
    """Whether the person may change a team's projects."""
    identity = backend.identity()
    own = {each["code"]: each["role"] for each in identity["teams"]}
    return "admin" in identity["roles"] or own.get(team) == "lead"


def ranks() -> bool:
    """Whether the person may set priorities."""
    return bool(BASE & set(backend.identity()["roles"]))


@blueprint.get("/projects")
def projects() -> tuple[str, int]:
    return page()


def page(status: int = 200, **more: Any) -> tuple[str, int]:
    items = backend.ask("accounts", "projects")["items"]
    own = [each for each in backend.identity()["teams"] if leads(each["code"])]
    context = {"refusal": None, "errors": {}, "values": {}} | more
    return render_template(
        "projects/list.html",
        groups=[(name, list(found)) for name, found in groupby(items, key=lambda item: item["team_name"])],
        own=own,
        stages=STAGE_NAMES,
        request_key=backend.new_key(),
        **context,
    ), status


@blueprint.post("/projects")
def create_project() -> Response | tuple[str, int]:
    form = request.form
    try:
        backend.send(
            SaveProject, project=form.get("project", "").strip(), name=form.get("name", "").strip(),
            team=form.get("team", ""), stage=chosen(form.get("stage"), STAGES),
        )  # fmt: skip
    except Refusal as refusal:
        return page(status_of(refusal), refusal=refusal, errors=refusal.facts.get("errors", {}), values=form)
    flash(gettext("Saved."))
    return redirect(url_for("pages.projects"), 303)


def chosen(text: str | None, choices: tuple[str, ...]) -> str:
    """What was chosen; the first when it is none of the choices."""
    return text if text in choices else choices[0]


@blueprint.get("/projects/<team>/<project>")
def project(team: str, project: str) -> tuple[str, int]:
    return journey_page(team, project)


def journey_page(team: str, project: str, status: int = 200, **more: Any) -> tuple[str, int]:
    item = backend.ask("booking", "journey", team=team, project=project)
    now = local_time.now()
    stations = [station | {"when": when(station, now)} for station in item["stations"]]
    context = {"refusal": None, "errors": {}, "values": {}} | more
    return render_template(
        "projects/journey.html",
        item=item,
        stations=stations,
        hours=hours_by_facility(stations),
        stages=STAGE_NAMES,
        reached=STAGES.index(item.get("stage", STAGES[0])),
        priorities=PRIORITY_NAMES,
        leads=leads(team),
        ranks=ranks(),
        request_key=backend.new_key(),
        **context,
    ), status


def when(station: dict[str, Any], now: Any) -> str:
    """past, now or ahead."""
    if local_time.instant(station["ends_at"]) <= now:
        return "past"
    return "now" if local_time.instant(station["starts_at"]) <= now else "ahead"


def hours_by_facility(stations: list[dict[str, Any]]) -> list[tuple[dict[str, Any], int]]:
    """Reserved minutes per facility, the most first; what nobody came for does not count."""
    found: dict[str, list[Any]] = {}
    for station in stations:
        if station["state"] != "no_show":
            length = local_time.instant(station["ends_at"]) - local_time.instant(station["starts_at"])
            found.setdefault(station["facility"], [station, 0])[1] += int(length.total_seconds() // 60)
    return sorted(((station, minutes) for station, minutes in found.values()), key=lambda each: -each[1])


@blueprint.post("/projects/<team>/<project>")
def save_project(team: str, project: str) -> Response | tuple[str, int]:
    form = request.form
    try:
        if "priority" in form:
            backend.send(
                SetPriority, project=project, team=team, priority=chosen(form.get("priority"), PRIORITIES),
                reason=form.get("reason", "").strip(),
            )  # fmt: skip
        elif leads(team):
            stage = chosen(form.get("stage"), STAGES)
            backend.send(SaveProject, project=project, team=team, name=form.get("name", "").strip(), stage=stage)
        else:
            raise NotAllowed
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {})
        return journey_page(team, project, status_of(refusal), refusal=refusal, errors=errors, values=form)
    flash(gettext("Saved. It shows everywhere in a moment."))
    return redirect(url_for("pages.project", team=team, project=project), 303)
