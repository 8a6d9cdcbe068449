"""When a whole channel rests: its server is away, its account refused, or it is full for now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notify.domain.local_time import SHANGHAI
from services.notify.domain.outcomes import Kind, Outcome


@dataclass(frozen=True, kw_only=True)
class Pause:
    """No delivery of the channel is tried before ``until``. ``kind`` is that of the answer that caused it."""

    channel: str
    until: datetime
    kind: Kind
    reason: str


def pause_after(channel: str, outcome: Outcome, now: datetime, time_scale: float, full_again: bool) -> Pause | None:
    """The rest that an answer asks for, if any.

    Nobody tells a minute's limit from a day's by its code. So a full channel rests for a minute;
    if it is still full then (``full_again``), for the day, which ends at midnight in Beijing.
    """
    if not outcome.pause:
        return None
    for_the_day = outcome.kind is Kind.RATE and full_again
    length = next_midnight(now) - now if for_the_day else outcome.pause
    reason = f"{outcome.kind} {outcome.code}".strip()
    return Pause(channel=channel, until=now + length / time_scale, kind=outcome.kind, reason=reason)


def next_midnight(now: datetime) -> datetime:
    """The next midnight in Beijing, where there is no summer time."""
    tomorrow = now.astimezone(SHANGHAI) + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)
