"""From facts about series, interruptions, people and teams to deliveries, on a real database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.contracts import events
from services.notify import handlers
from services.notify.domain.reports import next_report
from services.notify.samples import interruptions as hitting
from services.notify.samples import notices as examples
from services.notify.samples import swaps as asks
from tests.integration.notify.conftest import COMPOSER, facility_changed, person_changed, team_changed
from tests.unit.notify import situations
from tests.unit.notify.situations import NOW

NEXT_TEAM = "team-02"


def told(notify, **where):
    """(step, recipient) of mails and cards, without repetition."""
    found = notify.rows("SELECT step, recipient FROM deliveries")
    return {(row.step, row.recipient) for row in found}


@pytest.fixture
def reserved(notify):
    """A reservation that stands, of which its team has been told."""
    notify.hear(situations.approved_automatically().event)
    notify.change("DELETE FROM deliveries")
    return notify


def test_a_series_is_told_once_for_each_action_and_not_for_each_member(notify):
    for number in range(3):
        event = situations.requested().event
        reservation = f"{number:08}-0000-4000-8000-000000000000"
        notify.hear(replace(event, reservation=reservation, series=examples.SERIES, of_series=True))
    assert notify.hear(examples.series(events.SeriesRequested)) == "handled"
    assert told(notify) == {("series_requested", "manager-labs")}
    notify.hear(
        examples.series(events.SeriesDecided, ("approved",) * 4, version=2, actor="manager-labs", approved=True)
    )
    assert told(notify) - {("series_requested", "manager-labs")} == {
        ("series_approved", "lead01"),
        ("series_approved", "member01"),
    }
    assert len(notify.rows("SELECT 1 FROM deliveries WHERE channel = 'email'")) == 3
    assert notify.rows("SELECT DISTINCT reservation FROM deliveries") == [(None,)]


def test_the_dates_of_a_series_come_into_calendars_as_one_file_and_leave_them_as_they_are_given_up(notify):
    for number in range(3):
        event = replace(situations.approved_automatically().event, series=examples.SERIES, of_series=True)
        notify.hear(replace(event, reservation=f"{number:08}-0000-4000-8000-000000000000"))
    notify.hear(examples.series(events.SeriesRequested, ("approved",) * 3))
    files = notify.rows("SELECT content ->> 'published' AS text FROM deliveries WHERE channel = 'email'")
    assert [row.text.count("BEGIN:VEVENT") for row in files] == [3, 3]
    held = notify.rows("SELECT DISTINCT invited FROM reservations WHERE state = 'approved'")
    assert held == [(["lead01", "member01"],)]
    notify.hear(examples.series(events.SeriesCancelled, ("cancelled",), version=2))
    assert notify.rows("""
        SELECT DISTINCT content ->> 'method' FROM deliveries
         WHERE step = 'series_cancelled' AND channel = 'email'""") == [("CANCEL",)]
    assert sorted(row.invited for row in notify.rows("SELECT invited FROM reservations")) == [
        [], ["lead01", "member01"], ["lead01", "member01"]]


def test_a_member_of_a_series_is_reminded_of_like_any_reservation(notify):
    event = situations.approved_automatically().event
    notify.hear(replace(event, series=examples.SERIES, of_series=True))
    assert {row.kind for row in notify.rows("SELECT kind FROM reminders WHERE subject = %s", event.reservation)} == {
        "starts_soon",
        "check_in_open",
        "ends_soon",
    }


def test_maintenance_is_told_to_those_who_manage_when_announced_changed_and_called_off(notify):
    for version, spans in ((1, hitting.SPANS), (2, hitting.SPANS), (3, hitting.LATER), (4, [])):
        notify.hear(hitting.interruption(version=version, spans=spans))
        notify.pass_time(minutes=1)
    steps = notify.rows("SELECT step FROM deliveries WHERE channel = 'wechat' ORDER BY created_at")
    assert [row.step for row in steps] == ["maintenance_announced", "maintenance_changed", "maintenance_cancelled"]
    assert {row.recipient for row in notify.rows("SELECT recipient FROM deliveries")} == {"manager-labs"}


def test_those_who_are_hit_hear_of_it_and_of_its_end(reserved):
    own = situations.RESERVATION
    reserved.hear(hitting.hits("outage", [hitting.hit(reservation=own)]))
    assert told(reserved) == {("outage", "lead01"), ("outage", "member01")}
    assert reserved.rows("SELECT DISTINCT reservation::text, critical FROM deliveries") == [(own, True)]
    reserved.hear(hitting.hits("outage", [hitting.hit(reservation=own)], version=2))
    assert len(told(reserved)) == 2, "nothing has changed for them"
    reserved.hear(hitting.hits("outage", [], version=3, spans=[]))
    assert ("maintenance_cancelled", "member01") in told(reserved)


def test_who_has_moved_away_hears_nothing_of_the_end(reserved):
    own = situations.RESERVATION
    reserved.hear(hitting.hits("outage", [hitting.hit(reservation=own)]))
    reserved.hear(replace(situations.cancelled().event, version=2))
    reserved.change("DELETE FROM deliveries")
    reserved.hear(hitting.hits("outage", [], version=2, spans=[]))
    assert told(reserved) == set()


def test_the_next_team_hears_of_an_overrun_but_not_of_whom(reserved):
    event = situations.approved_automatically().event
    following = "bbbbbbbb-2222-4333-8444-555555555555"
    reserved.hear(person_changed(situations.person("lead02", name="后来者")))
    members = [{"person": "lead02", "role": "lead"}]
    reserved.hear(team_changed(team=NEXT_TEAM, name="后继团队", company_name="后继科技", members=members, projects=[]))
    more = {"reservation": following, "team": NEXT_TEAM, "requester": "lead02", "project": None, "purpose": "下一场"}
    times = {"starts_at": event.ends_at, "ends_at": event.ends_at + timedelta(hours=2)}
    reserved.hear(replace(event, **more, **times))
    reserved.hear(situations.step(events.ReservationStarted, "in_use", 2))
    reserved.change("DELETE FROM deliveries")
    reserved.now = event.ends_at + timedelta(minutes=1)
    overran = situations.step(
        events.ReservationOverran, "in_use", 3, actor="", next_reservation=following, next_team=NEXT_TEAM
    )
    reserved.hear(overran)
    assert told(reserved) == {
        ("overrun", "lead01"),
        ("overrun", "member01"),
        ("overrun", "manager-labs"),
        ("overrun_before", "lead02"),
    }
    [(content, reservation)] = reserved.rows(
        "SELECT content::text, reservation FROM deliveries WHERE step = 'overrun_before'"
    )
    assert reservation == following
    for secret in ("芯光", "Li Wei", "陈晓", "400G", situations.RESERVATION):
        assert secret not in content


def test_qualifications_trainings_and_quotas_find_their_readers(notify):
    notify.hear(examples.expiring(30))
    notify.hear(replace(examples.expiring(0), version=2))
    notify.hear(examples.training("requested"))
    notify.hear(replace(examples.training("granted", actor="manager-labs"), version=2))
    notify.hear(examples.quota_event())
    assert told(notify) == {
        ("qualification_expiring", "member01"),
        ("qualification_expired", "member01"),
        ("training_requested", "manager-labs"),
        ("training_granted", "member01"),
        ("quota_nearly_used", "lead01"),
    }


def test_what_is_broken_is_told_to_those_who_manage_and_its_end_to_the_one_who_said_so(notify):
    notify.hear(hitting.fault())
    notify.hear(replace(hitting.fault("closed", actor="manager-labs"), version=2))
    assert told(notify) == {("fault_reported", "manager-labs"), ("fault_closed", "member01")}


def test_what_is_broken_at_check_out_is_told_with_its_reservation(reserved):
    reserved.hear(situations.step(events.ReservationStarted, "in_use", 2))
    reserved.hear(situations.step(events.ReservationFinished, "finished", 3, used_minutes=90, fault="门封漏气"))
    [(step, recipient, reservation)] = reserved.rows(
        "SELECT DISTINCT step, recipient, reservation FROM deliveries"
    )
    assert (step, recipient, reservation) == ("fault_reported", "manager-labs", situations.RESERVATION)


def remind(notify):
    return notify.transactions.run(lambda uow, now: handlers.remind_due(uow, now, COMPOSER))


def test_a_team_that_used_the_base_reads_of_its_week_once(notify):
    notify.hear(situations.approved_automatically().event)
    notify.hear(situations.step(events.ReservationStarted, "in_use", 2))
    notify.hear(situations.step(events.ReservationFinished, "finished", 3, used_minutes=150))
    notify.now = datetime(2026, 3, 9, 1, tzinfo=UTC)  # Monday, nine o'clock
    remind(notify)
    [(recipient, text)] = notify.rows("SELECT recipient, content->>'text' FROM deliveries WHERE step = 'usage_week'")
    assert recipient == "lead01"
    assert "共预约 1 次、3.5 小时，实际使用 2.5 小时" in text
    assert remind(notify) == 0
    [(due_at,)] = notify.rows("SELECT due_at FROM reminders WHERE kind = 'usage_week'")
    assert due_at > notify.now + timedelta(days=6)


def test_a_report_survives_a_stop_and_an_idle_team_gets_none(notify):
    notify.hear(situations.approved_automatically().event)
    notify.now = datetime(2026, 3, 10, 1, tzinfo=UTC)  # a day late
    remind(notify)
    assert len(notify.rows("SELECT 1 FROM deliveries WHERE step = 'usage_week'")) == 1
    notify.now = datetime(2026, 3, 17, 1, tzinfo=UTC)
    remind(notify)
    assert len(notify.rows("SELECT 1 FROM deliveries WHERE step = 'usage_week'")) == 1, "nothing was reserved"


def test_a_reminder_that_goes_wrong_holds_up_no_other(notify):
    notify.hear(situations.approved_automatically().event)
    notify.change("INSERT INTO reminders VALUES ('broken', 'starts_soon', %s, %s)", NOW, NOW + timedelta(days=9))
    notify.change(
        "INSERT INTO reservations (reservation, team, facility, invited, version, latest) "
        "VALUES ('broken', 't', 'f', '{}', 1, '{\"nonsense\": 1}')"
    )
    notify.now = situations.approved().event.starts_at - timedelta(minutes=10)
    assert remind(notify) == 3
    assert {row.step for row in notify.rows("SELECT step FROM deliveries WHERE event_type = 'Reminder'")} == {
        "starts_soon",
        "check_in_open",
    }
    assert notify.rows("SELECT kind FROM reminders WHERE subject = 'broken'") == [("starts_soon",)]


def test_a_closure_is_told_to_all_who_manage(notify):
    smt = situations.person("manager-lines", manages=("LINE-2",))
    notify.hear(person_changed(smt))
    notify.hear(facility_changed(facility="LINE-2"))
    notify.hear(hitting.interruption("closure", facility=None, unit=None))
    assert {recipient for _, recipient in told(notify)} == {"manager-labs", "manager-lines"}


@pytest.mark.parametrize("kind", ["usage_week", "usage_month"])
def test_each_team_has_its_reports_from_the_beginning(notify, kind):
    notify.hear(team_changed(2, name="新名"))
    [(due_at,)] = notify.rows("SELECT due_at FROM reminders WHERE subject = 'team team-01' AND kind = %s", kind)
    assert due_at == next_report("team-01", kind, NOW).due_at


def test_an_ask_is_told_to_the_holder_s_side_and_its_end_to_the_one_who_asked(notify):
    [(asked, _)] = asks.swap_asked()
    [(declined, _)] = asks.swap_declined()
    assert notify.hear(asked.details["event"]) == "handled"
    assert told(notify) == {("swap_asked", "lead01"), ("swap_asked", "member01")}
    notify.change("DELETE FROM deliveries")
    assert notify.hear(declined.details["event"]) == "handled"
    assert told(notify) == {("swap_answered", "member01")}
