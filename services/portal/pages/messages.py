"""Messages that nobody got, and sending one again by hand."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from services.contracts.commands import ResendDelivery
from services.contracts.errors import NotAllowed, Refusal
from services.portal.pages import backend, blueprint
from services.portal.pages.delivery_words import outcome_words, reason_words
from services.portal.pages.manage import MANAGERS
from services.portal.sentences import sentence


@blueprint.app_context_processor
def delivery_words() -> dict[str, object]:
    return {"reason_words": reason_words, "outcome_words": outcome_words}


@blueprint.get("/messages")
def undelivered() -> str:
    if not MANAGERS & set(backend.identity()["roles"]):
        raise NotAllowed
    channel = request.args.get("channel") or None
    person = request.args.get("person", "").strip() or None
    items = backend.ask("notify", "undelivered", channel=channel, recipient=person)["items"]
    return render_template("messages/undelivered.html", items=items, channel=channel, person=person or "")


@blueprint.post("/messages/<identifier:delivery>/resend")
def resend(delivery: str) -> Response:
    """Send it again, and go back to where it was asked for; a refusal is told there."""
    try:
        backend.send(ResendDelivery, delivery=delivery)
        flash(gettext("The message is being sent again."))
    except Refusal as refusal:
        flash(sentence(refusal))
    reservation = request.form.get("reservation")
    if reservation:
        return redirect(url_for("pages.reservation_detail", reservation=reservation, _anchor="deliveries"), 303)
    return redirect(url_for("pages.undelivered"), 303)
