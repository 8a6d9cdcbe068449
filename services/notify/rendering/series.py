"""A series as words for one reader: one message, whatever the number of its members."""

from typing import Any

from services.notify.domain import local_time, wechat_fields
from services.notify.domain.audience import Part
from services.notify.domain.notices import Notice
from services.notify.rendering.facts import name_of, one_line, short_name, shortened
from services.notify.rendering.lists import Words, instant, listed
from services.notify.rendering.marks import PHRASES
from services.notify.rendering.words import LABELS, MEMBER_STATES


def series(notice: Notice, part: Part, language: str) -> Words:
    """A series has a card like a single reservation: the first start, the last end, the number in the note."""
    event, members, team = notice.details["event"], notice.details["members"], notice.team
    facility, requester = one_line(notice.facility.name(language)), name_of(notice.people, event.requester, "")
    first, last = instant(members[0]["starts_at"]), instant(members[-1]["ends_at"])
    name = one_line(team.name)
    return {
        "headline": facility,
        "when": f"{local_time.day(first, language)} – {local_time.day(last, language)}",
        "card_times": (first, last),
        "card": {
            "thing1": short_name(notice.facility, facility),
            "time2": wechat_fields.time_range(first, last),
            "thing3": name,
            "phrase4": PHRASES[notice.step.name],
        },
        "note_field": "thing5",
        "by": " · ".join(filter(None, (name, requester))),
        "count": len(members),
        "waits": bool(notice.details["waiting"]),
        "waiting": len(notice.details["waiting"]),
        "skipped": len(event.skipped),
        "team": name,
        "requester": requester,
        "actor": name_of(notice.people, event.actor, LABELS[language]["system"]),
        "reason": event.reason.strip(),
        "path": "/approvals" if part is Part.MANAGER else f"/series/{event.series}",
        "open": LABELS[language]["open_approvals" if part is Part.MANAGER else "open_series"],
        "items": listed([member_line(member, language) for member in members], language),
        "rows": [
            ("facility", f"{notice.facility.facility} {facility}"),
            ("location", one_line(notice.facility.location)),
            ("team", one_line(f"{team.name} · {team.company_name}" if team.company_name else team.name)),
            ("project", one_line(team.projects.get(event.project, event.project)) if event.project else ""),
            ("purpose", shortened(event.purpose)),
            ("requester", requester),
            ("reason", event.reason.strip()),
            ("skipped", LABELS[language]["comma"].join(local_time.date_words(day, language) for day in event.skipped)),
        ],
    }


def member_line(member: dict[str, Any], language: str) -> str:
    time = local_time.span(instant(member["starts_at"]), instant(member["ends_at"]), language)
    state = MEMBER_STATES[language].get(member["state"])
    return f"{time} · {state}" if state else time
