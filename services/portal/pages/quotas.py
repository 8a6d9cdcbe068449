"""Quotas: for base management, how much may be reserved; for everybody, hours used and left."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext

from services.contracts.commands import SaveQuota
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.manage import BASE
from services.portal.pages.manage import SUBJECTS as MANAGED
from services.portal.pages.numbers import MOST_DIGITS, number, whole
from services.portal.pages.opening import hours_read
from services.portal.pages.quota_words import PERIODS, SCOPES, amount, where, whose
from services.portal.pages.timeline import ZONE
from services.portal.pages.words import KINDS
from services.portal.sentences import clock, weighted

MANAGED.append((
    "pages.quotas", lazy_gettext("Quotas"),
    lazy_gettext("How many hours companies, teams, people and projects may reserve."), BASE,
))
EMPTY = {"scope": "team", "per": "week", "off_peak_percent": "100", "active": "yes"}


def saved_quotas() -> list[dict[str, Any]]:
    if not BASE & set(backend.identity()["roles"]):
        raise NotAllowed
    return backend.ask("facilities", "quotas")["items"]


@blueprint.get("/quotas")
def quotas() -> str:
    rows = [item | {"whose": whose(item), "where": where(item), "amount": limit_words(item)} for item in saved_quotas()]
    return render_template("quotas/list.html", rows=rows)


def limit_words(item: Mapping[str, Any]) -> str:
    if item["per"] == "open":
        return ngettext("%(num)d reservation at a time", "%(num)d reservations at a time", item["limit"])
    hours, is_weekly = weighted(item["limit"]), item["per"] == "week"
    told = gettext("%(hours)s h a week", hours=hours) if is_weekly else gettext("%(hours)s h a month", hours=hours)
    if item["off_peak_percent"] == 100:
        return told
    return gettext("%(told)s, off-peak at %(percent)d %%", told=told, percent=item["off_peak_percent"])


@blueprint.get("/quotas/new")
def new_quota() -> Any:
    saved_quotas()
    return form_page(None, EMPTY)


@blueprint.get("/quotas/<quota>/edit")
def edit_quota(quota: str) -> Any:
    item = next((each for each in saved_quotas() if each["code"] == quota), None)
    if item is None:
        raise NotFound
    return form_page(item, shown(item))


def shown(item: Mapping[str, Any]) -> dict[str, str]:
    """A quota as the texts of the form's fields; hours where minutes are kept."""
    texts = {name: str(item[name] or "") for name in ("code", "scope", "subject", "kind", "per", "version")}
    return texts | {
        "quota": item["code"],
        "limit": str(item["limit"]) if item["per"] == "open" else weighted(item["limit"]),
        "off_peak_percent": str(item["off_peak_percent"]),
        "peak_hours": ", ".join(f"{clock(start)}–{clock(end)}" for start, end in item["peak_hours"]),
        "active": "yes" if item["active"] else "",
    }


def form_page(item: Any, values: Mapping[str, str], status: int = 200, **more: Any) -> Any:
    context = {"errors": {}, "refusal": None} | more
    return render_template(
        "quotas/edit.html", item=item, values=values, scopes=SCOPES, periods=PERIODS, kinds=KINDS,
        request_key=backend.new_key(), **context,
    ), status


@blueprint.post("/quotas/save")
def save_quota() -> Any:
    form = request.form
    item = {"code": form.get("quota", "")} if form.get("version") else None
    try:
        backend.send(SaveQuota, **fields_of(form))
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {})
        return form_page(item, form, status_of(refusal), errors=errors, refusal=refusal)
    flash(gettext("Saved. New requests follow it at once; what is reserved stays."))
    return redirect(url_for("pages.quotas"), 303)


def fields_of(form: Mapping[str, str]) -> dict[str, Any]:
    """What SaveQuota takes. Raises InvalidInput."""
    try:
        peak = hours_read(form.get("peak_hours", ""))
    except ValueError as error:
        raise InvalidInput(errors={"peak_hours": ["malformed"]}) from error
    return {
        "quota": form.get("quota", "").strip(),
        "scope": form.get("scope", ""),
        "subject": form.get("subject", "").strip() or None,
        "kind": form.get("kind") or None,
        "per": form.get("per", ""),
        "limit": limit_read(form.get("limit", ""), form.get("per", "")),
        "off_peak_percent": number(form.get("off_peak_percent", "").strip() or "100"),
        "peak_hours": peak,
        "active": form.get("active") == "yes",
        "version": whole(form.get("version", "")) or None,
    }


def limit_read(text: str, per: str) -> int:
    """Hours as minutes, or a number of reservations. Raises InvalidInput."""
    if len(text) > MOST_DIGITS:
        raise InvalidInput(errors={"limit": ["out_of_range"]})
    try:
        return int(text) if per == "open" else round(float(text.replace("，", ".").replace(",", ".")) * 60)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(errors={"limit": ["not_a_number"]}) from error


@blueprint.get("/hours")
def hours() -> str:
    """What the teams of the reader have used and have left, in the week and month of a day."""
    day = local_time.day_of(request.args.get("on", "")) if request.args.get("on") else local_time.today()
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)
    items = backend.ask("booking", "quota_usage", at=noon.isoformat())["items"]
    teams = list(dict.fromkeys((item["team"], item["team_name"]) for item in items))
    groups = [(name, [row_of(item) for item in items if item["team"] == team]) for team, name in teams]
    return render_template(
        "quotas/hours.html", groups=groups, day=day, former=day - timedelta(days=7), following=day + timedelta(days=7),
        today=local_time.today(), own=bool(backend.identity()["teams"]),
    )


def row_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the page: whose, in which time, and figures; ``parts`` of ten are drawn."""
    parts = min(10, round(10 * item["used"] / item["limit"])) if item["limit"] else 10
    return {
        "whose": owner(item),
        "where": where(item),
        "period": period_words(item),
        "used": amount(item, "used"),
        "left": amount(item, "left"),
        "limit": amount(item, "limit"),
        "parts": parts,
        "state": "full" if item["used"] >= item["limit"] else "near" if item["used"] * 5 >= item["limit"] * 4 else "",
        "off_peak_percent": item["off_peak_percent"],
        "peak": ", ".join(f"{clock(start)}–{clock(end)}" for start, end in item["peak_hours"]),
    }


def owner(item: Mapping[str, Any]) -> str:
    """Whose hours a line counts; the reader and the team under their names."""
    me = backend.identity()
    names = {("team", item["team"]): item["team_name"], ("person", me["person"]): me["name"]}
    name = names.get((item["scope"], item["subject"]))
    return f"{SCOPES[item['scope']]} {name}" if name else whose(item)


def period_words(item: Mapping[str, Any]) -> str:
    if item["per"] == "open":
        return gettext("open at a time")
    first, beyond = (local_time.instant(item[name]).astimezone(ZONE).date() for name in ("starts_at", "ends_at"))
    return local_time.range_words(first, beyond - timedelta(days=1))
