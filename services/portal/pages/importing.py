"""Taking over the reservations of another system from a table: looked at row by row first, then all or none."""

import csv
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext, ngettext

from services.contracts.commands import ImportedReservation, ImportReservations
from services.contracts.errors import InvalidInput, NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.manage import BASE, SUBJECTS
from services.portal.pages.timeline import ZONE

NESTED = ("answers", "profile")
COLUMNS = tuple(each.name for each in fields(ImportedReservation) if each.name not in NESTED)
NEEDED = ("facility", "starts_at", "ends_at", "team", "requester", "purpose")
NUMBERS = ("people", "places", "elastic_minutes")
TIMES = ("starts_at", "ends_at")
LOCAL_TIME = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ T](\d{1,2}):(\d{2})(?::00)?", re.ASCII)

SUBJECTS.append((
    "pages.import_reservations", lazy_gettext("Import reservations"),
    lazy_gettext("Take over what another system has granted, with a look at each row first."), BASE,
))


def read(text: str) -> list[dict[str, Any]]:
    """The rows of a table with a line of column names: commas, semicolons or tabs. Raises InvalidInput."""
    lines = text.lstrip("\ufeff").splitlines()
    separator = max(",;\t", key=(lines or [""])[0].count)
    try:
        rows = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as error:
        raise InvalidInput(errors={"file": ["not_a_table"]}) from error
    names = [name.strip().lower() for name in rows[0]] if rows else []
    wrong = {name: ["not_a_column"] for name in names if not is_column(name)}
    wrong |= {name: ["required"] for name in NEEDED if name not in names}
    if wrong:
        raise InvalidInput(errors=wrong)
    return [entry(dict(zip(names, row, strict=False))) for row in rows[1:] if any(row)]


def is_column(name: str) -> bool:
    group, _, inner = name.partition(".")
    return name in COLUMNS or (group in NESTED and bool(inner))


def entry(cells: Mapping[str, str]) -> dict[str, Any]:
    """A row as booking takes it; empty cells are left out, and what cannot be read stays for booking to name."""
    found: dict[str, Any] = {}
    for name, text in cells.items():
        group, _, inner = name.partition(".")
        if not text.strip():
            continue
        if inner:
            found.setdefault(group, {})[inner] = text.strip()
        else:
            found[name] = value(name, text.strip())
    return found


def value(name: str, text: str) -> Any:
    if name in TIMES:
        return time_read(text)
    return int(text) if name in NUMBERS and re.fullmatch(r"\d{1,6}", text, re.ASCII) else text


def time_read(text: str) -> str:
    """2026-12-01 08:00 or 2026/12/1 8:00 is the base's time; all else stays as it is, such as one with an offset."""
    found = LOCAL_TIME.fullmatch(text)
    try:
        return datetime(*map(int, found.groups()), tzinfo=ZONE).isoformat() if found else text
    except ValueError:
        return text


@blueprint.get("/manage/import")
def import_reservations() -> tuple[str, int]:
    require_base()
    return page()


@blueprint.post("/manage/import")
def import_rows() -> Response | tuple[str, int]:
    """Look at every row first; import only what was looked at."""
    require_base()
    file = request.files.get("file")
    text = file.read().decode("utf-8-sig", "replace") if file and file.filename else request.form.get("text", "")
    rows: list[dict[str, Any]] = []
    try:
        rows = read(text)
        if request.form.get("step") != "import":
            found = backend.ask("booking", "check_import", backend.LONG_DEADLINE, reservations=rows)["items"]
            return page(text=text, rows=beside(rows, found))
        made = backend.send(ImportReservations, backend.LONG_DEADLINE, reservations=rows)["items"]
    except Refusal as refusal:
        refused = beside(rows, refusal.facts.get("rows", []))
        return page(status_of(refusal), text=text, rows=refused, refusal=refusal, errors=errors_of(refusal))
    flash(ngettext(
        "%(num)d reservation imported. Its team is being told.",
        "%(num)d reservations imported. Their teams are being told.", len(made)))
    return redirect(url_for("pages.import_reservations"), 303)


def require_base() -> None:
    """Raises NotAllowed."""
    if not BASE & set(backend.identity()["roles"]):
        raise NotAllowed


def errors_of(refusal: Refusal) -> dict[str, list[str]]:
    return refusal.facts.get("errors", {})


def beside(rows: list[dict[str, Any]], verdicts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each verdict with what its row says, and the number of its line in a file with a line of names."""
    return [
        {**each, "line": each["row"] + 2, "given": rows[each["row"]], "when": when(rows[each["row"]])}
        for each in verdicts
    ]


def when(row: Mapping[str, Any]) -> str:
    """The time of a row in words, or as it was written where it cannot be read."""
    try:
        starts_at, ends_at = (datetime.fromisoformat(row.get(name, "")) for name in TIMES)
    except ValueError:
        return " – ".join(row.get(name, "") for name in TIMES)
    return local_time.span_words(starts_at, ends_at)


def page(status: int = 200, **more: Any) -> tuple[str, int]:
    context: dict[str, Any] = {"text": "", "rows": [], "refusal": None, "errors": {}} | more
    return render_template(
        "importing.html", request_key=backend.new_key(), columns=COLUMNS, needed=NEEDED,
        wrong=[each for each in context["rows"] if not each["ok"]], **context,
    ), status
