"""The facilities: a list by kind, and a card with everything a team wants to know before it asks."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from flask import render_template
from flask_babel import gettext

from services.contracts.errors import Refusal
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.board_rows import row_of, window_of
from services.portal.pages.free_time import proposal
from services.portal.pages.timeline import Window
from services.portal.pages.words import KIND_NAMES, KINDS
from services.portal.sentences import clock

DAYS_AHEAD = 14


def ahead(facility: str | None = None) -> dict[str, dict[str, Any]]:
    """The rows of the next two weeks by facility; none when booking does not answer."""
    window = Window(local_time.today(), DAYS_AHEAD, 0, 24, 60)
    with suppress(Refusal):
        return rows_in(window, facility)
    return {}


def rows_in(window: Window, facility: str | None = None) -> dict[str, dict[str, Any]]:
    board = backend.ask(
        "booking",
        "board",
        starts_at=window.starts_at.isoformat(),
        ends_at=window.ends_at.isoformat(),
        facility=facility,
    )
    items: dict[str, list] = {item["code"]: [] for item in board["facilities"]}
    for item in board["items"]:
        items.get(item["facility"], []).append(item)
    now = local_time.now()
    return {item["code"]: row_of(item, items[item["code"]], window, now) for item in board["facilities"]}


def opening_words(opening_hours: Sequence[Sequence[Sequence[int]]]) -> list[tuple[str, str]]:
    """Opening hours as lines: weekdays with the same hours together."""
    monday = date(2024, 1, 1)
    lines: list[tuple[int, int, Any]] = []
    for number, hours in enumerate(opening_hours):
        if lines and lines[-1][2] == hours:
            lines[-1] = (lines[-1][0], number, hours)
        else:
            lines.append((number, number, hours))
    return [(days_words(monday, first, last), hours_of_day(hours)) for first, last, hours in lines]


def days_words(monday: date, first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return gettext("Every day")
    names = [local_time.weekday_words(monday + timedelta(days=number)) for number in (first, last)]
    return names[0] if first == last else gettext("%(first)s to %(last)s", first=names[0], last=names[1])


def hours_of_day(pairs: Sequence[Sequence[int]]) -> str:
    if not pairs:
        return gettext("closed")
    if [list(pair) for pair in pairs] == [[0, 1440]]:
        return gettext("day and night")
    return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in pairs)


def length(minutes: int) -> str:
    """A length as rules name it: whole days, else hours, so that 1000 h are not 41 days 16 h."""
    if minutes > 1440 and minutes % 1440 and minutes % 60 == 0:
        return gettext("%(number)d h", number=minutes // 60)
    return local_time.length_words(minutes)


def rules(facility: dict[str, Any]) -> list[str]:
    """The rules of use as sentences."""
    told = [
        gettext(
            "From %(shortest)s to %(longest)s at a time, in steps of %(step)s.",
            shortest=length(facility["shortest_minutes"]),
            longest=length(facility["longest_minutes"]),
            step=length(facility["granularity_minutes"]),
        ),
        gettext("Open for reservations %(days)d days ahead.", days=facility["horizon_days"]),
    ]
    if facility["notice_minutes"]:
        told.append(gettext("At least %(length)s of notice.", length=length(facility["notice_minutes"])))
    if facility["setup_minutes"]:
        told.append(
            gettext(
                "%(length)s before each reservation are kept for setting up.", length=length(facility["setup_minutes"])
            )
        )
    if facility["cleardown_minutes"]:
        told.append(
            gettext(
                "%(length)s after each reservation are kept for clearing down.",
                length=length(facility["cleardown_minutes"]),
            )
        )
    if facility["approval"] == "automatic":
        told.append(gettext("Requests within the rules are confirmed at once."))
    else:
        told.append(
            gettext(
                "The manager decides within %(length)s; otherwise the request expires.",
                length=length(facility["decision_hours"] * 60),
            )
        )
    return told


def offer(facility: dict[str, Any], row: dict[str, Any] | None) -> tuple[str, str] | None:
    """Start and end of a request in the first free time, as a form's address carries them."""
    if not row or not row["free"]:
        return None
    start, end = proposal(facility, row["free"][0])
    return local_time.local_text(start), local_time.local_text(end)


@blueprint.get("/facilities")
def facility_list() -> str:
    rows = ahead()
    items = [
        item | {"row": rows.get(item["code"]), "proposal": offer(item, rows.get(item["code"]))}
        for item in backend.facilities()
    ]
    groups = [(KINDS[kind], found) for kind in KINDS if (found := [item for item in items if item["kind"] == kind])]
    return render_template("facilities/list.html", groups=groups)


@blueprint.get("/facilities/<facility>")
def facility_card(facility: str) -> str:
    item = backend.facility(facility)
    week = window_of("week", local_time.today(), all_hours=any([0, 1440] in day for day in item["opening_hours"]))
    row = None
    with suppress(Refusal):
        row = rows_in(week, facility).get(facility)
    return render_template(
        "facilities/card.html",
        item=item,
        row=row,
        window=week,
        upcoming=ahead(facility).get(facility),
        opening=opening_words(item["opening_hours"]),
        rules=rules(item),
        kind=KIND_NAMES[item["kind"]],
        may_edit=may_edit(facility),
        today=local_time.today(),
        now_position=None,
    )


def may_edit(facility: str) -> bool:
    """Whether to offer the form; the facilities service decides."""
    identity = backend.identity()
    return bool({"admin", "base_manager"} & set(identity["roles"])) or facility in identity["manages"]
