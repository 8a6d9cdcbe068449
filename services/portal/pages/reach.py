"""Where people are reached, for administrators: WeCom ids of the staff are entered here."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.commands import BindChannel
from services.contracts.errors import InvalidInput
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint
from services.portal.pages.manage import SUBJECTS

SUBJECTS.append((
    "pages.reach", lazy_gettext("Where people are reached"),
    lazy_gettext("WeChat and WeCom accounts, and addresses from which mails come back."), frozenset({"admin"}),
))


def page(status: int = 200, **more: Any) -> tuple[str, int]:
    words = request.args.get("q", "").strip()[:100]
    items = backend.ask("notify", "reached", words=words)["items"]
    people = [item | {"bound": {each["channel"]: each for each in item["bindings"]}} for item in items]
    shown = {"refusal": None, "errors": {}, "tried": None, "typed": ""} | more
    return render_template("reach.html", people=people, words_sought=words, **shown), status


@blueprint.get("/manage/reach")
def reach() -> tuple[str, int]:
    return page()


@blueprint.post("/manage/reach/<code:person>/<any(wechat, wecom):channel>")
def bind_channel(person: str, channel: str) -> Response | tuple[str, int]:
    """Enter an account, or take it away."""
    external_id = request.form.get("external_id", "").strip() or None
    try:
        backend.send(BindChannel, person=person, channel=channel, external_id=external_id)
    except InvalidInput as refusal:
        errors = refusal.facts.get("errors", {})
        return page(status_of(refusal), refusal=refusal, errors=errors, tried=person, typed=external_id or "")
    flash(gettext("Saved.") if external_id else gettext("Untied."))
    return redirect(url_for("pages.reach", q=request.args.get("q") or None), 303)
