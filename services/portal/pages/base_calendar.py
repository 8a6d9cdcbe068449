"""The calendar of a base: a year with its public holidays and make-up days, where it comes from, and closures."""

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import yaml
from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.commands import ImportCalendarYear, SaveCalendarYear, SaveSite
from services.contracts.errors import InvalidInput, NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.manage import BASE
from services.portal.pages.manage import SUBJECTS as MANAGED
from services.portal.pages.opening import seal

MANAGED.append((
    "pages.base_calendar", lazy_gettext("Calendar of the base"),
    lazy_gettext("Public holidays, make-up working days, closures; and further bases."), BASE,
))

KINDS = {"休": "holiday", "holiday": "holiday", "班": "working_day", "working_day": "working_day"}
RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:~|–|—|至|\.\.)\s*(\d{4}-\d{2}-\d{2}))?")
LONGEST_RANGE = 31


def chosen() -> tuple[str, int]:
    """The base and the year that an address names."""
    year = request.values.get("year", type=int) or local_time.today().year
    return request.values.get("site") or "BASE", year if 2000 < year < 2100 else local_time.today().year


def may_change() -> bool:
    return bool(BASE & set(backend.identity()["roles"]))


def page(status: int = 200, **more: Any) -> tuple[str, int]:
    code, year = chosen()
    site = backend.ask("facilities", "site", site=code)
    known = {each["year"]: each for each in site["years"]}
    today = local_time.today()
    closures = backend.ask("facilities", "interruptions", kind="closure", site=code)["items"]
    context = {"errors": {}, "refusal": None, "effect": None, "sealed": "", "text": None, "form": ""} | more
    days = context["effect"]["days"] if context["effect"] else known.get(year, {}).get("days", [])
    return render_template(
        "calendar/page.html",
        site=site, year=year, known=known.get(year), months=months_of(year, days), stretches=stretches(days),
        years=sorted({*known, today.year, today.year + 1, year}), known_until=max(known, default=None), today=today,
        sites=backend.ask("facilities", "sites")["items"], closures=closures, may_change=may_change(),
        library=backend.ask("facilities", "calendar_import", site=code, year=year) if may_change() else None,
        lines=context.pop("text") or lines_of(known.get(year, {}).get("days", [])),
        request_key=backend.new_key(), **context,
    ), status


def months_of(year: int, days: Sequence[Mapping[str, Any]]) -> list[tuple[date, list[list[dict[str, Any] | None]]]]:
    """The twelve months in weeks, Monday first; each day with what is special about it."""
    special = {day["date"]: day for day in days}

    def cell(number: int, month: int, weekday: int) -> dict[str, Any] | None:
        if not number:
            return None
        day = date(year, month, number)
        return {"date": day, "special": special.get(day.isoformat()), "weekend": weekday > 4}

    return [
        (date(year, month, 1), [
            [cell(number, month, weekday) for weekday, number in enumerate(week)]
            for week in calendar.monthcalendar(year, month)
        ])
        for month in range(1, 13)
    ]


