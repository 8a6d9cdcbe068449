"""The screens at doors and in the hall: paired once, then known by a cookie of their own and by nothing else."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Response, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from services.contracts.commands import (
    CheckInReservation,
    CheckOutReservation,
    ExtendReservation,
    PairDevice,
    ReportFault,
)
from services.contracts.errors import InvalidInput, Refusal, Unauthenticated, Unavailable
from services.portal import sessions
from services.portal.gateway import gateway
from services.portal.identities import identities
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.usage import end_read
from services.portal.sentences import field_sentence, sentence

COOKIE_SECONDS = 400 * 24 * 60 * 60
UNPAIRED = "door"
"""As whom a screen asks to be paired."""


def cookie() -> str:
    return "__Host-screen" if current_app.config["SESSION_COOKIE_SECURE"] else "screen"


def screen() -> dict[str, Any] | None:
    """The screen that asks, or None when it is not paired, or no longer."""
    secret = request.cookies.get(cookie())
    if not secret:
        return None
    try:
        g.identity = identities().by_device(secret)
    except Unauthenticated:
        return None
    listen(g.identity["person"])
    return g.identity


def listen(name: str) -> None:
    """Have a session under the screen's name, so that the live stream lets it in. It opens nothing else."""
    with suppress(Unavailable):
        found = sessions.sessions().find(sessions.visitor_id())
        if found is None or found.person != name:
            sessions.carry(sessions.sessions().begin(name))


@blueprint.get("/door")
def door() -> Response | str:
    found = screen()
    if found is None:
        return render_template("door/pair.html", refused=None)
    if found["facility"] is None:
        return redirect(url_for("pages.hall"), 303)
    return drawn(request.args.get("part") == "screen")


def drawn(is_part: bool = False, refused: str | None = None) -> str:
    told = backend.ask("booking", "door")
    page = "door/screen.html" if is_part else "door/page.html"
    return render_template(page, door=told, now=local_time.now(), refused=refused, whole=whole_state(told["units"]))


def whole_state(units: list[dict[str, Any]]) -> str:
    """The colour of the whole screen: that of its only unit."""
    return units[0]["state"] if len(units) == 1 else "several"


@blueprint.post("/door")
def pair() -> Response | tuple[str, int]:
    """The code that a manager made ties this screen to its place."""
    command = PairDevice(actor=UNPAIRED, request_key=backend.new_key(), code=request.form.get("code", "").strip())
    try:
        made = gateway().send(command).value
    except InvalidInput as refusal:
        words = [word for found in refusal.facts["errors"].values() for word in found]
        told = field_sentence("not_a_code" if "malformed" in words else words[0])
        return render_template("door/pair.html", refused=told), 422
    answer = make_response(redirect(url_for("pages.door"), 303))
    answer.set_cookie(
        cookie(), made["secret"], max_age=COOKIE_SECONDS, path="/", httponly=True, samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer


@blueprint.post("/door/<any('check-in', 'check-out', 'extend', 'fault'):step>")
def at_door(step: str) -> Response | tuple[str, int]:
    """One tap at the door; refused, the screen says why."""
    if screen() is None:
        return redirect(url_for("pages.door"), 303)
    try:
        STEPS[step]()
    except Refusal as refusal:
        words = [word for found in refusal.facts.get("errors", {}).values() for word in found]
        return drawn(refused=field_sentence(words[0]) if words else sentence(refusal)), 409
    flash(gettext("Done."))
    return redirect(url_for("pages.door"), 303)


def check_in() -> None:
    backend.send(CheckInReservation, reservation=chosen(), pin=request.form.get("pin", "").strip() or None)


def check_out() -> None:
    backend.send(CheckOutReservation, reservation=chosen())


def extend() -> None:
    end: datetime = end_read()
    backend.send(ExtendReservation, reservation=chosen(), ends_at=end)


def report() -> None:
    text, unit = request.form.get("text", ""), request.form.get("unit") or None
    backend.send(ReportFault, facility=backend.identity()["facility"], unit=unit, text=text.replace("\r\n", "\n"))


def chosen() -> str:
    return request.form.get("reservation", "")


STEPS = {"check-in": check_in, "check-out": check_out, "extend": extend, "fault": report}


@blueprint.get("/hall")
def hall() -> Response | str:
    """The base today on one screen, for whoever is signed in and for the hall's own display."""
    if screen() is None and sessions.current_identity() is None:
        return redirect(url_for("pages.door"), 303)
    told, now = backend.ask("booking", "hall"), local_time.now()
    tiles = [tile(each, [item for item in told["items"] if item["facility"] == each["code"]], now)
             for each in told["facilities"]]
    page = "door/hall_tiles.html" if request.args.get("part") == "screen" else "door/hall.html"
    return render_template(page, tiles=tiles, now=now)


def tile(facility: dict[str, Any], items: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """How many units are taken now, until when, and what comes next."""
    taken = [each for each in items if each["in_use"] or is_now(each, now)]
    coming = [each for each in items if local_time.instant(each["starts_at"]) > now]
    busy = {each["unit"] for each in taken}
    return {
        "names": facility["names"], "code": facility["code"], "units": len(facility["units"]), "busy": len(busy),
        "state": "in_use" if len(busy) == len(facility["units"]) else "some" if busy else "free",
        "until": min((local_time.instant(each["ends_at"]) for each in taken), default=None),
        "next": min((local_time.instant(each["starts_at"]) for each in coming), default=None),
    }


def is_now(item: dict[str, Any], now: datetime) -> bool:
    return local_time.instant(item["starts_at"]) <= now < local_time.instant(item["ends_at"])
