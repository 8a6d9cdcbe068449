"""Quotas as people say them: whose, how much of what in which time."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from services.portal.pages import blueprint
from services.portal.pages.words import KINDS
from services.portal.sentences import weighted

SCOPES = {
    "company": lazy_gettext("Company"),
    "team": lazy_gettext("Team"),
    "person": lazy_gettext("Individual"),
    "project": lazy_gettext("Project"),
}
PERIODS = {
    "week": lazy_gettext("hours a week"),
    "month": lazy_gettext("hours a month"),
    "open": lazy_gettext("reservations open at a time"),
}
THIS = {"week": lazy_gettext("this week"), "month": lazy_gettext("this month")}
EACH = {
    "company": lazy_gettext("Each company"),
    "team": lazy_gettext("Each team"),
    "person": lazy_gettext("Each person"),
    "project": lazy_gettext("Each project"),
}


def quota_line(told: Mapping[str, Any]) -> str:
    """What a wish takes of what is left: a line under the time."""
    left = max(told["limit"] - told["used"], 0)
    whose = SCOPES[told["scope"]]
    if told["per"] == "open":
        return ngettext(
            "%(whose)s: takes 1 of %(num)d reservation left open at a time",
            "%(whose)s: takes 1 of %(num)d reservations left open at a time", left, whose=whose)
    return gettext(
        "%(whose)s: takes %(asked)s of %(left)s h left in the %(period)s", whose=whose, asked=weighted(told["asked"]),
        left=weighted(left), period=gettext("week") if told["per"] == "week" else gettext("month"))


def amount(told: Mapping[str, Any], name: str) -> str:
    """A figure of a quota with its unit."""
    if told["per"] == "open":
        return str(told[name])
    return gettext("%(hours)s h", hours=weighted(told[name]))


def whose(item: Mapping[str, Any]) -> str:
    """Whom a quota binds."""
    if not item["subject"]:
        return str(EACH[item["scope"]])
    return f"{SCOPES[item['scope']]} {item['subject']}"


def where(item: Mapping[str, Any]) -> str:
    return str(KINDS[item["kind"]]) if item["kind"] else gettext("all facilities")


@blueprint.app_context_processor
def quota_words() -> dict[str, Any]:
    return {"quota_line": quota_line}
