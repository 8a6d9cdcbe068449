"""A campaign as words for one reader: one message with all its steps in order."""

from collections.abc import Mapping
from typing import Any

from services.notify.domain import local_time, wechat_fields
from services.notify.domain.audience import Part
from services.notify.domain.copies import Facility
from services.notify.domain.notices import Notice
from services.notify.rendering.facts import name_of, one_line, shortened
from services.notify.rendering.lists import Words, instant, listed
from services.notify.rendering.marks import PHRASES
from services.notify.rendering.words import LABELS, MEMBER_STATES


def campaign(notice: Notice, part: Part, language: str) -> Words:
    """Its card is like that of a reservation, from the first start to the last end."""
    event, team, waiting = notice.details["event"], notice.team, notice.details["waiting"]
    labels, decides = LABELS[language], part is not Part.TEAM
    first, last = instant(event.members[0]["starts_at"]), instant(event.members[-1]["ends_at"])
    name, requester = one_line(team.name), name_of(notice.people, event.requester, "")
    headline = labels["campaign"].format(number=len(event.members))
    return {
        "headline": headline,
        "when": f"{local_time.day(first, language)} – {local_time.day(last, language)}",
        "card_times": (first, last),
        "card": {
            "thing1": wechat_fields.thing(headline),
            "time2": wechat_fields.time_range(first, last),
            "thing3": name,
            "phrase4": PHRASES[notice.step.name],
        },
        "note_field": "thing5",
        "by": " · ".join(filter(None, (name, requester))),
        "count": len(event.members),
        "waits": bool(waiting),
        "waiting": len(waiting),
        "decides": decides,
        "because": getattr(event, "because", ""),
        "team": name,
        "requester": requester,
        "actor": name_of(notice.people, event.actor, labels["system"]),
        "reason": event.reason.strip(),
        "path": "/approvals" if decides else f"/campaigns/{event.campaign}",
        "open": labels["open_approvals" if decides else "open_campaign"],
        "items": listed([step_line(each, notice.details["facilities"], language) for each in event.members], language),
        "rows": [
            ("team", one_line(f"{team.name} · {team.company_name}" if team.company_name else team.name)),
            ("project", one_line(team.projects.get(event.project, event.project)) if event.project else ""),
            ("purpose", shortened(event.purpose)),
            ("requester", requester),
            ("reason", event.reason.strip()),
        ],
    }


def step_line(step: dict[str, Any], facilities: Mapping[str, Facility], language: str) -> str:
    """1. Nano-silver film · 26 Nov 09:00–11:00 · waits."""
    facility = facilities.get(step["facility"])
    name = one_line(facility.name(language)) if facility else step["facility"]
    time = local_time.span(instant(step["starts_at"]), instant(step["ends_at"]), language)
    state = MEMBER_STATES[language].get(step["state"])
    return " · ".join(filter(None, (f"{step['step']}. {name}", time, state)))
