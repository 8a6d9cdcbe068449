"""What becomes of the demo's reservations: each has a life, of which a stack sees as much as has happened by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from services.booking.domain.days import BASE_ZONE, DAY, midnight_before
from services.booking.domain.facility import Facility
from services.booking.domain.spans import Span
from services.booking.domain.states import Action

FATES = {
    "kept": 80,
    Action.CANCEL: 7,
    Action.MARK_NO_SHOW: 4,
    Action.REJECT: 4,
    Action.WITHDRAW: 3,
    Action.EXPIRE: 3,
}
"""How often a reservation comes to which end; a run of a day or more is always kept."""

ONLY_WHILE_WAITING = {Action.REJECT, Action.WITHDRAW, Action.EXPIRE}
LEADS = (0, 1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 13)
"""How many days ahead people ask."""

WAITED = 0.4
"""Which part of the time to decide has gone by for those who wait, at most."""

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Step:
    at: datetime
    action: Action
    reason: str = ""


def life(facility: Facility, span: Span, reasons: dict[str, Sequence[str]], random: Random) -> list[Step]:
    """All steps of a reservation of ``span``, in their order; the first is the request."""
    asked_at = asking(facility, span, random)
    (fate,) = random.choices(list(FATES), list(FATES.values())) if span.length < DAY else ("kept",)
    steps = [Step(asked_at, Action.REQUEST)]
    granted_at = asked_at
    if not facility.is_automatic:
        decide_by = min(asked_at + facility.decision_hours * HOUR, span.starts_at)
        granted_at = working_time(between(asked_at, decide_by, random.uniform(0.5, 0.95)), asked_at, decide_by)
        if fate in ONLY_WHILE_WAITING:
            at = decide_by if fate is Action.EXPIRE else granted_at
            return [*steps, Step(at, fate, random.choice(reasons["rejected"]) if fate is Action.REJECT else "")]
        steps.append(Step(granted_at, Action.APPROVE))
    latest = span.starts_at - facility.cancel_notice_minutes * MINUTE
    if fate is Action.CANCEL and granted_at < latest:
        at = between(granted_at, latest, random.uniform(0.1, 0.9))
        return [*steps, Step(at, Action.CANCEL, random.choice(reasons["cancelled"]))]
    if fate is Action.MARK_NO_SHOW:
        return [*steps, Step(min(span.starts_at + 30 * MINUTE, span.ends_at), Action.MARK_NO_SHOW)]
    came_at = span.starts_at + random.randint(0, 9) * MINUTE
    left_at = span.ends_at - random.randint(0, 12) * MINUTE
    return [*steps, Step(came_at, Action.CHECK_IN), Step(left_at, Action.CHECK_OUT)]


def undecided(facility: Facility, steps: Sequence[Step], now: datetime) -> list[Step]:
    """The same request, waiting: asked not long ago, and nobody has got to it yet."""
    asked_at = max(steps[0].at, now - facility.decision_hours * HOUR * WAITED)
    return [Step(asked_at, Action.REQUEST)]


def asking(facility: Facility, span: Span, random: Random) -> datetime:
    """A moment of a working day, early enough for the facility's notice."""
    day = midnight_before(span.starts_at - timedelta(days=random.choice(LEADS)))
    asked_at = day + 8 * HOUR + random.randint(30, 11 * 60) * MINUTE
    latest = span.starts_at - timedelta(minutes=facility.notice_minutes) - random.randint(20, 180) * MINUTE
    return min(asked_at, latest)


def between(earliest: datetime, latest: datetime, fraction: float) -> datetime:
    return (earliest + (latest - earliest) * fraction).replace(second=0, microsecond=0)


def working_time(moment: datetime, earliest: datetime, latest: datetime) -> datetime:
    """When a manager gets to it: not at night, if there is a day between ``earliest`` and ``latest``."""
    if 8 <= moment.astimezone(BASE_ZONE).hour < 19:
        return moment
    midnight = midnight_before(moment + 12 * HOUR)
    for daytime in (midnight + 9 * HOUR, midnight - 6 * HOUR):
        waited = daytime + (moment.minute % 50) * MINUTE
        if earliest < waited < latest:
            return waited
    return moment
