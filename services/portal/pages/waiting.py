"""The wait list: joining it with what was typed elsewhere, one's own entries, the offers, and the managers' lists."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.commands import AcceptOffer, DeclineOffer, JoinWaitList, LeaveWaitList
from services.contracts.errors import InvalidInput, NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint
from services.portal.pages.answers import is_fragment
from services.portal.pages.draft import Draft, typed
from services.portal.pages.manage import MANAGERS, SUBJECTS
from services.portal.pages.requesting import fields_of, form_context, found_facility, kept_run, projects
from services.portal.pages.reservations import detail, version_read
from services.portal.pages.waiting_draft import Window, began, lengths, window_of
from services.portal.pages.words import OVER

SHOWS = {"open": lazy_gettext("Still waiting"), "all": lazy_gettext("All")}
SUBJECTS.append((
    "pages.wait_lists", lazy_gettext("Wait lists"), lazy_gettext("Who waits for which facility, and in which order."),
    MANAGERS,
))


# joining -----------------------------------------------------------------------------------


@blueprint.get("/waitlist/new")
def new_wait_entry() -> Response:
    facility = found_facility(request.args.get("facility"))
    own = backend.identity()["teams"]
    return show(*began(request.args, facility, own[0]["code"] if own else ""))


@blueprint.post("/waitlist/form")
def wait_form() -> Response:
    """The form with what was typed here, or in the form that asks for a reservation; nothing is lost."""
    draft = typed(request.form)
    facility = found_facility(draft.facility)
    kept = {"unit": draft.unit if draft.unit in {unit["code"] for unit in facility["units"]} else ""}
    known = {item["code"] for item in projects(draft.team)}
    draft = Draft(**vars(draft) | kept | kept_run(draft, facility) | {
        "project": draft.project if draft.project in known else "", "reservation": "", "version": ""})
    return show(draft, window_of(request.form))


@blueprint.post("/waitlist/check")
def wait_check() -> str:
    """Whether something in the window is free already: then one need not wait."""
    draft, window = typed(request.form), window_of(request.form)
    return render_template("waiting/note.html", draft=draft, free=free_in(draft, window), facility_names={})


@blueprint.post("/waitlist")
def join_wait_list() -> Response:
    draft, window = typed(request.form), window_of(request.form)
    try:
        backend.send(JoinWaitList, request_key=draft.request_key, minutes=window.minutes, **fields_of(draft))
    except Refusal as refusal:
        return refused(draft, window, refusal)
    flash(gettext("You are on the wait list. You are told as soon as time is held for you."))
    if is_fragment():
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = url_for("pages.wait_list")
        return answer
    return redirect(url_for("pages.wait_list"), 303)


def show(draft: Draft, window: Window, status: int = 200, **more: Any) -> Response:
    """The form: the drawer's content for htmx, a whole page otherwise."""
    context = form_context(draft, **more) | {
        "window": window, "lengths": None, "free": free_in(draft, window), "wait_check": url_for("pages.wait_check"),
    }
    context["lengths"] = lengths(context["facility"], window.minutes)
    page = "waiting/drawer.html" if is_fragment() else "waiting/new.html"
    return make_response(render_template(page, **context), status)


def refused(draft: Draft, window: Window, refusal: Refusal) -> Response:
    """The form again with everything typed, and what is wrong."""
    elsewhere = None if isinstance(refusal, InvalidInput) else refusal
    return show(
        draft, window, status_of(refusal), errors=refusal.facts.get("errors", {}), refusal=elsewhere,
        violations=refusal.facts.get("violations", []),
    )


def free_in(draft: Draft, window: Window) -> dict[str, Any] | None:
    """The first free time within the window, if one seems to be free; booking decides when it is asked for."""
    span = window.starts(draft)
    if span is None:
        return None
    try:
        found = backend.ask(
            "booking", "free_slots", facility=draft.facility, minutes=window.length(draft), limit=1,
            starts_at=span[0].isoformat(), ends_at=span[1].isoformat(), **draft.run,
        )
    except InvalidInput:
        return None
    return next(iter(found["items"]), None)


# one's own ---------------------------------------------------------------------------------


@blueprint.get("/waitlist")
def wait_list() -> tuple[str, int]:
    return own_list()


def own_list(status: int = 200, **more: Any) -> tuple[str, int]:
    state = request.args.get("show", "open")
    state = state if state in SHOWS else "open"
    items = backend.ask("booking", "wait_list", mine=True, state=state)["items"]
    offered = [item for item in items if item["state"] == "offered"]
    return render_template(
        "waiting/list.html", offered=offered, items=[item for item in items if item not in offered], shown=state,
        shows=SHOWS, over=OVER, request_key=backend.new_key(), manages=bool(set(roles()) & MANAGERS),
        **{"refusal": None} | more,
    ), status


@blueprint.post("/waitlist/<entry>/leave")
def leave_wait_list(entry: str) -> Response | tuple[str, int]:
    try:
        backend.send(LeaveWaitList, wait_entry=entry, version=version_read())
    except Refusal as refusal:
        return own_list(status_of(refusal), refusal=refusal)
    flash(gettext("You no longer wait for it."))
    return redirect(url_for("pages.wait_list"), 303)


@blueprint.post("/reservations/<reservation>/<any(accept, decline):answer>")
def answer_offer(reservation: str, answer: str) -> Response | tuple[str, int]:
    """Take what is held, or let it go; refused, the reservation's page says why."""
    kind = {"accept": AcceptOffer, "decline": DeclineOffer}[answer]
    try:
        taken = backend.send(kind, reservation=reservation, version=version_read())
    except Refusal as refusal:
        return detail(reservation, status_of(refusal), refusal=refusal, tried=answer)
    if answer == "decline":
        flash(gettext("Declined. The next team that waits is asked now."))
        return redirect(url_for("pages.wait_list"), 303)
    is_approved = taken["state"] == "approved"
    flash(gettext("Reserved.") if is_approved else gettext("Accepted. Your request was sent and keeps the time."))
    return redirect(url_for("pages.reservation_detail", reservation=reservation), 303)


# managers ----------------------------------------------------------------------------------


@blueprint.get("/waitlist/all")
def wait_lists() -> str:
    """Every list that the person looks after, in its order."""
    if not set(roles()) & MANAGERS:
        raise NotAllowed
    items = backend.ask("booking", "wait_list", facility=request.args.get("facility"))["items"]
    return render_template("waiting/all.html", lists=by_facility(items))


def by_facility(items: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """As they come: by facility, each in its order."""
    return [(code, list(found)) for code, found in groupby(items, key=lambda item: item["facility"])]


def roles() -> Iterable[str]:
    return backend.identity()["roles"]


def offers() -> list[dict[str, Any]]:
    """What is held for one's teams now."""
    items = backend.ask("booking", "wait_list", mine=True)["items"] if backend.identity()["teams"] else []
    return [item for item in items if item["state"] == "offered"]
