"""Asks between teams as words for one side."""

from datetime import datetime
from typing import Any

from services.notify.domain import local_time
from services.notify.domain.audience import Part
from services.notify.domain.copies import Facility
from services.notify.domain.notices import Notice
from services.notify.rendering.facts import one_line, short_name, shortened
from services.notify.rendering.lists import Words
from services.notify.rendering.words import LABELS


def asked(notice: Notice, part: Part, language: str) -> Words:
    """For the holder: the own time, and what is offered for it or needed of it."""
    event, labels = notice.details["event"], LABELS[language]
    return common(notice, language) | {
        "answer_by": local_time.moment(event.expires_at, language),
        "path": f"/asks/{event.ask}",
        "open": labels["open_ask"],
        "rows": [
            *place_rows(notice, language),
            ("time", time_of(event.starts_at, event.ends_at, language)),
            ("in_return", offered(notice, language)),
            ("wished", time_of(event.wished_from, event.wished_until, language)),
            ("note", shortened(notice.details["note"])),
            ("answer_by", local_time.moment(event.expires_at, language) + labels["beijing_time"]),
        ],
    }


def answered(notice: Notice, part: Part, language: str) -> Words:
    """For whoever asked."""
    event, reason = notice.details["event"], notice.details["reason"].strip()
    is_made = event.state == "accepted" and event.reservation
    return common(notice, language) | {
        "state": event.state,
        "reason": reason,
        "path": f"/reservations/{event.reservation}" if is_made else f"/asks/{event.ask}",
        "open": LABELS[language]["open" if is_made else "open_asks"],
        "rows": [
            *place_rows(notice, language),
            ("asked_for", time_of(event.starts_at, event.ends_at, language)),
            ("wanted", time_of(event.wished_from, event.wished_until, language)),
            ("reason", reason),
        ],
    }


def common(notice: Notice, language: str) -> Words:
    event, facility = notice.details["event"], one_line(notice.facility.name(language))
    return {
        "headline": facility,
        "when": local_time.span(event.starts_at, event.ends_at, language),
        "by": one_line(notice.team.name),
        "card_title": short_name(notice.facility, facility),
        "card_times": (event.starts_at, event.ends_at),
        "swap": event.kind == "swap",
    }


def place_rows(notice: Notice, language: str) -> list[tuple[str, str]]:
    event, facility = notice.details["event"], notice.facility
    return [
        ("facility", f"{facility.facility} {one_line(facility.name(language))}"),
        ("unit", one_line(facility.unit_name(event.unit, language))),
    ]


def time_of(starts_at: datetime | None, ends_at: datetime | None, language: str) -> str:
    return local_time.span(starts_at, ends_at, language) + LABELS[language]["beijing_time"] if starts_at else ""


def offered(notice: Notice, language: str) -> str:
    """The time and place that the holder would get."""
    event: Any = notice.details["event"]
    if event.offered_facility is None:
        return ""
    usual = Facility(facility=event.offered_facility, names={}, units={})
    place = notice.details["facilities"].get(event.offered_facility, usual)
    where = f"{one_line(place.name(language))} {one_line(place.unit_name(event.offered_unit, language))}"
    return f"{local_time.span(event.offered_starts_at, event.offered_ends_at, language)} · {where}"
