"""The end of waiting as words for the team."""

from services.notify.domain import local_time
from services.notify.domain.audience import Part
from services.notify.domain.notices import Notice
from services.notify.rendering.facts import name_of, one_line, shortened
from services.notify.rendering.lists import Words
from services.notify.rendering.words import LABELS, hours


def waiting(notice: Notice, part: Part, language: str) -> Words:
    event, labels = notice.details["event"], LABELS[language]
    facility = one_line(notice.facility.name(language))
    when = local_time.span(event.starts_at, event.ends_at, language)
    return {
        "headline": facility,
        "when": when,
        "card_times": (event.starts_at, event.ends_at),
        "by": one_line(notice.team.name),
        "length": hours(event.minutes, language),
        "path": "/waitlist",
        "open": labels["open_waitlist"],
        "rows": [
            ("facility", f"{notice.facility.facility} {facility}"),
            ("window", when + labels["beijing_time"]),
            ("length", hours(event.minutes, language)),
            ("team", one_line(notice.team.name)),
            ("project", one_line(notice.team.projects.get(event.project, event.project)) if event.project else ""),
            ("purpose", shortened(event.purpose)),
            ("requester", name_of(notice.people, event.requester, "")),
        ],
    }
