"""All messages with sample data, as their readers would get them, and what a provider would refuse of them."""

from typing import Any

from flask import Response, make_response, render_template, request
from flask_babel import lazy_gettext

from services.contracts.errors import NotAllowed, NotFound
from services.portal.pages import backend, blueprint
from services.portal.pages.manage import BASE
from services.portal.pages.manage import SUBJECTS as MANAGED
from services.portal.pages.message_words import SAMPLES
from services.portal.pages.notifications import CATEGORIES

MANAGED.append(
    (
        "pages.message_samples",
        lazy_gettext("Message templates"),
        lazy_gettext("What people are told on each channel, and whether it keeps the channels' rules."),
        BASE,
    )
)

PARTS = {
    "team": lazy_gettext("To the team"),
    "lead": lazy_gettext("To the lead who confirms"),
    "manager": lazy_gettext("To those who manage"),
}


def require_base() -> None:
    if not set(backend.identity()["roles"]) & BASE:
        raise NotAllowed


@blueprint.get("/message-samples")
def message_samples() -> str:
    require_base()
    items = backend.ask("notify", "message_samples")["items"]
    groups = [(name, [item for item in items if item["category"] == key]) for key, (name, _) in CATEGORIES.items()]
    return render_template(
        "message_samples/list.html", groups=groups, names=SAMPLES, broken=sum(bool(item["broken"]) for item in items)
    )


@blueprint.get("/message-samples/<sample>")
def message_sample(sample: str) -> str:
    require_base()
    items = backend.ask("notify", "message_sample", sample=sample)["items"]
    return render_template("message_samples/one.html", sample=sample, items=items, parts=PARTS, names=SAMPLES)


@blueprint.get("/message-samples/<sample>/mail")
def message_mail(sample: str) -> Response:
    """The mail itself, for a frame: with its own styles, and under a policy that lets nothing else happen."""
    require_base()
    part, language = request.args.get("part"), request.args.get("language")
    items = backend.ask("notify", "message_sample", sample=sample)["items"]
    found: list[dict[str, Any]] = [each for each in items if (each["part"], each["language"]) == (part, language)]
    if not found:
        raise NotFound
    return make_response(found[0]["mail"]["html"])
