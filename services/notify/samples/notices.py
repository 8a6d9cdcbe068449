"""Samples of what people hear of besides the steps of one reservation, as the domain makes it for given people."""

from datetime import UTC, datetime, timedelta

from services.contracts import events
from services.notify.domain import notices
from services.notify.domain.entries import with_entries
from services.notify.domain.reports import period_before
from services.notify.samples import accounts, campaigns, interruptions, replans, swaps
from services.notify.samples.scene import LAB, NOW, PEOPLE, SMT, TEAM, text

SERIES = "0c7f1d52-3f57-4f4a-9c8e-3f1f8f1f2a11"


def member(day, state="requested", number=1):
    return {
        "reservation": f"{number:08}-0000-4000-8000-000000000000",
        "version": 1,
        "facility": "LAB-1",
        "unit": "A",
        "starts_at": text(day, 1),
        "ends_at": text(day, 4),
        "state": state,
    }


def series(kind, states=("requested",) * 4, **more):
    usual = {
        "version": 1,
        "series": SERIES,
        "facility": "LAB-1",
        "team": "team-01",
        "project": "P-7",
        "purpose": "每周老化",
        "requester": "member01",
        "actor": "member01",
        "rule": "FREQ=WEEKLY;COUNT=4",
        "members": [member(5 + 7 * number, state, number) for number, state in enumerate(states)],
        "skipped": ["2026-04-06"],
    }
    return kind(**usual | more)


def told_of_series(event, people):
    told = notices.of_series(event, TEAM, LAB, people, NOW)
    return with_entries(told, event, {"team-01": TEAM}, {"LAB-1": LAB}, {}, NOW)


def series_requested(people=PEOPLE):
    return told_of_series(series(events.SeriesRequested), people)


def series_approved(people=PEOPLE):
    approved = ("approved",) * 3
    return told_of_series(series(events.SeriesDecided, approved, actor="manager-labs", approved=True), people)


def series_approved_automatically(people=PEOPLE):
    return told_of_series(series(events.SeriesRequested, ("approved",) * 4), people)


def series_rejected(people=PEOPLE):
    event = series(
        events.SeriesDecided, ("rejected",) * 4, actor="manager-labs", approved=False, reason="该设施本季度已排满"
    )
    return told_of_series(event, people)


def series_moved(people=PEOPLE):
    return told_of_series(series(events.SeriesMoved, ("approved", "requested", "requested")), people)


def series_moved_by_base(people=PEOPLE):
    event = series(events.SeriesMoved, ("approved", "approved"), actor="manager-labs")
    return told_of_series(event, people)


def series_cancelled(people=PEOPLE):
    return told_of_series(series(events.SeriesCancelled, ("cancelled",) * 2, reason="项目暂停"), people)


def series_cancelled_by_base(people=PEOPLE):
    event = series(events.SeriesCancelled, ("cancelled",) * 2, actor="manager-labs", reason="设备改造")
    return told_of_series(event, people)


QUALIFICATION = {"zh-Hans": "高低温箱操作", "en": "Climate chamber operation"}


def expiring(days_left):
    return events.QualificationExpiring(
        version=1,
        expiry="e-1",
        person="member01",
        qualification="CHAMBER",
        names=QUALIFICATION,
        until=NOW + timedelta(days=days_left) if days_left else NOW,
        days_left=days_left,
    )


def qualification_expiring(people=PEOPLE):
    return notices.of_qualification(expiring(30), people)


def qualification_expired(people=PEOPLE):
    return notices.of_qualification(expiring(0), people)


def training(state, **more):
    usual = {"actor": "member01", "note": "本月新入职\n希望尽早安排", "facility": "LAB-1", "reason": ""}
    return events.TrainingChanged(
        version=1,
        training="t-1",
        person="member01",
        qualification="CHAMBER",
        names=QUALIFICATION,
        state=state,
        **usual | more,
    )


def training_requested(people=PEOPLE):
    return notices.of_training(training("requested"), LAB, people, NOW)


def training_granted(people=PEOPLE):
    return notices.of_training(training("granted", actor="manager-labs"), LAB, people, NOW)


def training_refused(people=PEOPLE):
    event = training("refused", actor="manager-labs", reason="请先完成安全培训")
    return notices.of_training(event, LAB, people, NOW)


def quota_event(scope="team", per="week", limit=2400, used=2010, subject="team-01"):
    return events.QuotaNearlyUsed(
        version=1,
        quota_use="q-1",
        quota="Q-1",
        scope=scope,
        subject=subject,
        team="team-01",
        per=per,
        starts_at=datetime(2026, 3, 1, 16, tzinfo=UTC),
        limit=limit,
        used=used,
    )


def quota_nearly_used(people=PEOPLE):
    return notices.of_quota(quota_event(), TEAM, people)


def quota_of_a_person(people=PEOPLE):
    return notices.of_quota(quota_event("person", "open", 5, 4, "member01"), TEAM, people)


def wait_lapsed(people=PEOPLE):
    event = events.WaitEntryLapsed(
        version=1, wait_entry="5a1f8f1f-3f57-4f4a-9c8e-0c7f1d523f57", facility="LAB-1", team="team-01", project="P-7",
        purpose="老化试验", requester="member01", minutes=240, starts_at=datetime(2026, 3, 4, 1, tzinfo=UTC),
        ends_at=datetime(2026, 3, 7, 10, tzinfo=UTC))
    return notices.of_waiting(event, TEAM, LAB, people, NOW)


USE = [
    {"facility": "LAB-1", "reservations": 3, "booked_minutes": 2880, "used_minutes": 2415, "no_shows": 1,
     "cancelled": 0},
    {"facility": "LINE-2", "reservations": 1, "booked_minutes": 240, "used_minutes": 240, "no_shows": 0,
     "cancelled": 1},
]


def told_of_use(kind, people, rows=USE):
    facilities = {"LAB-1": LAB, "LINE-2": SMT}
    return notices.of_use(kind, period_before(kind, NOW), rows, TEAM, facilities, people)


def usage_week(people=PEOPLE):
    return told_of_use("usage_week", people)


def usage_month(people=PEOPLE):
    return told_of_use("usage_month", people, USE[1:])


ALL = (
    series_requested,
    series_approved,
    series_approved_automatically,
    series_rejected,
    series_moved,
    series_moved_by_base,
    series_cancelled,
    series_cancelled_by_base,
    *campaigns.ALL,
    *interruptions.ALL,
    *swaps.ALL,
    *replans.ALL,
    qualification_expiring,
    qualification_expired,
    training_requested,
    training_granted,
    training_refused,
    quota_nearly_used,
    quota_of_a_person,
    wait_lapsed,
    usage_week,
    *(usage_month, *accounts.ALL),
)
