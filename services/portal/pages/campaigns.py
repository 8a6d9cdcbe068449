"""Campaigns: building one step by step, taking a plan, and one page for the whole."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.commands import (
    ApproveCampaign,
    CancelCampaign,
    MoveCampaign,
    RejectCampaign,
    RequestCampaign,
)
from services.contracts.errors import InvalidInput, Refusal, StepsClash
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, campaign_plans, local_time
from services.portal.pages.campaign_form import CampaignForm, begun, starts_in, typed
from services.portal.pages.campaign_plans import gap_words, picture, with_gaps
from services.portal.pages.campaign_routes import routes_over
from services.portal.pages.draft import local_moment
from services.portal.pages.numbers import whole
from services.portal.pages.requesting import projects
from services.portal.pages.words import KINDS

STATES = {
    "waiting": lazy_gettext("Waits for approval"),
    "granted": lazy_gettext("Approved"),
    "running": lazy_gettext("Under way"),
    "finished": lazy_gettext("Finished"),
    "ended": lazy_gettext("Ended"),
}
BADGES = {
    "waiting": "requested", "granted": "approved", "running": "in_use", "finished": "finished", "ended": "cancelled",
}
"""The look of a campaign's state is that of a reservation's."""


@blueprint.get("/campaigns/new")
def new_campaign() -> Response:
    teams = backend.identity()["teams"]
    team = request.args.get("team") or (teams[0]["code"] if teams else "")
    return drawn(begun(request.args.get("route", ""), team))


@blueprint.post("/campaigns/new")
def build_campaign() -> Response:
    """Change the steps, look for plans, or take one."""
    form, do = typed(request.form), request.form.get("do", "find")
    if "take" in request.form:
        return take(form, starts_in(request.form["take"], len(form.steps)))
    return found(form) if do == "find" else drawn(form.changed(do))


def found(form: CampaignForm) -> Response:
    """The form with the plans that there are for it."""
    try:
        answer = backend.ask("booking", "find_campaign", **form.search())
    except Refusal as refusal:
        return drawn(form, refusal)
    return drawn(form, plans=answer["plans"], hindrances=answer["hindrances"], sought=True)


def take(form: CampaignForm, starts: Any) -> Response:
    """Ask for a plan as a whole. Where somebody was faster, the next plans are shown."""
    if starts is None:
        return found(form)
    try:
        answer = backend.send(RequestCampaign, request_key=form.request_key, **form.request(starts))
    except StepsClash as clash:
        steps = [each for each in clash.facts["steps"] if not each["ok"]]
        return drawn(form, clash, plans=clash.facts["plans"], hindrances=steps, sought=True)
    except Refusal as refusal:
        return drawn(form, refusal)
    flash(gettext("All steps are held for you."))
    return redirect(url_for("pages.campaign_page", campaign=answer["id"]), 303)


def drawn(form: CampaignForm, refusal: Refusal | None = None, **more: Any) -> Response:
    """The page of the form; with a refusal it says what is wrong, and where."""
    facilities = backend.facilities()
    shown = {"plans": (), "hindrances": (), "sought": False} | more
    return make_response(render_template(
        "campaigns/new.html", form=form, refusal=refusal, kinds=KINDS, facilities=facilities,
        errors=refusal.facts.get("errors", {}) if isinstance(refusal, InvalidInput) else {},
        by_code={each["code"]: each for each in facilities}, routes=routes_over(facilities),
        names={each["code"]: each["names"] for each in facilities},
        teams=backend.identity()["teams"], projects=projects(form.team),
        **shown | {"plans": campaign_plans.shown(shown["plans"], local_time.now())},
    ), status_of(refusal) if refusal else 200)


@blueprint.get("/campaigns/<campaign>")
def campaign_page(campaign: str) -> Response:
    return page(campaign)


def page(campaign: str, status: int = 200, **more: Any) -> Response:
    """The whole as it stands now; with ``wished``, also where its steps to come might go."""
    item = backend.ask("booking", "campaign", campaign=campaign)
    shown = {"refusal": None, "errors": {}, "typed_reason": "", "tried": None, "plans": (), "sought": False} | more
    if "move" in item["allowed_actions"] and "wished" in request.args and not shown["sought"]:
        shown |= {"plans": plans_near(campaign, request.args["wished"]), "sought": True}
    facilities = {each["code"]: each["names"] for each in backend.facilities()}
    return make_response(render_template(
        "campaigns/page.html", item=item, steps=with_gaps(item["steps"]), gap_words=gap_words, states=STATES,
        badges=BADGES, facility_names=facilities, whole=picture(item["steps"], local_time.now()),
        request_key=backend.new_key(), wished=request.args.get("wished", ""), today=local_time.today(),
        **shown | {"plans": campaign_plans.shown(shown["plans"], local_time.now())},
    ), status)


def plans_near(campaign: str, day: str) -> list[dict[str, Any]]:
    """Other plans that begin near a local day; without one near the present start."""
    wished = local_moment(f"{day}T00:00")
    more = {"wished": wished.isoformat()} if wished else {}
    return backend.ask("booking", "find_campaign_move", campaign=campaign, **more)["plans"]


ACTIONS: dict[str, tuple[Any, Any]] = {
    "approve": (ApproveCampaign, lazy_gettext("You have agreed to the steps that waited for you.")),
    "reject": (RejectCampaign, lazy_gettext("The campaign was rejected as a whole. The team is being told.")),
    "cancel": (CancelCampaign, lazy_gettext("The steps that had not begun were given up.")),
}


@blueprint.post("/campaigns/<campaign>/<any(approve, reject, cancel):action>")
def act_on_campaign(campaign: str, action: str) -> Response:
    """Take one step with the whole; refused, the page says why and keeps the reason typed."""
    kind, message = ACTIONS[action]
    reason = request.form.get("reason", "").replace("\r\n", "\n")
    try:
        backend.send(kind, campaign=campaign, **({} if action == "approve" else {"reason": reason}))
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {}) if isinstance(refusal, InvalidInput) else {}
        return page(
            campaign, status_of(refusal), refusal=refusal, errors=errors, typed_reason=reason, tried=action)
    flash(str(message))
    if request.form.get("back") == "approvals":
        return redirect(url_for("pages.approvals"), 303)
    return redirect(url_for("pages.campaign_page", campaign=campaign), 303)


@blueprint.post("/campaigns/<campaign>/move")
def move_campaign(campaign: str) -> Response:
    """Move the steps to come to a plan: ``plan`` holds each step's number, start and unit."""
    version = request.form.get("version", "")
    steps = [moved_step(text) for text in request.form.get("plan", "").split(",") if text]
    try:
        backend.send(
            MoveCampaign, campaign=campaign, version=whole(version, 1), steps=steps)
    except StepsClash as clash:
        return page(campaign, status_of(clash), refusal=clash, plans=clash.facts["plans"], sought=True)
    except Refusal as refusal:
        return page(campaign, status_of(refusal), refusal=refusal)
    flash(gettext("All steps to come were moved."))
    return redirect(url_for("pages.campaign_page", campaign=campaign), 303)


def moved_step(text: str) -> dict[str, Any]:
    number, start, unit = ([*text.split("|"), "", ""])[:3]
    moment = local_moment(start)
    return {
        "step": whole(number), "starts_at": moment.isoformat() if moment else None,
        "unit": unit or None,
    }
