"""The page on which a manager sets a facility's opening hours: look at the effect first, then save."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.errors import InvalidInput, NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.facilities import may_edit
from services.portal.pages.facility_subjects import SUBJECTS
from services.portal.pages.facility_words import hours_of_day
from services.portal.pages.numbers import whole
from services.portal.pages.timeline import MINUTES_PER_DAY
from services.portal.sentences import clock, special_day

SUBJECTS["edit_hours"] = lazy_gettext("Opening hours")

HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~]\s*(\d{1,2}):(\d{2})")
MONDAY = date(2024, 1, 1)
FIELDS = (*(f"hours_{day}" for day in range(7)), "on_holidays", "exceptions")


def shown(facility: Mapping[str, Any]) -> dict[str, str]:
    """The facility's hours as the texts of the form's fields."""
    texts = {f"hours_{day}": hours_text(pairs) for day, pairs in enumerate(facility["opening_hours"])}
    lines = [exception_line(entry) for entry in facility["date_exceptions"]]
    return texts | {
        "on_holidays": facility["on_holidays"], "exceptions": "\n".join(lines), "version": str(facility["version"]),
    }


def hours_text(pairs: Sequence[Sequence[int]]) -> str:
    return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in pairs)


def exception_line(entry: Mapping[str, Any]) -> str:
    names = entry.get("names", {})
    parts = [entry["date"], hours_text(entry["hours"]), names.get("zh-Hans", ""), names.get("en", "")]
    return " | ".join(parts).rstrip(" |")


def hours_read(text: str) -> list[list[int]]:
    """Opening hours of a day from ``08:00-12:00, 13:00-20:00``; nothing means closed. Raises ValueError."""
    pairs = []
    for part in (part.strip() for part in re.split(r"[,，;；]", text) if part.strip()):
        match = HOURS.fullmatch(part)
        if match is None:
            raise ValueError(part)
        numbers = [int(group) for group in match.groups()]
        start, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
        if max(numbers[1], numbers[3]) > 59 or not start < end <= MINUTES_PER_DAY:
            raise ValueError(part)
        pairs.append([start, end])
    return sorted(pairs)


def exceptions_read(text: str) -> list[dict[str, Any]]:
    """One date a line: ``2026-12-24 | 10:00–12:00 | Chinese reason | English reason``. Raises ValueError."""
    entries = []
    for line in (line.strip() for line in text.splitlines() if line.strip()):
        day, hours, chinese, english = ([part.strip() for part in line.split("|")] + [""] * 3)[:4]
        names = {language: name for language, name in (("zh-Hans", chinese), ("en", english)) if name}
        entries.append({"date": date.fromisoformat(day).isoformat(), "hours": hours_read(hours), "names": names})
    return sorted(entries, key=lambda entry: entry["date"])


def changes_read(form: Mapping[str, str]) -> dict[str, Any]:
    """The fields of SaveFacility that the form is about. Raises InvalidInput with all that cannot be read."""
    errors: dict[str, list[str]] = {}
    hours = [read_or(hours_read, form.get(f"hours_{day}", ""), errors, f"hours_{day}") for day in range(7)]
    exceptions = read_or(exceptions_read, form.get("exceptions", ""), errors, "exceptions")
    if errors:
        raise InvalidInput(errors=errors)
    return {"opening_hours": hours, "date_exceptions": exceptions, "on_holidays": form.get("on_holidays", "closed")}


def read_or(read: Any, text: str, errors: dict[str, list[str]], name: str) -> Any:
    try:
        return read(text)
    except ValueError:
        errors[name] = ["malformed"]
        return []


def seal(form: Mapping[str, str], fields: Sequence[str]) -> str:
    """What was looked at: whoever changes the form afterwards looks again."""
    return hashlib.sha256(json.dumps([form.get(name, "") for name in fields]).encode()).hexdigest()


def page(item: dict[str, Any], values: Mapping[str, str], status: int = 200, **more: Any) -> tuple[str, int]:
    context = {"errors": {}, "refusal": None, "effect": None, "sealed": ""} | more
    days = (context["effect"] or backend.ask("booking", "would_hit", facility=item["code"]))["days"]
    return render_template(
        "facilities/hours.html",
        item=item, values=values, subjects=SUBJECTS, request_key=backend.new_key(),
        weekdays=[local_time.formatted(MONDAY + timedelta(days=number), "EEEE", "EEEE") for number in range(7)],
        weeks=weeks_of(days), **context,
    ), status


def weeks_of(days: Sequence[Mapping[str, Any]]) -> list[list[dict[str, Any]]]:
    """The days to come in rows of seven, as the page shows them."""
    told = [
        {"date": date.fromisoformat(day["date"]), "hours": hours_of_day(day["hours"]), "closed": not day["hours"],
         "why": special_day(**day["special"]) if day["special"] else ""}
        for day in days
    ]
    return [told[number:number + 7] for number in range(0, len(told), 7)]


@blueprint.get("/facilities/<facility>/edit/hours")
def edit_hours(facility: str) -> tuple[str, int]:
    if not may_edit(facility):
        raise NotAllowed
    item = backend.facility(facility)
    return page(item, shown(item))


@blueprint.post("/facilities/<facility>/edit/hours")
def save_hours(facility: str) -> Response | tuple[str, int]:
    form, item = request.form, backend.facility(facility)
    try:
        changes = changes_read(form)
        sealed = seal(form, FIELDS)
        if form.get("step") != "save" or form.get("sealed") != sealed:
            effect = backend.ask("booking", "would_hit", facility=facility, **changes)
            return page(item, form, effect=effect, sealed=sealed)
        backend.change_facility(item, **changes, version=whole(form.get("version", ""), 1))
    except Refusal as refusal:
        return page(item, form, status_of(refusal), errors=field_errors(refusal), refusal=refusal)
    flash(gettext("Saved. New requests follow these rules at once."))
    return redirect(url_for("pages.edit_hours", facility=facility), 303)


def field_errors(refusal: Refusal) -> dict[str, list[str]]:
    """The errors under the names of the form's fields: what the service says of one date, the whole field says."""
    found: dict[str, list[str]] = {}
    for name, words in refusal.facts.get("errors", {}).items():
        part, _, rest = name.partition(".")
        named = {"opening_hours": f"hours_{rest}", "date_exceptions": "exceptions"}.get(part, name)
        found.setdefault(named, []).extend(words)
    return found
