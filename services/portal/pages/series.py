"""A series: looking at every date before it is asked for or moved, and one page with all its members."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from services.contracts.commands import AddSeriesDates, ApproveSeries, CancelSeries, RejectSeries, RequestSeries
from services.contracts.errors import DatesClash, InvalidInput, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.draft import Draft, local_moment, typed
from services.portal.pages.numbers import whole
from services.portal.pages.repeating import Repeat, repeated, rule_words
from services.portal.pages.requesting import fields_of, refused
from services.portal.pages.timeline import ZONE

NOT_CARRIED = {"csrf_token", "take", "date", "on_clash", "pick"}
FIRST_LOOK = ("purpose", "request_key")


@blueprint.post("/series/new")
def review_series() -> Response:
    return review(typed(request.form), repeated(request.form))


def review(draft: Draft, repeat: Repeat, clashes: Iterable[dict[str, Any]] = (), status: int = 200) -> Response:
    """Every date of a rule with what it would come to, and the choices for those that cannot be had."""
    try:
        if not draft.purpose.strip():
            raise InvalidInput(errors={"purpose": ["required"]})
        fields = asked(draft, repeat)
        look = {name: plain(value) for name, value in fields.items() if name not in FIRST_LOOK}
        found = backend.ask("booking", "check_series", **look)
    except Refusal as refusal:
        return refused(draft, refusal)
    told = {each["date"]: each for each in (*found["dates"], *clashes)}
    rows = [row_of(each, request.form, "skip") for each in told.values()]
    return make_response(render_template(
        "series/review.html", rows=rows, carried=carried(request.form),
        words_of_rule=rule_words(found["rule"], first_day(draft)), target=url_for("pages.create_series"),
        back=url_for("pages.redraw"), back_form=True, clashed=bool(clashes), **skipping(), **names(),
        lenient_word=gettext("Leave out dates that are taken in the meantime; else nothing is reserved then."),
    ), status)


def asked(draft: Draft, repeat: Repeat) -> dict[str, Any]:
    """The fields of RequestSeries that the form holds. Raises InvalidInput."""
    return fields_of(draft) | {"rule": repeat.rule(first_day(draft))}


def plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def first_day(draft: Draft) -> date:
    return draft.starts_at.astimezone(ZONE).date() if draft.starts_at else local_time.today()


def carried(form: Any) -> list[tuple[str, str]]:
    """What the form held, to be sent along again."""
    return [
        (name, value) for name, value in form.items(multi=True)
        if name not in NOT_CARRIED and not name.startswith("choice-")
    ]


def row_of(verdict: Mapping[str, Any], form: Any, otherwise: str) -> dict[str, Any]:
    """A date with what was chosen for it before, or what is proposed: to take it, or ``otherwise`` where it clashes."""
    day = verdict["date"]
    chosen = form.get(f"choice-{day}") or otherwise
    values = [value_of(way) for way in verdict["alternatives"]]
    is_known = day in form.getlist("date")
    return {
        **verdict, "day": date.fromisoformat(day), "taking": day in form.getlist("take") or not is_known,
        "ways": list(zip(values, verdict["alternatives"], strict=True)),
        "chosen": chosen if chosen in values else otherwise,
    }


def value_of(way: Mapping[str, Any]) -> str:
    times = [local_time.local_text(local_time.instant(way[name])) for name in ("starts_at", "ends_at")]
    return "|".join([way["facility"], way["unit"] or "", *times])


def choices_in(form: Any, otherwise: str) -> list[dict[str, Any]]:
    """What was chosen for each date; a date that is taken as the rule has it needs no choice."""
    found = []
    for day in form.getlist("date")[:400]:
        chosen = form.get(f"choice-{day}", "")
        if "|" in chosen:
            facility, unit, start, end = ([*chosen.split("|"), "", "", "", ""])[:4]
            found.append({"date": day, "facility": facility, "unit": unit or None, "starts_at": local_moment(start),
                          "ends_at": local_moment(end)})
        elif chosen or day not in form.getlist("take"):
            found.append({"date": day, "action": otherwise})
    return found


def skipping() -> dict[str, str]:
    """The words of a look at dates that are asked for."""
    return {
        "otherwise": "skip", "otherwise_word": gettext("Leave this date out"), "send_word": gettext("Send request"),
    }


def names() -> dict[str, Any]:
    items = backend.facilities()
    return {
        "facility_names": {item["code"]: item["names"] for item in items},
        "unit_names": {unit["code"]: unit.get("names") for item in items for unit in item["units"]},
    }


@blueprint.post("/series")
def create_series() -> Response:
    draft, repeat = typed(request.form), repeated(request.form)
    on_clash = "skip" if request.form.get("on_clash") else "refuse"
    try:
        fields = asked(draft, repeat) | {"choices": choices_in(request.form, "skip"), "on_clash": on_clash}
        answer = backend.send(RequestSeries, request_key=draft.request_key, **fields)
    except DatesClash as refusal:
        return review(draft, repeat, refusal.facts.get("clashes", ()), status_of(refusal))
    except Refusal as refusal:
        return refused(draft, refusal)
    taken = ngettext("%(num)d date was asked for.", "%(num)d dates were asked for.", len(answer["members"]))
    left = ngettext("%(num)d is left out.", "%(num)d are left out.", len(answer["skipped"]))
    flash(f"{taken} {left}" if answer["skipped"] else taken)
    return redirect(url_for("pages.series_page", series=answer["id"]), 303)


@blueprint.get("/series/<series>")
def series_page(series: str) -> tuple[str, int]:
    return shown(series)


def shown(series: str, status: int = 200, **more: Any) -> tuple[str, int]:
    """The page of a series as it stands now."""
    item = backend.ask("booking", "series", series=series)
    more = {"refusal": None, "errors": {}, "typed_reason": "", "tried": None} | more
    return render_template(
        "series/page.html", item=item, words_of_rule=rule_words_of(item), request_key=backend.new_key(),
        today=local_time.today(), lines=lines_of(item), **names(), **more,
    ), status


def rule_words_of(item: Mapping[str, Any]) -> str:
    return rule_words(item["rule"], date.fromisoformat(item["first_date"]))


def lines_of(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Members and dates without one, in the order of their dates in the rule."""
    members = [each | {"date": each["series_date"], "is_open": False} for each in item["members"]]
    given_up = {each["date"] for each in members}
    found = [each | {"is_open": True, "given_up": each["date"] in given_up} for each in item["open_dates"]]
    return sorted([*members, *found], key=lambda each: (each["date"], each["is_open"]))


