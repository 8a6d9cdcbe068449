"""A campaign as words for one reader: one message with all its steps in order."""

from collections.abc import Mapping
from typing import Any

from services.notify.domain import local_time, wechat_fields
from services.notify.domain.audience import Part
from services.notify.domain.copies import Facility
from services.notify.domain.notices import Notice
from services.notify.rendering.facts import one_line
from services.notify.rendering.lists import Words, instant, listed
from services.notify.rendering.several import leads_to, several
from services.notify.rendering.words import LABELS, MEMBER_STATES


def campaign(notice: Notice, part: Part, language: str) -> Words:
    """It has no facility of its own: what it is called is the number of its steps."""
    event, decides = notice.details["event"], part is not Part.TEAM
    headline = LABELS[language]["campaign"].format(number=len(event.members))
    told = several(notice, event.members, wechat_fields.thing(headline), language)
    return told | leads_to(decides, (f"/campaigns/{event.campaign}", "open_campaign"), language) | {
        "headline": headline,
        "decides": decides,
        "because": getattr(event, "because", ""),
        "items": listed([step_line(each, notice.details["facilities"], language) for each in event.members], language),
    }


def step_line(step: dict[str, Any], facilities: Mapping[str, Facility], language: str) -> str:
    """1. Nano-silver film · 26 Nov 09:00–11:00 · waits."""
    facility = facilities.get(step["facility"])
    name = one_line(facility.name(language)) if facility else step["facility"]
    time = local_time.span(instant(step["starts_at"]), instant(step["ends_at"]), language)
    state = MEMBER_STATES[language].get(step["state"])
    return " · ".join(filter(None, (f"{step['step']}. {name}", time, state)))
