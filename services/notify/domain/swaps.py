"""What people hear of asks between teams: each side of its own, and nothing of who the other is.

An exchange itself is told as a step of each side's reservation; so is time that is granted at once.
"""

from collections.abc import Mapping
from datetime import datetime

from services.contracts import events
from services.notify.domain.audience import Part
from services.notify.domain.copies import Facility, Person, Team
from services.notify.domain.notices import Notice, Told, to
from services.notify.domain.steps import STEPS

ANSWERS = ("declined", "lapsed")


def of_ask(
    event: events.HolderAsked, team: Team, facilities: Mapping[str, Facility], people: Mapping[str, Person],
    now: datetime,
) -> list[Told]:
    """To whoever reserved the time that is asked for, and the leads of the team, while there is time to answer."""
    if event.expires_at <= now:
        return []
    step = STEPS["swap_asked"]
    notice = Notice.of(
        event, step, f"ask-{event.ask}",
        details={"event": event, "note": event.note, "facilities": dict(facilities)},
        facility=facilities[event.facility],
        team=team,
        people=people,
        expires_at=event.expires_at,
    )
    return [(notice, to(people, (event.requester, *team.leads), Part.TEAM, step.category))]


def of_answer(
    event: events.AskAnswered, team: Team, facility: Facility, people: Mapping[str, Person], now: datetime
) -> list[Told]:
    """To whoever asked: that the answer is no, that there is none, or that what was asked for waits for approval."""
    is_waiting = event.kind == "give_way" and event.reservation_state == "requested"
    if event.ends_at <= now or not (event.state in ANSWERS or (event.state == "accepted" and is_waiting)):
        return []
    step = STEPS["swap_answered"]
    notice = Notice.of(
        event, step, f"ask-{event.ask}",
        details={"event": event, "reason": event.reason},
        facility=facility,
        team=team,
        people=people,
        expires_at=event.ends_at,
    )
    return [(notice, to(people, [event.requester], Part.TEAM, step.category))]
