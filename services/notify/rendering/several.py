"""What is said alike of a series and of a campaign: reservations of one team, asked for as one and told as one."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.notify.domain import local_time, wechat_fields
from services.notify.domain.notices import Notice
from services.notify.rendering.facts import asked_for, name_of, one_line
from services.notify.rendering.lists import Words, instant
from services.notify.rendering.marks import PHRASES
from services.notify.rendering.words import LABELS


def several(notice: Notice, members: Sequence[Mapping[str, Any]], title: str, language: str) -> Words:
    """They have a card like a single reservation, called ``title``: the first start, the last end."""
    event, waiting, people = notice.details["event"], notice.details["waiting"], notice.people
    first, last = instant(members[0]["starts_at"]), instant(members[-1]["ends_at"])
    team, requester = one_line(notice.team.name), name_of(people, event.requester, "")
    return {
        "when": f"{local_time.day(first, language)} – {local_time.day(last, language)}",
        "card_times": (first, last),
        "card": {
            "thing1": title,
            "time2": wechat_fields.time_range(first, last),
            "thing3": team,
            "phrase4": PHRASES[notice.step.name],
        },
        "note_field": "thing5",
        "by": " · ".join(filter(None, (team, requester))),
        "count": len(members),
        "waits": bool(waiting),
        "waiting": len(waiting),
        "entries": len([entry for entry in notice.details.get("entries", ()) if entry.is_granted]),
        "team": team,
        "requester": requester,
        "actor": name_of(people, event.actor, LABELS[language]["system"]),
        "reason": event.reason.strip(),
        "rows": [*asked_for(event, notice.team, people), ("reason", event.reason.strip())],
    }


def leads_to(decides: bool, own: tuple[str, str], language: str) -> Words:
    """Where the button leads whoever decides, and where all others: a path and a label."""
    path, label = ("/approvals", "open_approvals") if decides else own
    return {"path": path, "open": LABELS[language][label]}
