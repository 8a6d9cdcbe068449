"""When a message goes out: at once, after a short hold, when the reader's quiet hours end, or in their digest."""

from datetime import datetime, timedelta

from services.notify.domain.outcomes import State
from services.notify.domain.preferences import MANDATORY, Preferences
from services.notify.domain.steps import Category


def timing(
    category: Category,
    preferences: Preferences,
    now: datetime,
    *,
    changes_calendar: bool = False,
    holding: timedelta = timedelta(),
    expires_at: datetime | None = None,
    time_scale: float = 1,
) -> tuple[State, datetime]:
    """The state in which a delivery begins, and when it is due.

    What changes an entry in the reader's calendar waits for no digest, since a digest cannot carry it.
    What would be of no use by the end of the quiet hours comes before: at once.
    """
    due_at = now + holding / time_scale
    if category in MANDATORY:
        return State.PENDING, due_at
    if preferences.takes_digest_of(category) and not changes_calendar:
        return State.HELD, scaled(now, preferences.next_digest(now), time_scale)
    quiet_ends = preferences.quiet_ends(due_at)
    if quiet_ends is None:
        return State.PENDING, due_at
    later = scaled(now, quiet_ends, time_scale)
    return State.PENDING, due_at if expires_at and later >= expires_at else later


def scaled(now: datetime, then: datetime, time_scale: float) -> datetime:
    return now + (then - now) / time_scale
