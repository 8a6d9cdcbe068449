"""Outages, maintenance and closures: what is coming, and the forms with which managers take time away."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.commands import (
    CallOffInterruption,
    DeclareInterruption,
    DescribeInterruption,
    EndInterruption,
    ExtendInterruption,
)
from services.contracts.errors import InvalidInput, NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.draft import local_moment
from services.portal.pages.manage import BASE, MANAGERS
from services.portal.pages.manage import SUBJECTS as MANAGED
from services.portal.pages.opening import seal
from services.portal.pages.repeating import rule_words
from services.portal.pages.timeline import ZONE

MANAGED.append((
    "pages.interruption_list", lazy_gettext("Outages, maintenance, closures"),
    lazy_gettext("Report what is broken, plan maintenance, close the base; and see whom it hits."), MANAGERS,
))

NEW = {
    "outage": lazy_gettext("Report an outage"),
    "maintenance": lazy_gettext("Plan maintenance"),
    "closure": lazy_gettext("Close the base"),
}
REPEATS = {
    "": lazy_gettext("Once"),
    "DAILY": lazy_gettext("Every so many days"),
    "WEEKLY": lazy_gettext("Every so many weeks"),
    "MONTHLY": lazy_gettext("Every so many months"),
    "RULE": lazy_gettext("By a rule of its own"),
}
FIELDS = (
    "kind", "place", "site", "starts_at", "ends_at", "open_end", "repeat", "interval", "until", "rule",
    "reason_zh-Hans", "reason_en", "note",
)


@blueprint.get("/interruptions")
def interruption_list() -> str:
    over = request.args.get("show") == "over"
    facility = request.args.get("facility") or None
    items = backend.ask("facilities", "interruptions", over=over, facility=facility)["items"]
    roles = set(backend.identity()["roles"])
    kinds = [kind for kind in NEW if roles & (BASE if kind == "closure" else MANAGERS)]
    return render_template(
        "interruptions/list.html", items=items, over=over, facility=facility, kinds=kinds, new=NEW,
    )


def places() -> list[dict[str, Any]]:
    """The facilities whose time the person may take away."""
    identity = backend.identity()
    everything = bool(BASE & set(identity["roles"]))
    return [item for item in backend.facilities() if everything or item["code"] in identity["manages"]]


def form_page(kind: str, values: Mapping[str, str], status: int = 200, **more: Any) -> tuple[str, int]:
    if kind not in NEW or not backend.decides():
        raise NotAllowed
    context = {"errors": {}, "refusal": None, "effect": None, "sealed": ""} | more
    return render_template(
        "interruptions/form.html", kind=kind, title=NEW[kind], values=values, repeats=REPEATS,
        places=[] if kind == "closure" else places(),
        sites=backend.ask("facilities", "sites")["items"] if kind == "closure" else [],
        request_key=backend.new_key(), **context,
    ), status


@blueprint.get("/interruptions/new")
def new_interruption() -> tuple[str, int]:
    kind = request.args.get("kind", "outage")
    start = (local_time.now() + timedelta(minutes=0 if kind == "outage" else 24 * 60)).astimezone(ZONE)
    start = start.replace(minute=0, second=0, microsecond=0)
    values = {
        "kind": kind, "place": request.args.get("facility", ""), "site": request.args.get("site", "BASE"),
        "interval": "1", "starts_at": local_time.local_text(start),
        "ends_at": local_time.local_text(start + timedelta(hours=4)), "open_end": "yes" if kind == "outage" else "",
    }
    return form_page(kind, values)


@blueprint.post("/interruptions/new")
def declare_interruption() -> Response | tuple[str, int]:
    form, kind = request.form, request.form.get("kind", "")
    try:
        asked = read(form)
        sealed = seal(form, FIELDS)
        if form.get("step") != "save" or form.get("sealed") != sealed:
            return form_page(kind, form, effect=effect_of(asked), sealed=sealed)
        made = backend.send(DeclareInterruption, **asked)
    except Refusal as refusal:
        return form_page(kind, form, status_of(refusal), errors=field_errors(refusal), refusal=refusal)
    flash(gettext("Saved. The schedule shows it at once."))
    return redirect(url_for("pages.interruption", interruption=made["interruption"]), 303)


def read(form: Mapping[str, str]) -> dict[str, Any]:
    """The fields of DeclareInterruption. Raises InvalidInput with all that cannot be read."""
    times = {name: local_moment(form.get(name, "")) for name in ("starts_at", "ends_at")}
    errors = {name: ["required"] for name, moment in times.items() if moment is None}
    rule = rule_read(form, errors)
    if errors:
        raise InvalidInput(errors=errors)
    asked: dict[str, Any] = {"kind": form.get("kind", ""), **times, "reason": reason_read(form),
                             "note": form.get("note", "").replace("\r\n", "\n").strip()}
    if asked["kind"] == "closure":
        return asked | {"site": form.get("site") or None}
    facility, _, unit = form.get("place", "").partition("/")
    return asked | {
        "facility": facility or None, "unit": unit or None, "rule": rule, "open_end": form.get("open_end") == "yes",
    }


def reason_read(form: Mapping[str, str]) -> dict[str, str]:
    given = {language: form.get(f"reason_{language}", "").strip() for language in ("zh-Hans", "en")}
    return {language: text for language, text in given.items() if text}


def rule_read(form: Mapping[str, str], errors: dict[str, list[str]]) -> str:
    """The RFC 5545 rule that the form's choices stand for."""
    repeat = form.get("repeat", "")
    if repeat in ("", "RULE"):
        return form.get("rule", "").strip().upper() if repeat else ""
    interval, until = form.get("interval", "1").strip() or "1", form.get("until", "").replace("-", "")
    if repeat not in REPEATS or not interval.isdecimal():
        errors["interval"] = ["not_a_number"]
    return f"FREQ={repeat};INTERVAL={interval}" + (f";UNTIL={until}" if until else "")


