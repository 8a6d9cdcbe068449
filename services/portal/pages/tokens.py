"""API tokens: made here, shown once, ended here."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from services.contracts.commands import CreateToken, RevokeToken
from services.contracts.errors import Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.words import SCOPES

LENGTHS = (7, 30, 90, 365)


def page(status: int = 200, **more: Any) -> tuple[str, int]:
    shown = {"secret": None, "name": "", "chosen": ["read"], "days": 90, "errors": {}, "refusal": None}
    return render_template(
        "account/tokens.html",
        items=backend.ask("accounts", "tokens")["items"],
        scopes=SCOPES,
        lengths=LENGTHS,
        request_key=backend.new_key(),
        now=local_time.now(),
        **shown | more,
    ), status


@blueprint.get("/tokens")
def tokens() -> tuple[str, int]:
    return page()


@blueprint.post("/tokens")
def create_token() -> tuple[str, int]:
    name, chosen = request.form.get("name", "").strip(), request.form.getlist("scopes")
    days = request.form.get("days", type=int) or 0
    try:
        answer = backend.send(CreateToken, name=name, scopes=chosen, days=days)
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {})
        return page(status_of(refusal), name=name, chosen=chosen, days=days, errors=errors, refusal=refusal)
    # Not redirected: the secret is in this answer and nowhere else.
    return page(201, secret=answer.get("secret"))


@blueprint.post("/tokens/<token>/revoke")
def revoke_token(token: str) -> Response:
    backend.send(RevokeToken, token=token)
    flash(gettext("The token was revoked."))
    return redirect(url_for("pages.tokens"), 303)


@blueprint.get("/api-documents")
def api_docs() -> Response:
    """The docs page belongs to the API; this address stays when it moves."""
    return redirect("/api/docs")
