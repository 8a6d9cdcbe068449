"""Maintenance, outages and closures as words for those who manage, and for those whose time they hit."""

from collections.abc import Mapping
from typing import Any

from services.notify.domain import local_time
from services.notify.domain.audience import Part
from services.notify.domain.copies import Facility
from services.notify.domain.notices import Notice
from services.notify.rendering.facts import name_of, one_line, short_name, shortened
from services.notify.rendering.lists import Words, instant, listed
from services.notify.rendering.words import INTERRUPTIONS, LABELS


def interruption(notice: Notice, part: Part, language: str) -> Words:
    """What cannot be used, when and why; and which of the reader's reservations that hits."""
    details, facility, hits = notice.details, notice.facility, notice.details["hits"]
    kind = INTERRUPTIONS[language][details["kind"]]
    where = one_line(facility.name(language)) if facility else LABELS[language]["whole_base"]
    unit = one_line(facility.unit_name(details["unit"], language)) if facility and details["unit"] else ""
    times = [(instant(span["starts_at"]), instant(span["ends_at"])) for span in details["spans"] or hits]
    spans = [local_time.span(*time, language) for time in times]
    reason = details["reason"].get(language) or details["reason"].get("zh-Hans") or ""
    path, opens = leads_to(hits, facility)
    return {
        "headline": f"{where} {unit}".strip(),
        "card_title": short_name(facility, where) if facility else where,
        "when": spans[0] if len(spans) == 1 else f"{spans[0]} …",
        "card_times": times[0],
        "kind": kind,
        "count": len(hits),
        "reason": reason,
        "path": path,
        "open": LABELS[language][opens],
        "items": listed([hit_line(hit, details["places"], language) for hit in hits], language),
        "rows": [
            ("kind", kind),
            ("facility", where),
            ("unit", unit),
            ("time", "\n".join(spans) + LABELS[language]["beijing_time"]),
            ("cause", reason.strip()),
        ],
    }


def leads_to(hits: list[dict[str, Any]], facility: Facility | None) -> tuple[str, str]:
    """The page that the button opens, and the button's label."""
    if len(hits) == 1:
        return f"/reservations/{hits[0]['reservation']}", "open"
    if hits:
        return "/reservations", "open_reservations"
    return (f"/facilities/{facility.facility}" if facility else "/board"), "open_page"


def hit_line(hit: dict[str, Any], places: Mapping[str, Facility], language: str) -> str:
    """When it is, where it is if that is not clear, and whether it is hit."""
    time = local_time.span(instant(hit["starts_at"]), instant(hit["ends_at"]), language)
    place = places.get(hit.get("facility", ""))
    where = f"{one_line(place.name(language))} {one_line(place.unit_name(hit['unit'], language))}" if place else ""
    state = LABELS[language]["hit_no_more" if hit["is_over"] else "hit"]
    return " · ".join(filter(None, (time, where, state)))


def fault(notice: Notice, part: Part, language: str) -> Words:
    """What is broken, who said so, and what came of it."""
    details, facility = notice.details, notice.facility
    where = one_line(facility.name(language))
    unit = one_line(facility.unit_name(details["unit"], language)) if details["unit"] else ""
    text, person = shortened(details["text"]), name_of(notice.people, details["reporter"], "")
    return {
        "headline": f"{where} {unit}".strip(),
        "when": local_time.moment(details["at"], language),
        "card_times": (details["at"], None),
        "card_title": short_name(facility, where),
        "by": person,
        "person": person,
        "actor": name_of(notice.people, details["actor"], LABELS[language]["system"]),
        "text": text,
        "path": f"/facilities/{facility.facility}",
        "rows": [
            ("facility", f"{facility.facility} {where}"),
            ("unit", unit),
            ("reporter", person),
            ("broken", text),
            ("answer", shortened(details["note"])),
        ],
    }
