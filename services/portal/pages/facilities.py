"""The facilities: a list by kind, and a card with everything a team wants to know before it asks."""

from contextlib import suppress
from typing import Any

from flask import render_template

from services.contracts.errors import Refusal
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.board_rows import row_of, window_of
from services.portal.pages.facility_words import opening_words
from services.portal.pages.free_time import Span, free_spans, proposal, taken_by
from services.portal.pages.rules_in_words import rules_in_words
from services.portal.pages.timeline import Window
from services.portal.pages.words import KIND_NAMES, KINDS

DAYS_AHEAD = 14


def free_ahead(days: int, facility: str | None = None) -> dict[str, list[Span]]:
    """Free time of the next days by facility; nothing when booking does not answer."""
    window = Window(local_time.today(), days, 0, 24, 60)
    with suppress(Refusal):
        board = backend.board(window, facility)
        held, now = taken_by(board["items"]), local_time.now()
        found = {item["code"]: item for item in board["facilities"]}
        return {code: free_spans(item, held.get(code, ()), window.dates, now) for code, item in found.items()}
    return {}


def offer(facility: dict[str, Any], span: Span) -> dict[str, str]:
    """What the address of a form carries that asks for the beginning of a free span."""
    start, end = proposal(facility, span)
    return {"facility": facility["code"], "start": local_time.local_text(start), "end": local_time.local_text(end)}


def with_free(facility: dict[str, Any], free: dict[str, list[Span]]) -> dict[str, Any]:
    """A facility with its first free span, and whether that is known at all."""
    spans = free.get(facility["code"])
    first = spans[0] if spans else None
    return facility | {"known": spans is not None, "free": first, "offer": offer(facility, first) if first else None}


@blueprint.get("/facilities")
def facility_list() -> str:
    free = free_ahead(DAYS_AHEAD)
    items = [with_free(item, free) for item in backend.facilities()]
    groups = [(KINDS[kind], found) for kind in KINDS if (found := [item for item in items if item["kind"] == kind])]
    return render_template("facilities/list.html", groups=groups)


@blueprint.get("/facilities/<facility>")
def facility_card(facility: str) -> str:
    item = with_free(backend.facility(facility), free_ahead(DAYS_AHEAD, facility))
    week = window_of("week", local_time.today(), all_hours=any([0, 1440] in day for day in item["opening_hours"]))
    row = None
    with suppress(Refusal):
        board = backend.board(week, facility)
        row = next((row_of(each, board["items"], week, local_time.now()) for each in board["facilities"]), None)
    coming = []
    with suppress(Refusal):
        coming = backend.ask("facilities", "interruptions", facility=facility)["items"]
    return render_template(
        "facilities/card.html",
        item=item,
        coming=coming,
        row=row,
        window=week,
        opening=opening_words(item["opening_hours"]),
        rules=rules_in_words(item),
        kind=KIND_NAMES[item["kind"]],
        may_edit=may_edit(facility),
        today=local_time.today(),
    )


def may_edit(facility: str) -> bool:
    """Whether to offer the form; the facilities service decides."""
    identity = backend.identity()
    return bool({"admin", "base_manager"} & set(identity["roles"])) or facility in identity["manages"]
