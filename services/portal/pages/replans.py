"""Re-plans: what has to be decided, and one plan with what it costs, before and after, and how it may be changed."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.commands import AcceptReplan, DiscardReplan, ReplanCommand, ReviseReplan, StartReplan
from services.contracts.errors import InvalidInput, NotAllowed, PlanRepaired, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time, replan_words
from services.portal.pages.manage import MANAGERS
from services.portal.pages.manage import SUBJECTS as MANAGED
from services.portal.pages.replan_strips import strips
from services.portal.sentences import field_sentence

MANAGED.append((
    "pages.replans", lazy_gettext("Re-plans"),
    lazy_gettext("Plans for reservations that an outage, a closure or a priority case has hit."), MANAGERS,
))
NO_MORE_POLLING = 286
"""The status at which htmx stops asking."""


def require_manager() -> None:
    if not backend.manages():
        raise NotAllowed


@blueprint.app_context_processor
def telling() -> dict[str, Any]:
    return {"replan_words": replan_words, "plan_for": plan_for, "facilities_named": named}


def plan_for(interruption: str) -> dict[str, Any] | None:
    """The plan that waits for those whom an interruption hits."""
    with suppress(Refusal):
        items = backend.ask("booking", "replans", interruption=interruption)["items"]
        return next((each for each in items if each["state"] in replan_words.OPEN), None)
    return None


@blueprint.get("/replans")
def replans() -> str:
    require_manager()
    is_past = request.args.get("show") == "past"
    shown_states = replan_words.DECIDED if is_past else replan_words.OPEN
    items = [each for each in backend.ask("booking", "replans")["items"] if each["state"] in shown_states]
    return render_template("replans/list.html", items=items, is_past=is_past, names=named())


def named() -> dict[str, Any]:
    """The facilities by code, asked once per page; none where facilities does not answer."""
    if "facilities_named" not in g:
        g.facilities_named = {}
        with suppress(Refusal):
            g.facilities_named = {each["code"]: each for each in backend.facilities()}
    return g.facilities_named


@blueprint.post("/replans")
def start_replan() -> Response:
    """A plan for those whom an interruption hits, though none was made or the last one was discarded."""
    require_manager()
    interruption = request.form.get("interruption", "")
    try:
        made = backend.send(StartReplan, interruption=interruption)
    except InvalidInput as refusal:
        for word in {word for words in refusal.facts["errors"].values() for word in words}:
            flash(field_sentence(word))
        return redirect(url_for("pages.interruption", interruption=interruption), 303)
    return redirect(url_for("pages.replan", replan=made["id"]), 303)


def context_of(plan: Mapping[str, Any]) -> dict[str, Any]:
    """All that the plan's page shows; the items have the numbers that stand on the board."""
    names, interruption = named(), None
    items = [each | {"number": number} for number, each in enumerate(plan["items"], 1)]
    with suppress(Refusal):
        if plan["cause"].get("interruption"):
            interruption = backend.ask("facilities", "interruption", interruption=plan["cause"]["interruption"])
    return {
        "plan": plan,
        "items": items,
        "happened": replan_words.happened(plan, interruption, names),
        "strip": strips([each for each in items if not replan_words.is_kept(each)], local_time.now()),
        "names": names,
        "targets": targets(plan, names),
        "request_key": backend.new_key(),
    }


def targets(plan: Mapping[str, Any], names: Mapping[str, Any]) -> list[str]:
    """The facilities to which the plan moves or might move something, and those that may not be used."""
    used = {each["after"]["facility"] for each in plan["items"] if each["after"]}
    left = {each["before"]["facility"] for each in plan["items"]}
    equal = {code for facility in left for code in (names.get(facility) or {}).get("equivalents") or ()}
    return sorted(used | left | equal | set(plan["excluded_facilities"]))


def shown(replan: str, status: int = 200, **more: Any) -> tuple[str, int]:
    plan = backend.ask("booking", "replan", replan=replan)
    context = {"refusal": None, "changed": None} | context_of(plan)
    return render_template("replans/page.html", **context | more), status


@blueprint.get("/replans/<replan>")
def replan(replan: str) -> tuple[str, int]:
    return shown(replan)


@blueprint.get("/replans/<replan>/progress")
def replan_progress(replan: str) -> Response:
    """What the search is at; the plan itself comes along when it is another one, or the search is over."""
    plan = backend.ask("booking", "replan", replan=replan)
    is_over = plan["state"] != "computing"
    is_other = is_over or request.args.get("version") != str(plan["version"])
    context = context_of(plan) if is_other else {"plan": plan}
    page = render_template("replans/progress.html", is_other=is_other, refusal=None, changed=None, **context)
    return make_response(page, NO_MORE_POLLING if is_over else 200)


@blueprint.post("/replans/<replan>")
def revise_replan(replan: str) -> Response | tuple[str, int]:
    """Recompute with some places kept, some reservations left out and some facilities barred."""
    form = request.form
    wishes = {"pins": form.getlist("pin"), "excluded_reservations": form.getlist("leave_out")}
    try:
        send(ReviseReplan, replan, **wishes, excluded_facilities=form.getlist("bar"))
    except Refusal as refusal:
        return shown(replan, status_of(refusal), refusal=refusal)
    return redirect(url_for("pages.replan", replan=replan), 303)


@blueprint.post("/replans/<replan>/accept")
def accept_replan(replan: str) -> Response | tuple[str, int]:
    """Carry it out; where it did not fit any more, the page shows the repaired plan and asks again."""
    try:
        send(AcceptReplan, replan)
    except PlanRepaired as repaired:
        return shown(replan, status_of(repaired), changed=repaired.facts["changed"])
    except Refusal as refusal:
        return shown(replan, status_of(refusal), refusal=refusal)
    flash(gettext("Carried out as a whole. The teams are being told."))
    return redirect(url_for("pages.replan", replan=replan), 303)


@blueprint.post("/replans/<replan>/discard")
def discard_replan(replan: str) -> Response | tuple[str, int]:
    try:
        send(DiscardReplan, replan)
    except Refusal as refusal:
        return shown(replan, status_of(refusal), refusal=refusal)
    flash(gettext("Discarded. The reservations stay as they are."))
    return redirect(url_for("pages.replans"), 303)


def send(kind: type[ReplanCommand], replan: str, **fields: Any) -> dict[str, Any]:
    """Send a command on the plan as it was seen."""
    return backend.send(kind, replan=replan, version=request.form.get("version", 1, type=int), **fields)
