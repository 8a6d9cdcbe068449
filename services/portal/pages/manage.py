"""The one page from which managers reach everything that they look after."""

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext

from services.contracts.errors import NotAllowed
from services.portal.pages import backend, blueprint

MANAGERS = frozenset({"facility_manager", "base_manager", "admin"})
BASE = frozenset({"base_manager", "admin"})

SUBJECTS: list[tuple[str, Any, Any, frozenset[str]]] = [
    (
        "pages.facility_list", lazy_gettext("Facilities"),
        lazy_gettext("What they are, and the rules of their use."), MANAGERS,
    ),
    (
        "pages.undelivered", lazy_gettext("Undelivered messages"),
        lazy_gettext("Who was not reached, why, and sending it again."), MANAGERS,
    ),
    (
        "pages.webhooks", lazy_gettext("Webhooks"),
        lazy_gettext("Programs that are told of reservations as they change."), BASE,
    ),
]
"""(endpoint, name, what it is for, roles that see it), in the order in which they are shown. Pages add theirs."""


@blueprint.get("/manage")
def manage() -> str:
    roles = set(backend.identity()["roles"])
    if not roles & MANAGERS:
        raise NotAllowed
    return render_template("manage.html", subjects=[each for each in SUBJECTS if roles & each[3]])
