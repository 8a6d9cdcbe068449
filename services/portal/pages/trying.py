"""The what-if desk: managers try a closure, other hours or an extra shift, and see whom it would hit."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.errors import InvalidInput, NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.board_rows import position
from services.portal.pages.draft import local_moment
from services.portal.pages.interruptions import places
from services.portal.pages.manage import BASE, MANAGERS
from services.portal.pages.manage import SUBJECTS as MANAGED
from services.portal.pages.opening import MONDAY, exception_line, hours_read, read_or, shown
from services.portal.pages.replan_words import REASONS
from services.portal.pages.timeline import Window, at, place

MANAGED.append((
    "pages.what_if", lazy_gettext("What if"),
    lazy_gettext("Try a closure, other hours or an extra shift on a copy, before anybody is told."), MANAGERS,
))

KINDS = {
    "away": lazy_gettext("Take time away"),
    "hours": lazy_gettext("Other hours of the week"),
    "shift": lazy_gettext("An extra shift"),
}
WHOLE_BASE = "site/"


@blueprint.get("/what-if")
def what_if() -> tuple[str, int]:
    kind = request.args.get("kind", "away")
    return desk(kind if kind in KINDS else "away", started(request.args))


@blueprint.post("/what-if")
def try_it() -> tuple[str, int]:
    kind = request.form.get("kind", "")
    if kind not in KINDS or not backend.manages():
        raise NotAllowed
    try:
        asked = read(kind, request.form)
        found = backend.ask("booking", "what_if", **asked)
    except Refusal as refusal:
        return desk(kind, request.form, status_of(refusal), refusal=refusal, errors=field_errors(refusal))
    return desk(kind, request.form, found=seen(found), publish=publishing(kind, request.form, asked, found))


def started(arguments: Mapping[str, str]) -> dict[str, str]:
    """A form in which nothing has been typed: tomorrow, or the hours that a facility has now."""
    tomorrow = local_time.today() + timedelta(days=1)
    values = {
        "place": arguments.get("facility", ""), "facility": arguments.get("facility", ""),
        "starts_at": f"{tomorrow}T08:00", "ends_at": f"{tomorrow}T20:00", "first": tomorrow.isoformat(),
        "last": (tomorrow + timedelta(days=4)).isoformat(), "more": "20:00–24:00",
    }
    own = {item["code"]: item for item in places()}
    chosen = own.get(values["facility"]) or next(iter(own.values()), None)
    return values | ({"facility": chosen["code"]} | shown(chosen) if chosen else {})


def desk(kind: str, values: Mapping[str, str], status: int = 200, **more: Any) -> tuple[str, int]:
    if not backend.manages():
        raise NotAllowed
    own = places()
    is_base = bool(BASE & set(backend.identity()["roles"]))
    context = {"errors": {}, "refusal": None, "found": None, "publish": None} | more
    return render_template(
        "what_if/page.html", kind=kind, kinds=KINDS, values=values, places=own, reasons=REASONS,
        sites=backend.ask("facilities", "sites")["items"] if is_base else [], whole_base=WHOLE_BASE,
        weekdays=[local_time.formatted(MONDAY + timedelta(days=number), "EEEE", "EEEE") for number in range(7)],
        facility_names={item["code"]: item["names"] for item in own},
        unit_names={unit["code"]: unit.get("names") for item in own for unit in item["units"]}, **context,
    ), status


def field_errors(refusal: Refusal) -> dict[str, list[str]]:
    """The errors under the names of the form's fields; the desk takes one span away."""
    named = {"more_from": "first", "more_to": "last", "more_hours": "more"}
    found = refusal.facts.get("errors", {}) if isinstance(refusal, InvalidInput) else {}
    return {
        named.get(name, name.removeprefix("spans.0.").replace("opening_hours.", "hours_")): words
        for name, words in found.items()
    }


