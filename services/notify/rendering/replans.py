"""A re-plan as words for one reader: what was moved from where to where, why, and until when to answer."""

from collections.abc import Mapping
from typing import Any

from services.notify.domain import local_time, wechat_fields
from services.notify.domain.audience import Part
from services.notify.domain.copies import Facility
from services.notify.domain.notices import Notice
from services.notify.domain.replans import place_of
from services.notify.rendering.causes import cause_words
from services.notify.rendering.facts import one_line, short_name, shortened
from services.notify.rendering.lists import Words, instant, listed
from services.notify.rendering.marks import PHRASES
from services.notify.rendering.words import LABELS


def replan(notice: Notice, part: Part, language: str) -> Words:
    """One reservation is told like any that was moved; several are listed."""
    items, places = notice.details["items"], notice.details["places"]
    first, labels = items[0], LABELS[language]
    moved = [item for item in items if item["after"]]
    place = place_of(first)
    span = (instant(place["starts_at"]), instant(place["ends_at"]))
    facility = one_line(notice.facility.name(language)) if notice.facility else place["facility"]
    team = one_line(notice.team.name) if notice.team else first["team"]
    answer_by = min((instant(item["answer_by"]) for item in moved), default=None)
    until = local_time.moment(answer_by, language) if answer_by else ""
    is_one, number = len(items) == 1, labels["reservations_number"].format(number=len(items))
    return {
        "headline": where_words(place, places, language) if is_one else number,
        "when": local_time.span(*span, language) + ("" if is_one else " …"),
        "card_times": span,
        "card": {
            "thing1": short_name(notice.facility, facility) if notice.facility else facility,
            "time2": wechat_fields.time_range(*span),
            "thing3": team,
            "phrase4": PHRASES[notice.step.name],
        },
        "note_field": "thing5",
        "by": team,
        "count": len(items),
        "moved": len(moved),
        "lost": len(items) - len(moved),
        "until": until,
        "entries": len(notice.details["entries"]),
        "path": f"/reservations/{first['reservation']}" if is_one else "/",
        "open": labels["answer_now" if moved else "open" if is_one else "open_page"],
        "items": [] if is_one else listed([item_line(item, places, language) for item in items], language),
        "rows": [*(rows(first, places, language) if is_one else []), *shared_rows(notice, until, language)],
    }


def shared_rows(notice: Notice, until: str, language: str) -> list[tuple[str, str]]:
    labels, cause = LABELS[language], notice.details["cause"]
    return [
        ("cause", cause_words(cause, language, facility_words(cause, notice.details["places"], language))),
        ("answer_by", until and until + labels["beijing_time"]),
    ]


def rows(item: Mapping[str, Any], places: Mapping[str, Facility], language: str) -> list[tuple[str, str]]:
    """One reservation's facts in the order of the others' (facts.py); what was cancelled has no new time."""
    beijing_time = LABELS[language]["beijing_time"]
    new = item["after"] and f"{span_words(item['after'], language)}{beijing_time}"
    return [
        ("facility", where_words(place_of(item), places, language)),
        ("time", new or ""),
        ("former", f"{span_words(item['before'], language)} · {where_words(item['before'], places, language)}"),
        ("purpose", shortened(item["purpose"])),
    ]


def item_line(item: Mapping[str, Any], places: Mapping[str, Facility], language: str) -> str:
    """Old and new of one among several."""
    labels = LABELS[language]
    old = f"{span_words(item['before'], language)} · {where_words(item['before'], places, language)}"
    if not item["after"]:
        return f"{old} · {labels['replanned_out']}"
    new = f"{span_words(item['after'], language)} · {where_words(item['after'], places, language)}"
    return f"{new} · {labels['former']}{labels['between']}{old}"


def span_words(place: Mapping[str, Any], language: str) -> str:
    return local_time.span(instant(place["starts_at"]), instant(place["ends_at"]), language)


def where_words(place: Mapping[str, Any], places: Mapping[str, Facility], language: str) -> str:
    facility = places.get(place["facility"]) or Facility(facility=place["facility"], names={}, units={})
    return f"{one_line(facility.name(language))} {one_line(facility.unit_name(place['unit'], language))}".strip()


def facility_words(cause: Mapping[str, Any], places: Mapping[str, Facility], language: str) -> str:
    facility = places.get(cause.get("facility") or "")
    return one_line(facility.name(language)) if facility else cause.get("facility") or ""
