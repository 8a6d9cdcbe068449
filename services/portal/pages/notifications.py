"""What a reader wants to hear of, on which channel, and when."""

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.commands import ChooseNotifications
from services.contracts.errors import Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint
from services.portal.pages.numbers import whole
from services.portal.pages.words import CHANNELS

CATEGORIES = {
    "urgent": (
        lazy_gettext("Urgent"),
        lazy_gettext("The base cancels or moves your time, an outage hits it, or a decision was escalated to you."),
    ),
    "requests": (lazy_gettext("Requests for me to decide"), lazy_gettext("New, moved and withdrawn requests.")),
    "decisions": (lazy_gettext("Decisions"), lazy_gettext("Approved, not approved, expired.")),
    "changes": (lazy_gettext("Changes by my team"), lazy_gettext("Moved, extended, withdrawn, cancelled.")),
    "offers": (lazy_gettext("Offers"), lazy_gettext("Time that became free and is offered to you for a while.")),
    "reminders": (lazy_gettext("Reminders"), lazy_gettext("Before the start and before the end.")),
    "check_in": (lazy_gettext("Check-in"), lazy_gettext("When you can check in.")),
    "use": (lazy_gettext("Use"), lazy_gettext("Time that is overrun, and time for which nobody came.")),
    "maintenance": (lazy_gettext("Maintenance"), lazy_gettext("Announced, changed or called off.")),
    "qualifications": (lazy_gettext("Qualifications"), lazy_gettext("Trainings, and qualifications that end.")),
    "quota": (lazy_gettext("Quota"), lazy_gettext("When most of it is used.")),
    "reports": (lazy_gettext("Reports"), lazy_gettext("Your team's week and month.")),
}
WEEKDAYS = (
    lazy_gettext("Monday"),
    lazy_gettext("Tuesday"),
    lazy_gettext("Wednesday"),
    lazy_gettext("Thursday"),
    lazy_gettext("Friday"),
    lazy_gettext("Saturday"),
    lazy_gettext("Sunday"),
)
TIMEZONES = {
    "Asia/Shanghai": lazy_gettext("Beijing"),
    "Asia/Tokyo": lazy_gettext("Tokyo"),
    "Asia/Singapore": lazy_gettext("Singapore"),
    "Europe/Berlin": lazy_gettext("Berlin"),
    "Europe/London": lazy_gettext("London"),
    "America/New_York": lazy_gettext("New York"),
    "America/Los_Angeles": lazy_gettext("Los Angeles"),
    "UTC": lazy_gettext("World time (UTC)"),
}
OFFERED = ("email", "wechat")
"""Shown whether they reach the reader or not; staff have others, which are shown once they are bound."""


def page(chosen: dict[str, Any], status: int = 200, **more: Any) -> tuple[str, int]:
    return render_template(
        "account/notifications.html",
        chosen=chosen,
        categories=CATEGORIES,
        weekdays=WEEKDAYS,
        timezones=TIMEZONES,
        channels={name: CHANNELS[name] for name in dict.fromkeys((*OFFERED, *chosen["bound"]))},
        request_key=backend.new_key(),
        **{"errors": {}, "refusal": None} | more,
    ), status


@blueprint.get("/notifications")
def notifications() -> tuple[str, int]:
    return page(backend.ask("notify", "notifications"))


@blueprint.post("/notifications")
def choose_notifications() -> Response | tuple[str, int]:
    present = backend.ask("notify", "notifications")
    fields = fields_of(request.form, present)
    try:
        backend.send(ChooseNotifications, **fields)
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {})
        return page(present | fields, status_of(refusal), errors=errors, refusal=refusal)
    flash(gettext("Saved. Messages follow your choice from now on."))
    return redirect(url_for("pages.notifications"), 303)


def fields_of(form: Mapping[str, str], present: dict[str, Any]) -> dict[str, Any]:
    """What the form says. A channel that does not reach the reader has no boxes, and stays as it was."""
    ticked = set(request.form.getlist("switch"))
    switches = {
        category: {
            channel: f"{category}.{channel}" in ticked if channel in present["bound"] else was
            for channel, was in row.items()
            if category not in present["mandatory"]
        }
        for category, row in present["switches"].items()
    }
    quiet = form.get("quiet") == "yes"
    weekday = form.get("digest_weekday", "")
    return {
        "language": form.get("language") or None,
        "timezone": form.get("timezone", "Asia/Shanghai"),
        "quiet_from": form.get("quiet_from") or None if quiet else None,
        "quiet_until": form.get("quiet_until") or None if quiet else None,
        "digest": form.get("digest", "none"),
        "digest_at": form.get("digest_at") or "08:00",
        "digest_weekday": whole(weekday, 1),
        "switches": {category: row for category, row in switches.items() if row},
    }
