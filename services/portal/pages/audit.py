"""Who changed what and when, of one thing; read from the audit trail of the service that owns it."""

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext

from services.contracts.errors import NotFound
from services.portal.pages import backend, blueprint
from services.portal.pages.field_names import field_name
from services.portal.pages.words import name_in_language

OWNERS = {
    "facility": "facilities", "site": "facilities", "qualification": "facilities", "quota": "facilities",
    "holder": "facilities", "interruption": "facilities", "team": "accounts", "person": "accounts",
}
"""Which service keeps the trail of which kind of thing."""

KINDS = {
    "facility": lazy_gettext("Facility"), "site": lazy_gettext("Base"), "qualification": lazy_gettext("Training"),
    "quota": lazy_gettext("Quota"), "holder": lazy_gettext("Qualified person"),
    "interruption": lazy_gettext("Interruption"), "team": lazy_gettext("Team"), "person": lazy_gettext("Person"),
}

ACTORS = {"operator": lazy_gettext("Operator of the system")}
"""Who changes things without an account: the commands that an operator runs on the servers."""


@blueprint.get("/history/<kind>/<code>")
def history(kind: str, code: str) -> str:
    if kind not in OWNERS:
        raise NotFound
    entries = backend.ask(OWNERS[kind], "changes", kind=kind, code=code)["items"]
    if not entries:
        raise NotFound
    shown_entries = [shown(entry) for entry in entries]
    return render_template("history.html", kind=KINDS[kind], code=code, entries=shown_entries, actors=ACTORS)


def shown(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry with short values as they are, and long ones cut: the whole of them is in the trail."""
    changed = {field_name(name): [brief(value) for value in pair] for name, pair in entry["changed"].items()}
    return entry | {"changed": changed, "first": entry["sequence"] == 1}


def brief(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict) and set(value) <= {"zh-Hans", "en"}:
        return name_in_language(value, "")
    text = str(value)
    return text if len(text) <= 160 else f"{text[:159]}…"
