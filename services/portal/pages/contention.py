"""Rivals for those who decide: groups, ranked with their sums; giving the time to one; and draws for everybody."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.commands import AllocateReservation
from services.contracts.errors import NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, contention_words
from services.portal.pages.approvals import beside
from services.portal.pages.manage import MANAGERS
from services.portal.pages.manage import SUBJECTS as MANAGED
from services.portal.pages.numbers import whole

MANAGED.insert(1, (
    "pages.contention",
    lazy_gettext("Contended time"),
    lazy_gettext("Who competes for the same time, ranked, and giving it to one of them."),
    MANAGERS,
))


@blueprint.get("/contention")
def contention() -> tuple[str, int]:
    return page()


def page(status: int = 200, **more: Any) -> tuple[str, int]:
    if not backend.manages():
        raise NotAllowed
    groups = backend.ask("booking", "contention")["items"]
    shown = {"refusal": None, "errors": {}, "tried": None, "typed_reason": ""} | more
    return render_template(
        "contention/page.html", groups=beside([group | {"id": None} for group in groups]), told=contention_words,
        request_key=backend.new_key(), **shown,
    ), status


@blueprint.post("/contention/<reservation>/allocate")
def allocate(reservation: str) -> Response | tuple[str, int]:
    """Give the time to one of them; refused, the page says why and keeps the reason typed."""
    reason, version = request.form.get("reason", "").replace("\r\n", "\n"), request.form.get("version", "")
    try:
        backend.send(
            AllocateReservation, reservation=reservation, version=whole(version, 1),
            reason=reason,
        )
    except Refusal as refusal:
        return page(
            status_of(refusal), refusal=refusal, errors=refusal.facts.get("errors", {}), tried=reservation,
            typed_reason=reason,
        )
    flash(gettext("Allocated. All who competed are being told."))
    return redirect(url_for("pages.contention"), 303)


@blueprint.get("/draws/<draw>")
def draw(draw: str) -> str:
    return render_template("contention/draw.html", item=backend.ask("booking", "draw", draw=draw))