def stretches(days: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Days in a row of one kind and name as one: {first, last, kind, names}."""
    found: list[dict[str, Any]] = []
    for day in sorted(days, key=lambda day: day["date"]):
        this = date.fromisoformat(day["date"])
        if found and found[-1]["last"] + timedelta(days=1) == this and \
                (found[-1]["kind"], found[-1]["names"]) == (day["kind"], day["names"]):
            found[-1]["last"] = this
        else:
            found.append({"first": this, "last": this, "kind": day["kind"], "names": day["names"]})
    return found


def lines_of(days: Sequence[Mapping[str, Any]]) -> str:
    """The days as the form writes them: ``2027-02-05 ~ 2027-02-11 | 休 | 春节 | Spring Festival``."""
    lines = []
    for each in stretches(days):
        dates = f"{each['first']}" if each["first"] == each["last"] else f"{each['first']} ~ {each['last']}"
        kind = "休" if each["kind"] == "holiday" else "班"
        lines.append(" | ".join([dates, kind, each["names"].get("zh-Hans", ""), each["names"].get("en", "")]))
    return "\n".join(lines)


def days_read(text: str) -> list[dict[str, Any]]:
    """Days from lines as ``lines_of`` writes them, or from YAML with a list of days. Raises InvalidInput."""
    if re.search(r"^\s*(-|days:)", text):
        return days_in_yaml(text)
    days, wrong = [], []
    for number, line in enumerate(text.splitlines(), 1):
        dates, kind, chinese, english = ([part.strip() for part in line.split("|")] + [""] * 3)[:4]
        if not line.strip():
            continue
        try:
            told = {"kind": KINDS[kind.lower()], "names": {"zh-Hans": chinese, "en": english or chinese}}
            days += [{"date": day.isoformat(), **told} for day in dates_read(dates)]
        except (KeyError, ValueError):
            wrong.append(str(number))
    if wrong:
        raise InvalidInput(errors={"days": ["malformed"]}, lines=wrong)
    return days


def dates_read(text: str) -> list[date]:
    """One date, or all of a stretch. Raises ValueError."""
    match = RANGE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    first = date.fromisoformat(match[1])
    last = date.fromisoformat(match[2] or match[1])
    if not 0 <= (last - first).days < LONGEST_RANGE:
        raise ValueError(text)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def days_in_yaml(text: str) -> list[dict[str, Any]]:
    try:
        read = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidInput(errors={"days": ["malformed"]}) from error
    days = read.get("days") if isinstance(read, dict) else read
    if not isinstance(days, list) or not all(isinstance(day, dict) and "date" in day for day in days):
        raise InvalidInput(errors={"days": ["malformed"]})
    return [{**day, "date": str(day["date"])} for day in days]


@blueprint.get("/calendar")
def base_calendar() -> tuple[str, int]:
    return page()


@blueprint.post("/calendar/import")
def import_year() -> Response | tuple[str, int]:
    """Look at what the library says and whom it would hit; then take it."""
    code, year = chosen()
    try:
        if request.form.get("step") == "save":
            version = request.form.get("version", type=int) or 1
            backend.send(ImportCalendarYear, site=code, year=year, version=version)
            return saved(code, year)
        return page(form="import", effect=effect_of(code, year, backend.ask(
            "facilities", "calendar_import", site=code, year=year)["days"]))
    except Refusal as refusal:
        return page(status_of(refusal), form="import", refusal=refusal)


@blueprint.post("/calendar/year")
def save_year() -> Response | tuple[str, int]:
    """The same with days that are typed, pasted or come from a file."""
    code, year = chosen()
    text = given_text()
    try:
        days = days_read(text)
        sealed = seal({"days": text}, ("days",))
        if request.form.get("step") != "save" or request.form.get("sealed") != sealed:
            return page(form="year", text=text, effect=effect_of(code, year, days), sealed=sealed)
        version = request.form.get("version", type=int) or 1
        backend.send(SaveCalendarYear, site=code, year=year, days=days, version=version)
    except Refusal as refusal:
        errors = {"days": sorted({word for words in refusal.facts.get("errors", {}).values() for word in words})}
        return page(status_of(refusal), form="year", text=text, refusal=refusal, errors=errors)
    return saved(code, year)


def given_text() -> str:
    """What was typed, or what the file holds."""
    upload = request.files.get("file")
    if upload and upload.filename:
        return upload.read(100_000).decode("utf-8", "replace")
    return request.form.get("days", "")


def effect_of(code: str, year: int, days: list[dict[str, Any]]) -> dict[str, Any]:
    return backend.ask("booking", "would_hit", site=code, year=year, days=days) | {"days": days}


def saved(code: str, year: int) -> Response:
    flash(gettext("Saved. New requests follow this calendar at once."))
    return redirect(url_for("pages.base_calendar", site=code, year=year), 303)


@blueprint.post("/calendar/sites")
def save_base() -> Response | tuple[str, int]:
    if not may_change():
        raise NotAllowed
    form = request.form
    names = {language: form.get(f"name_{language}", "").strip() for language in ("zh-Hans", "en")}
    try:
        backend.send(SaveSite, site=form.get("code", "").strip(), names=names, version=form.get("version", type=int))
    except Refusal as refusal:
        return page(status_of(refusal), form="site", refusal=refusal, errors=refusal.facts.get("errors", {}))
    flash(gettext("Saved."))
    return redirect(url_for("pages.base_calendar", site=form["code"].strip()), 303)