ACTIONS = {
    "approve": (ApproveSeries, lambda number: ngettext(
        "%(num)d reservation was approved.", "%(num)d reservations were approved.", number)),
    "reject": (RejectSeries, lambda number: ngettext(
        "%(num)d reservation was rejected.", "%(num)d reservations were rejected.", number)),
    "cancel": (CancelSeries, lambda number: ngettext(
        "%(num)d reservation was given up.", "%(num)d reservations were given up.", number)),
}


@blueprint.post("/series/<series>/<any(approve, reject, cancel):action>")
def act_on_series(series: str, action: str) -> Response | tuple[str, int]:
    """Take one step with all members it is about; refused, the page says why and keeps the reason typed."""
    kind, told = ACTIONS[action]
    reason = request.form.get("reason", "").replace("\r\n", "\n")
    fields: dict[str, Any] = {} if action == "approve" else {"reason": reason}
    if action == "cancel":
        fields["from_date"] = request.form.get("from_date") or None
    try:
        answer = backend.send(kind, series=series, **fields)
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {}) if isinstance(refusal, InvalidInput) else {}
        return shown(
            series, status_of(refusal), refusal=refusal, errors=errors, typed_reason=reason, tried=action)
    flash(told(len(answer["members"])))
    if request.form.get("back") == "approvals":
        return redirect(url_for("pages.approvals"), 303)
    return redirect(url_for("pages.series_page", series=series), 303)


@blueprint.post("/series/<series>/dates")
def add_dates(series: str) -> Response | tuple[str, int]:
    """Dates back, or further ones; those that cannot be had are shown with their choices."""
    more = request.form.get("more", "")
    fields: dict[str, Any] = {"dates": request.form.getlist("dates"), "more": whole(more)}
    try:
        answer = backend.send(AddSeriesDates, series=series, choices=choices_in(request.form, "skip"), **fields)
    except DatesClash as refusal:
        item = backend.ask("booking", "series", series=series)
        rows = [row_of(each, request.form, "skip") for each in refusal.facts.get("clashes", ())]
        page = render_template(
            "series/review.html", rows=rows, carried=carried(request.form), clashed=True, **skipping(), **names(),
            words_of_rule=rule_words_of(item), target=url_for("pages.add_dates", series=series),
            back=url_for("pages.series_page", series=series),
        )
        return make_response(page, status_of(refusal))
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {}) if isinstance(refusal, InvalidInput) else {}
        return shown(series, status_of(refusal), refusal=refusal, errors=errors)
    flash(ngettext("%(num)d date was added.", "%(num)d dates were added.", len(answer["members"])))
    return redirect(url_for("pages.series_page", series=series), 303)
