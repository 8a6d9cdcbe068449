"""When to remind of a reservation: a day before it starts, when one may check in, and before it ends.

Providers are busiest at minutes 0 and 30, on which reservations begin and end; a reminder
comes a few minutes earlier, by a number that is always the same for the same reservation.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.contracts.events import ReservationEvent

DAY_BEFORE = timedelta(days=1)
HOUR_BEFORE = timedelta(hours=1)
BEFORE_END = timedelta(minutes=30)
CHECK_IN_OPENS = timedelta(minutes=15)
NAMESPACE = uuid.UUID("0b0f6a52-3c67-5a0e-8f5b-2b54a6f9d1c4")
MOST_JITTER = 4
BUSY = (0, 30)


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """``kind`` is the step that is told. After ``stale_at`` it would say nothing that is still of use."""

    subject: str
    kind: str
    due_at: datetime
    stale_at: datetime

    @property
    def event_id(self) -> str:
        """The same whenever the same time comes for the same thing, so that nobody is told twice."""
        return str(uuid.uuid5(NAMESPACE, f"{self.kind} {self.subject} {self.stale_at.isoformat()}"))


def reminders_of(
    event: ReservationEvent, now: datetime, time_scale: float = 1, check_in: timedelta = CHECK_IN_OPENS
) -> list[Reminder]:
    """What is still to come for a reservation as it stands; what is due already was never of use.

    ``check_in`` is how long before the start one may check in.
    """
    found = []
    if event.state == "approved":
        notice = DAY_BEFORE if event.starts_at - now > DAY_BEFORE / time_scale else HOUR_BEFORE
        found.append(reminder(event, "starts_soon", event.starts_at, notice, time_scale))
        found += [reminder(event, "check_in_open", event.starts_at, check_in, time_scale)] if check_in else []
    if event.state in ("approved", "in_use") and event.ends_at - event.starts_at > BEFORE_END / time_scale:
        found.append(reminder(event, "ends_soon", event.ends_at, BEFORE_END, time_scale))
    return [each for each in found if each.due_at > now]


def reminder(event: ReservationEvent, kind: str, at: datetime, notice: timedelta, time_scale: float) -> Reminder:
    due_at = quiet_minute(at - notice / time_scale, f"{event.reservation} {kind}", time_scale)
    return Reminder(subject=event.reservation, kind=kind, due_at=due_at, stale_at=at)


def quiet_minute(instant: datetime, key: str, time_scale: float = 1) -> datetime:
    """One to five minutes earlier, the same for the same key, and never on minute 0 or 30."""
    minute = timedelta(minutes=1) / time_scale
    earlier = instant - minute * (1 + hashlib.sha256(key.encode()).digest()[0] % MOST_JITTER)
    return earlier - minute if earlier.minute in BUSY else earlier


def needless(kind: str, goes_on: bool, went_on: bool) -> bool:
    """Whether the team is there anyway: it goes on with a reservation of its own, or comes from one."""
    return goes_on if kind == "ends_soon" else went_on
