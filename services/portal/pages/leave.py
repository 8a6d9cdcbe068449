"""Going on leave: who decides in one's place, and from when until when."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from services.contracts.commands import SetLeave
from services.contracts.errors import InvalidInput, Refusal
from services.portal.errors import status_of
from services.portal.identities import identities
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.timeline import at


def page(values: dict[str, str], status: int = 200, **more: Any) -> tuple[str, int]:
    context = {"errors": {}, "refusal": None} | more
    able = backend.ask("accounts", "delegates")["items"]
    return render_template(
        "account/leave.html", able=able, values=values, request_key=backend.new_key(), today=local_time.today(),
        **context,
    ), status


@blueprint.get("/account/leave")
def leave() -> tuple[str, int]:
    present = backend.identity().get("leave") or {}
    if not present:
        return page({})
    starts_at, ends_at = (local_time.instant(present[name]) for name in ("starts_at", "ends_at"))
    return page({
        "delegate": present["delegate"], "first": local_time.local_text(starts_at)[:10],
        "last": local_time.local_text(ends_at - timedelta(seconds=1))[:10],
    })


@blueprint.post("/account/leave")
def set_leave() -> Response | tuple[str, int]:
    """Whole days of the base; without a delegate leave ends."""
    form = {name: request.form.get(name, "").strip() for name in ("delegate", "first", "last")}
    try:
        backend.send(SetLeave, **({} if request.form.get("end") else {
            "delegate": form["delegate"] or missing("delegate"),
            "starts_at": midnight(form["first"], "first"), "ends_at": midnight(form["last"], "last", days=1),
        }))
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {})
        named = {"starts_at": "first", "ends_at": "last"}
        told = {named.get(name, name): words for name, words in errors.items()}
        return page(form, status_of(refusal), errors=told, refusal=refusal)
    identities().forget(backend.identity()["person"])
    flash(gettext("Leave has ended.") if request.form.get("end") else gettext("Saved. Your delegate decides then."))
    return redirect(url_for("pages.leave"), 303)


def midnight(text: str, field: str, days: int = 0) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(errors={field: ["not_a_time" if text else "required"]}) from None
    return at(day + timedelta(days=days), 0)


def missing(field: str) -> str:
    raise InvalidInput(errors={field: ["required"]})
