"""Where messages reach a person: binding WeChat by a code, and untying what is bound."""

from typing import Any

import segno
from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext

from services.contracts.commands import ConfirmAddress, ConfirmBinding, DropBinding, StartBinding
from services.contracts.errors import Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint
from services.portal.pages.answers import is_fragment
from services.portal.wechat import inside


@blueprint.get("/account/channels")
def channels() -> str:
    told = backend.ask("notify", "bindings")
    bound = {item["channel"]: item for item in told["items"]}
    return render_template("account/channels.html", bound=bound, suppressed=told["suppressed"], **inside.offered())


@blueprint.post("/account/channels/email/confirm")
def confirm_address() -> Response:
    backend.send(ConfirmAddress)
    flash(gettext("Mails are sent to this address again."))
    return redirect(url_for("pages.channels"), 303)


@blueprint.post("/account/channels/<any(wechat, wecom):channel>")
def start_binding(channel: str) -> Response:
    """A code to scan; inside the app its platform is asked at once who holds the phone."""
    here = inside.place() == channel
    code = backend.send(StartBinding, channel=channel, inside=here)["code"]
    if here:
        return inside.to_platform(channel, {"binding": code})
    return redirect(url_for("pages.binding_code", code=code), 303)


@blueprint.get("/account/channels/codes/<identifier:code>")
def binding_code(code: str) -> tuple[str, int]:
    return code_page(code)


def code_page(code: str, status: int = 200, refusal: Refusal | None = None) -> tuple[str, int]:
    """The code as it stands; the open page asks for this part of itself every two seconds."""
    item = backend.ask("notify", "binding_code", code=code)
    part = "account/code_state.html" if is_fragment() else "account/code.html"
    return render_template(part, item=item, picture=picture_of(item), refusal=refusal), status


def picture_of(item: dict[str, Any]) -> str | None:
    """The code as a picture that stands in the page itself."""
    if not item["address"]:
        return None
    return segno.make(item["address"], error="m").svg_data_uri(scale=8, border=3, dark="#000", light="#fff")


@blueprint.post("/account/channels/codes/<identifier:code>/confirm")
def confirm_binding(code: str) -> Response | tuple[str, int]:
    try:
        backend.send(ConfirmBinding, code=code)
    except Refusal as refusal:
        return code_page(code, status_of(refusal), refusal)
    flash(gettext("Bound. Messages come there from now on."))
    return redirect(url_for("pages.channels"), 303)


@blueprint.post("/account/channels/<any(wechat, wecom):channel>/drop")
def drop_binding(channel: str) -> Response:
    backend.send(DropBinding, channel=channel)
    flash(gettext("Untied. Messages come by e-mail."))
    return redirect(url_for("pages.channels"), 303)
