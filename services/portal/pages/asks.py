"""What one's teams ask of others and are asked: lists, one question, and its answer."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.commands import AcceptAsk, AskCommand, DeclineAsk, WithdrawAsk
from services.contracts.errors import InvalidInput, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.asking import names
from services.portal.pages.board_rows import position
from services.portal.pages.draft import local_moment
from services.portal.pages.timeline import Window, place

STATES = {
    "asked": lazy_gettext("No answer yet"),
    "accepted": lazy_gettext("Agreed"),
    "declined": lazy_gettext("The answer is no"),
    "withdrawn": lazy_gettext("Taken back"),
    "lapsed": lazy_gettext("Over without an answer"),
}
COLOURS = {
    "asked": "requested", "accepted": "approved", "declined": "rejected", "withdrawn": "withdrawn", "lapsed": "expired",
}
"""By which state of a reservation a badge is coloured."""

ACTIONS: dict[str, tuple[type[AskCommand], Any]] = {
    "accept": (AcceptAsk, lazy_gettext("You have agreed; both sides are changed.")),
    "decline": (DeclineAsk, lazy_gettext("You have said no. Nothing has changed.")),
    "withdraw": (WithdrawAsk, lazy_gettext("The question was taken back.")),
}


def with_strips(item: Mapping[str, Any]) -> dict[str, Any]:
    """An ask with its own side's times as little bars, before and after."""
    return {**item, "strips": {name: strip(item[name]) for name in ("before", "after") if item[name]}}


def strip(place_told: Mapping[str, Any]) -> str:
    """The classes of a bar within the hours of its first day."""
    starts_at, ends_at = (local_time.instant(place_told[name]) for name in ("starts_at", "ends_at"))
    window = Window(local_time.local_day(starts_at), 1, 8, 22, 15)
    return position(place(window, starts_at, ends_at))


def context(**more: Any) -> dict[str, Any]:
    shown = {"states": STATES, "colours": COLOURS, "request_key": backend.new_key(), "errors": {}, "refusal": None}
    return shown | names() | more


@blueprint.get("/asks")
def asks() -> str:
    items = [with_strips(item) for item in backend.ask("booking", "asks")["items"]]
    return render_template("asks/list.html", **context(groups=[
        ("asked", [item for item in items if item["side"] == "asked"]),
        ("asking", [item for item in items if item["side"] == "asking"]),
    ]))


@blueprint.get("/asks/<ask>")
def ask_page(ask: str) -> tuple[str, int]:
    return shown(ask)


def shown(ask: str, status: int = 200, **more: Any) -> tuple[str, int]:
    """One question as it stands now."""
    item = with_strips(backend.ask("booking", "ask", ask=ask))
    return render_template("asks/page.html", **context(item=item, value_of=value_of, **more)), status


def value_of(way: Mapping[str, Any]) -> str:
    times = [local_time.local_text(local_time.instant(way[name])) for name in ("starts_at", "ends_at")]
    return "|".join([way["facility"], way["unit"] or "", *times])


@blueprint.post("/asks/<ask>/<any(accept, decline, withdraw):action>")
def answer_ask(ask: str, action: str) -> Response | tuple[str, int]:
    kind, message = ACTIONS[action]
    try:
        fields = elsewhere() if action == "accept" else {}
        if action == "decline":
            fields = {"reason": request.form.get("reason", "").replace("\r\n", "\n")}
        answer = backend.send(kind, ask=ask, **fields)
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {}) if isinstance(refusal, InvalidInput) else {}
        return shown(ask, status_of(refusal), refusal=refusal, errors=errors)
    flash(str(message) if action != "accept" else agreed(answer))
    return redirect(url_for("pages.ask_page", ask=ask), 303)


def agreed(answer: Mapping[str, Any]) -> str:
    """What became of the own reservation."""
    made = answer.get("reservation") or {}
    if made.get("state") == "cancelled":
        return gettext("You have given the time up.")
    if made.get("state") == "requested":
        return gettext("You have agreed; the new time waits for approval.")
    return str(ACTIONS["accept"][1])


def elsewhere() -> dict[str, Any]:
    """The place that a holder who gives way has chosen; nothing to give the time up. Raises InvalidInput.

    What cannot be read is never taken for giving up.
    """
    chosen = request.form.get("way", "")
    if not chosen:
        return {}
    facility, unit, start, end = ([*chosen.split("|"), "", "", "", ""])[:4]
    times = {"starts_at": local_moment(start), "ends_at": local_moment(end)}
    if not facility or not all(times.values()):
        raise InvalidInput(errors={"way": ["unknown_choice"]})
    return {"facility": facility, "unit": unit or None, **times}


def asks_about(reservation: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The open questions about an own reservation; none when booking does not answer."""
    if not reservation.get("mine"):
        return []
    with suppress(Refusal):
        return backend.ask("booking", "asks", reservation=reservation["id"], state="open")["items"]
    return []


def waiting_asks() -> int:
    """How many questions wait for an answer of one's teams; none when booking does not answer."""
    with suppress(Refusal):
        arguments = {"actor": backend.identity()["person"]}
        return backend.gateway().call(
            "booking", "asks_count", arguments, deadline=backend.SHORT_DEADLINE)["count"]
    return 0