def read(kind: str, form: Mapping[str, str]) -> dict[str, Any]:
    """What booking is asked. Raises InvalidInput with all that cannot be read."""
    errors: dict[str, list[str]] = {}
    reading = {"away": read_away, "hours": read_hours, "shift": read_shift}[kind]
    asked = reading(form, errors)
    if errors:
        raise InvalidInput(errors=errors)
    return asked


def read_away(form: Mapping[str, str], errors: dict[str, list[str]]) -> dict[str, Any]:
    times = {name: local_moment(form.get(name, "")) for name in ("starts_at", "ends_at")}
    errors |= {name: ["required"] for name, moment in times.items() if moment is None}
    if all(times.values()) and times["ends_at"] <= times["starts_at"]:
        errors["ends_at"] = ["ends_before_start"]
    spans = [{name: moment.isoformat() for name, moment in times.items() if moment}]
    where = form.get("place", "")
    if where.startswith(WHOLE_BASE):
        return {"kind": "closure", "site": where.removeprefix(WHOLE_BASE), "spans": spans}
    facility, _, unit = where.partition("/")
    return {"kind": "maintenance", "facility": facility or None, "unit": unit or None, "spans": spans}


def read_hours(form: Mapping[str, str], errors: dict[str, list[str]]) -> dict[str, Any]:
    hours = [read_or(hours_read, form.get(f"hours_{day}", ""), errors, f"hours_{day}") for day in range(7)]
    return {"facility": form.get("facility") or None, "opening_hours": hours}


def read_shift(form: Mapping[str, str], errors: dict[str, list[str]]) -> dict[str, Any]:
    more = read_or(hours_read, form.get("more", ""), errors, "more")
    if not more:
        errors.setdefault("more", ["required"])
    for name in ("first", "last"):
        read_or(date.fromisoformat, form.get(name, ""), errors, name)
    return {
        "facility": form.get("facility") or None, "more_from": form.get("first"), "more_to": form.get("last"),
        "more_hours": more,
    }


def seen(found: Mapping[str, Any]) -> dict[str, Any]:
    """What came of it, with the days as bars."""
    figures = {name: sum(each[name] for each in found["facilities"]) for name in ("lost", "gained")}
    return {
        **found, **figures, "facilities": [each for each in found["facilities"] if each["lost"] or each["gained"]],
        "days": [
            {"date": date.fromisoformat(day["date"]), "differs": day["before"] != day["after"],
             **{side: bars(day["date"], day[side]) for side in ("before", "after")}}
            for day in found["days"]
        ],
        "without_place": sum(each["place"] is None for each in found["items"][:found["looked_for"]]),
    }


def bars(day: str, pairs: Sequence[Sequence[int]]) -> list[str]:
    """The classes of bars for the hours of a day."""
    first = date.fromisoformat(day)
    window = Window(first, 1, 0, 24, 15)
    return [position(place(window, at(first, opens), at(first, closes))) for opens, closes in pairs]


def publishing(
    kind: str, form: Mapping[str, str], asked: Mapping[str, Any], found: Mapping[str, Any],
) -> dict[str, Any]:
    """The real form, filled in with what was tried: where it is, and its fields. It shows the effect once more."""
    if kind == "away":
        away = "closure" if asked["kind"] == "closure" else "maintenance"
        fields = {"kind": away, "place": form.get("place", ""), "site": asked.get("site") or "", "interval": "1",
                  "starts_at": form.get("starts_at", ""), "ends_at": form.get("ends_at", "")}
        told = gettext("Close the base") if away == "closure" else gettext("Plan maintenance")
        return {"address": url_for("pages.declare_interruption"), "fields": fields, "told": told}
    item = backend.facility(asked["facility"])
    fields = shown(item)
    if kind == "hours":
        fields |= {f"hours_{day}": form.get(f"hours_{day}", "") for day in range(7)}
    else:
        fields["exceptions"] = "\n".join(exception_line(entry) for entry in found["date_exceptions"])
    address = url_for("pages.save_hours", facility=item["code"])
    return {"address": address, "fields": fields, "told": gettext("Change the opening hours")}

