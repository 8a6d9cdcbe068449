"""A series as words for one reader: one message, whatever the number of its members."""

from typing import Any

from services.notify.domain import local_time
from services.notify.domain.audience import Part
from services.notify.domain.notices import Notice
from services.notify.rendering.facts import one_line, short_name
from services.notify.rendering.lists import Words, instant, listed
from services.notify.rendering.several import leads_to, several
from services.notify.rendering.words import LABELS, MEMBER_STATES


def series(notice: Notice, part: Part, language: str) -> Words:
    """It happens on one facility; the number of its members stands in the note of the card."""
    event, members = notice.details["event"], notice.details["members"]
    facility = one_line(notice.facility.name(language))
    told = several(notice, members, short_name(notice.facility, facility), language)
    skipped = LABELS[language]["comma"].join(local_time.date_words(day, language) for day in event.skipped)
    return told | leads_to(part is Part.MANAGER, (f"/series/{event.series}", "open_series"), language) | {
        "headline": facility,
        "skipped": len(event.skipped),
        "items": listed([member_line(member, language) for member in members], language),
        "rows": [
            ("facility", f"{notice.facility.facility} {facility}"),
            ("location", one_line(notice.facility.location)),
            *told["rows"],
            ("skipped", skipped),
        ],
    }


def member_line(member: dict[str, Any], language: str) -> str:
    time = local_time.span(instant(member["starts_at"]), instant(member["ends_at"]), language)
    state = MEMBER_STATES[language].get(member["state"])
    return f"{time} · {state}" if state else time
