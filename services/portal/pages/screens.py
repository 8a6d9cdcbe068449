"""Screens at doors and in the hall, for those who look after them: pair one, see them all, end one."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.commands import CreatePairing, RevokeDevice
from services.contracts.errors import InvalidInput, NotAllowed
from services.portal.pages import backend, blueprint, manage
from services.portal.pages.facilities import may_edit

manage.SUBJECTS.append((
    "pages.screens", lazy_gettext("Screens"), lazy_gettext("Tablets at doors and the display in the hall."),
    manage.MANAGERS,
))


@blueprint.get("/screens")
def screens() -> tuple[str, int]:
    return page()


def page(status: int = 200, **more: object) -> tuple[str, int]:
    if not backend.decides():
        raise NotAllowed
    mine = [each for each in backend.facilities() if may_edit(each["code"])]
    items = backend.ask("accounts", "devices")["items"]
    shown = {"code": None, "errors": {}, "typed": ""} | more
    names = {each["code"]: each["names"] for each in mine}
    is_base = bool(manage.BASE & set(backend.identity()["roles"]))
    return render_template(
        "door/screens.html", items=items, facilities=mine, names=names, is_base=is_base, **shown
    ), status


@blueprint.post("/screens")
def create_pairing() -> tuple[str, int]:
    """The code is shown in this answer only."""
    name = request.form.get("name", "").strip()
    try:
        made = backend.send(CreatePairing, name=name, facility=request.form.get("facility") or None)
    except InvalidInput as refusal:
        return page(422, errors=refusal.facts["errors"], typed=name)
    return page(code=made.get("code"))


@blueprint.post("/screens/<device>/revoke")
def revoke_device(device: str) -> Response:
    backend.send(RevokeDevice, device=device)
    flash(gettext("The screen shows nothing more."))
    return redirect(url_for("pages.screens"), 303)
