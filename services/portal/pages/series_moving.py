"""Moving this and the following members of a series, or all that are to come: the form, the look at it, the move."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from services.contracts.commands import MoveSeries
from services.contracts.errors import DatesClash, InvalidInput, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.draft import clocks
from services.portal.pages.numbers import whole
from services.portal.pages.repeating import rule_words
from services.portal.pages.series import carried, choices_in, names, row_of, rule_words_of
from services.portal.pages.timeline import MINUTES_PER_DAY
from services.portal.pages.words import KINDS
from services.portal.sentences import clock

FAR = 30


@blueprint.get("/series/<series>/change")
def change_series(series: str) -> tuple[str, int]:
    return form_of(series)


def form_of(series: str, status: int = 200, **more: Any) -> tuple[str, int]:
    """The form as typed, or as the series stands."""
    item = backend.ask("booking", "series", series=series)
    facilities = backend.facilities()
    typed = as_typed(item)
    facility = next((each for each in facilities if each["code"] == typed["facility"]), facilities[0])
    starts, ends = clocks(facility, (typed["clock"], typed["end_clock"]))
    more = {"refusal": None, "errors": {}} | more
    return render_template(
        "series/change.html", item=item, typed=typed, facility=facility, facilities=facilities, kinds=KINDS,
        starts=starts, ends=ends, from_date=from_date(), request_key=backend.new_key(), far=range(-FAR, FAR + 1),
        words_of_rule=rule_words_of(item), day_of=local_time.day_of, **more,
    ), status


def from_date() -> str | None:
    return request.values.get("from") or None


def as_typed(item: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the form; an end at midnight is shown as 24:00."""
    start = minutes_in(item["clock"])
    days, end = divmod(start + item["length_minutes"], MINUTES_PER_DAY)
    if end == 0:
        days, end = days - 1, MINUTES_PER_DAY
    usual = {
        "clock": item["clock"], "end_clock": clock(end), "end_days": str(days), "shift": "0",
        "facility": item["facility"], "unit": item["unit"] or "",
    }
    return {name: request.values.get(name, value).strip()[:40] for name, value in usual.items()}


def minutes_in(text: str) -> int:
    """Raises InvalidInput."""
    hours, _, minutes = text.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and len(text) <= 5):
        raise InvalidInput(errors={"clock": ["not_a_time"]})
    return int(hours) * 60 + int(minutes)


def change_in_form(item: Mapping[str, Any]) -> dict[str, Any]:
    """What the form changes of the series, in the words of MoveSeries. Raises InvalidInput."""
    typed = as_typed(item)
    if not typed["end_days"].isdecimal() or len(typed["end_days"]) > 3:
        raise InvalidInput(errors={"end_days": ["not_a_number"]})
    length = int(typed["end_days"]) * MINUTES_PER_DAY + minutes_in(typed["end_clock"]) - minutes_in(typed["clock"])
    if length <= 0:
        raise InvalidInput(errors={"ends_at": ["ends_before_start"]})
    try:
        shift = int(typed["shift"])
    except ValueError as error:
        raise InvalidInput(errors={"days_later": ["not_a_number"]}) from error
    change: dict[str, Any] = {"clock": typed["clock"], "length_minutes": length}
    if shift:
        change["days_later"] = item["days_later"] + shift
    if typed["facility"] != item["facility"]:
        change["facility"] = typed["facility"]
    elif typed["unit"]:
        change["unit"] = typed["unit"]
    return change | {"from_date": from_date()}


@blueprint.post("/series/<series>/review")
def review_move(series: str) -> Response | tuple[str, int]:
    return looked_at(series)


def looked_at(series: str, clashes: Any = (), status: int = 200) -> Response | tuple[str, int]:
    """Every member with where it would go, and the choices for those that cannot."""
    item = backend.ask("booking", "series", series=series)
    try:
        change = change_in_form(item)
        found = backend.ask("booking", "check_series_move", series=series, **change)
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {}) if isinstance(refusal, InvalidInput) else {}
        return form_of(series, status_of(refusal), refusal=refusal, errors=errors)
    told = {each["date"]: each for each in found["dates"]}
    told |= {each["date"]: told.get(each["date"], {}) | each for each in clashes}
    page = render_template(
        "series/review.html", rows=[row_of(each, request.form, "keep") for each in told.values()],
        carried=carried(request.form), clashed=bool(clashes), words_of_rule=rule_words(found["rule"], first_of(item)),
        target=url_for("pages.move_all", series=series), **names(),
        back=url_for("pages.change_series", series=series, **{"from": from_date()}), otherwise="keep",
        otherwise_word=gettext("Keep it where it is"), send_word=gettext("Move"),
        lenient_word=gettext("Keep those where they are that cannot be moved any more; else nothing is moved then."),
    )
    return make_response(page, status)


def first_of(item: Mapping[str, Any]) -> Any:
    return local_time.day_of(item["first_date"]) + timedelta(days=item["days_later"])


@blueprint.post("/series/<series>/change")
def move_all(series: str) -> Response | tuple[str, int]:
    item = backend.ask("booking", "series", series=series)
    version = request.form.get("version", "")
    on_clash = "keep" if request.form.get("on_clash") else "refuse"
    try:
        answer = backend.send(
            MoveSeries, series=series, version=whole(version), on_clash=on_clash,
            choices=choices_in(request.form, "keep"), **change_in_form(item),
        )
    except DatesClash as refusal:
        return looked_at(series, refusal.facts.get("clashes", ()), status_of(refusal))
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {}) if isinstance(refusal, InvalidInput) else {}
        return form_of(series, status_of(refusal), refusal=refusal, errors=errors)
    flash(ngettext("%(num)d reservation was moved.", "%(num)d reservations were moved.", len(answer["members"])))
    return redirect(url_for("pages.series_page", series=series), 303)
