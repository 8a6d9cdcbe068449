"""When a team's leads read how its week and its month went: on the first morning after it, Beijing time."""

from datetime import datetime, timedelta

from services.notify.domain.local_time import midnight
from services.notify.domain.reminders import Reminder, quiet_minute

MORNING = timedelta(hours=8, minutes=30)
OF_USE_FOR = timedelta(days=3)
KINDS = ("usage_week", "usage_month")


def period_before(kind: str, instant: datetime) -> tuple[datetime, datetime]:
    """The last whole week (Monday first) or month before an instant, half-open."""
    today = midnight(instant)
    if kind == "usage_week":
        ends = today - timedelta(days=today.weekday())
        return ends - timedelta(days=7), ends
    ends = today.replace(day=1)
    return (ends - timedelta(days=1)).replace(day=1), ends


def next_report(team: str, kind: str, now: datetime, time_scale: float = 1) -> Reminder:
    """The first report that is due after ``now``; each team at its own minute."""
    subject = subject_of(team)
    ends = period_before(kind, now)[1]
    due_at = quiet_minute(ends + MORNING, f"{subject} {kind}")
    while due_at <= now:
        ends = period_end_after(kind, ends)
        due_at = quiet_minute(ends + MORNING, f"{subject} {kind}")
    scaled = now + (due_at - now) / time_scale
    return Reminder(subject=subject, kind=kind, due_at=scaled, stale_at=ends + OF_USE_FOR)


def period_end_after(kind: str, ends: datetime) -> datetime:
    if kind == "usage_week":
        return ends + timedelta(days=7)
    return (ends + timedelta(days=32)).replace(day=1)


def period_of(report: Reminder) -> tuple[datetime, datetime]:
    """What a report is about."""
    return period_before(report.kind, report.stale_at - OF_USE_FOR)


def subject_of(team: str) -> str:
    return f"team {team}"


def team_of(report: Reminder) -> str:
    return report.subject.partition(" ")[2]