def effect_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What it would take away and whom it would hit."""
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asked.items()}
    found = backend.ask("facilities", "preview_interruption", **plain)
    scope = {"facility": found["facility"], "unit": found["unit"]} if found["facility"] else {"site": found["site"]}
    return backend.ask("booking", "would_hit", spans=found["spans"], **scope) | {"spans": found["spans"]}


def field_errors(refusal: Refusal) -> dict[str, list[str]]:
    """The errors under the names of the form's fields."""
    named = {"facility": "place", "unit": "place", "reason": "reason_zh-Hans"}
    return {
        named.get(name.partition(".")[0], name): words for name, words in refusal.facts.get("errors", {}).items()
    }


@blueprint.get("/interruptions/<interruption>")
def interruption(interruption: str) -> tuple[str, int]:
    return one_page(interruption)


def one_page(interruption: str, status: int = 200, ends_at: datetime | None = None, **more: Any) -> tuple[str, int]:
    """The page; with another end it shows whom that would hit."""
    item = backend.ask("facilities", "interruption", interruption=interruption)
    now = local_time.now()
    ahead = [span for span in item["spans"] if local_time.instant(span["ends_at"]) > now]
    if ends_at and ahead:
        ahead[0] = ahead[0] | {"ends_at": ends_at.isoformat()}
    effect = None
    if item["may_change"] and ahead:
        scope = {"facility": item["facility"], "unit": item["unit"]} if item["facility"] else {"site": item["site"]}
        effect = backend.ask("booking", "would_hit", spans=ahead, **scope)
    context = {"errors": {}, "refusal": None, "sealed": ""} | more
    return render_template(
        "interruptions/detail.html", item=item, effect=effect, ahead=ahead, now=now, request_key=backend.new_key(),
        repeats=repeats_words(item), runs=bool(ahead) and local_time.instant(ahead[0]["starts_at"]) <= now, **context,
    ), status


def repeats_words(item: Mapping[str, Any]) -> str:
    """A rule as people say it; one that nobody has words for as it stands."""
    if not item["rule"] or not item["spans"] or "BYSETPOS" in item["rule"]:
        return item["rule"]
    first = local_time.instant(item["spans"][0]["starts_at"]).astimezone(ZONE).date()
    return rule_words(item["rule"], first)


@blueprint.post("/interruptions/<interruption>")
def change_interruption(interruption: str) -> Response | tuple[str, int]:
    form, common = request.form, {"interruption": interruption, "version": request.form.get("version", type=int)}
    try:
        match form.get("step"):
            case "extend":
                ends_at = local_moment(form.get("ends_at", ""))
                if ends_at is None:
                    raise InvalidInput(errors={"ends_at": ["required"]})
                sealed = seal(form, ("ends_at",))
                if form.get("sealed") != sealed:
                    return one_page(interruption, ends_at=ends_at, sealed=sealed)
                backend.send(ExtendInterruption, **common, ends_at=ends_at.astimezone(UTC))
            case "end":
                backend.send(EndInterruption, **common)
            case "call_off":
                backend.send(CallOffInterruption, **common)
            case _:
                note = form.get("note", "").replace("\r\n", "\n").strip()
                backend.send(DescribeInterruption, **common, reason=reason_read(form), note=note)
    except Refusal as refusal:
        return one_page(interruption, status_of(refusal), errors=field_errors(refusal), refusal=refusal)
    flash(gettext("Saved. The schedule shows it at once."))
    return redirect(url_for("pages.interruption", interruption=interruption), 303)
