"""What a team does about the place to which the base moved its reservation: agree, choose another one, decline."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from services.contracts.commands import CancelReservation, ConfirmReplanned, MoveReservation, WithdrawReservation
from services.contracts.errors import InvalidInput, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.replan_words import cause_words
from services.portal.pages.reservations import detail, version_read


def open_moves(**which: str) -> list[dict[str, Any]]:
    """The own reservations that the base moved and about which the team may still say something."""
    with suppress(Refusal):
        return backend.ask("booking", "replanned", **which)["items"]
    return []


def move_of(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the base did with a reservation, as its page asks; nobody has to look where no plan ever touched it."""
    was_replanned = any(step["action"] == "replan" for step in item.get("history") or ())
    moves = open_moves(reservation=item["id"]) if was_replanned else []
    return moves[0] if moves else None


@blueprint.app_context_processor
def telling() -> dict[str, Any]:
    return {"move_of": move_of, "cause_words": cause_words}


@blueprint.post("/reservations/<reservation>/replanned")
def answer_replanned(reservation: str) -> Response | tuple[str, int]:
    """Agree, take one of the offered places, or decline; refused, the page says why."""
    common = {"reservation": reservation, "version": version_read()}
    try:
        match request.form.get("step"):
            case "decline":
                decline(common, request.form.get("reason", "").strip())
                flash(gettext("Declined. The time is free for others."))
            case "choose":
                backend.send(MoveReservation, **common, **place_read(request.form))
                flash(gettext("Moved to the time that you chose."))
            case _:
                backend.send(ConfirmReplanned, **common)
                flash(gettext("Thank you. The new time stands."))
    except Refusal as refusal:
        return detail(reservation, status_of(refusal), refusal=refusal)
    if request.form.get("back") == "home":
        return redirect(url_for("pages.home"), 303)
    return redirect(url_for("pages.reservation_detail", reservation=reservation), 303)


def decline(common: Mapping[str, Any], reason: str) -> None:
    """What still waits for a decision is withdrawn, what was approved is cancelled."""
    item = backend.ask("booking", "reservation", reservation=common["reservation"])
    if item["state"] == "requested":
        backend.send(WithdrawReservation, **common)
    else:
        backend.send(CancelReservation, **common, reason=reason)


def place_read(form: Mapping[str, str]) -> dict[str, Any]:
    """An offered place, as its button carries it. Raises InvalidInput."""
    facility, unit, *times = (form.get("place", "").split("|") + [""] * 4)[:4]
    try:
        starts_at, ends_at = (local_time.instant(text) for text in times)
    except ValueError as error:
        raise InvalidInput(errors={"starts_at": ["not_a_time"]}) from error
    return {"facility": facility, "unit": unit or None, "starts_at": starts_at, "ends_at": ends_at}
