"""Webhooks: programs that are told of reservations, for those who manage the base."""

from contextlib import suppress
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from services.contracts.commands import AddWebhook, ReplayWebhook, RotateWebhookSecret, SwitchWebhook
from services.contracts.errors import NotAllowed, Refusal
from services.contracts.events import ReservationEvent
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, words
from services.portal.pages.manage import BASE
from services.portal.sentences import sentence

FACTS = tuple(kind.__name__ for kind in ReservationEvent.__subclasses__())
FILTERS = ("", "dead", "retry", "accepted")


def check_rights() -> None:
    """Asked early; notify asks again. Raises NotAllowed."""
    if not BASE & set(backend.identity()["roles"]):
        raise NotAllowed


def teams() -> list[dict[str, Any]]:
    with suppress(Refusal):
        return backend.ask("accounts", "teams")["items"]
    return []


def list_page(status: int = 200, **more: Any) -> tuple[str, int]:
    check_rights()
    shown = {"name": "", "url": "", "team": "", "chosen": [], "errors": {}, "refusal": None}
    return render_template(
        "webhooks/list.html",
        items=backend.ask("notify", "webhooks")["items"],
        teams=teams(),
        facts={name: words.FACTS.get(name, name) for name in FACTS},
        request_key=backend.new_key(),
        **shown | more,
    ), status


@blueprint.get("/webhooks")
def webhooks() -> tuple[str, int]:
    return list_page()


@blueprint.post("/webhooks")
def add_webhook() -> tuple[str, int]:
    typed = {name: request.form.get(name, "").strip() for name in ("name", "url", "team")}
    chosen = request.form.getlist("facts")
    try:
        made = backend.send(AddWebhook, **typed | {"team": typed["team"] or None}, facts=chosen)
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {})
        return list_page(status_of(refusal), **typed, chosen=chosen, errors=errors, refusal=refusal)
    # Not redirected: the secret is in this answer and nowhere else.
    return webhook_page(made["webhook"], 201, secret=made.get("secret"))


def webhook_page(webhook: str, status: int = 200, **more: Any) -> tuple[str, int]:
    check_rights()
    state = request.args.get("state", "")
    state = state if state in FILTERS else ""
    return render_template(
        "webhooks/one.html",
        item=backend.ask("notify", "webhook", webhook=webhook),
        deliveries=backend.ask("notify", "webhook_deliveries", webhook=webhook, state=state or None)["items"],
        state=state,
        filters=FILTERS,
        request_key=backend.new_key(),
        **{"secret": None} | more,
    ), status


@blueprint.get("/webhooks/<identifier:webhook>")
def webhook(webhook: str) -> tuple[str, int]:
    return webhook_page(webhook)


@blueprint.post("/webhooks/<identifier:webhook>/<any(enable, disable):what>")
def switch_webhook(webhook: str, what: str) -> Response:
    backend.send(SwitchWebhook, webhook=webhook, active=what == "enable")
    return redirect(url_for("pages.webhook", webhook=webhook), 303)


@blueprint.post("/webhooks/<identifier:webhook>/rotate")
def rotate_webhook_secret(webhook: str) -> tuple[str, int]:
    return webhook_page(webhook, secret=backend.send(RotateWebhookSecret, webhook=webhook).get("secret"))


@blueprint.post("/webhooks/<identifier:webhook>/replay")
def replay_webhook(webhook: str) -> Response:
    try:
        count = backend.send(ReplayWebhook, webhook=webhook, delivery=request.form.get("delivery") or None)["count"]
        flash(gettext("Being sent again: %(count)s", count=count))
    except Refusal as refusal:
        flash(sentence(refusal))
    return redirect(url_for("pages.webhook", webhook=webhook), 303)
