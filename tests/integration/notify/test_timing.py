"""When people hear of it: moves merged, quiet hours kept, reminders once and only while they are true."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.contracts import events
from services.notify import handlers
from services.notify.domain.steps import HOLDING
from tests.integration.notify.conftest import COMPOSER, facility_changed, person_changed
from tests.integration.notify.standins import mails
from tests.unit.notify import situations

HOLD = HOLDING.total_seconds() + 1


@pytest.fixture
def approved(notify):
    notify.hear(situations.approved_automatically().event)
    return notify


def moved(version, hour, **more):
    """Within the day on which it stood; each move knows only the one before."""
    starts_at = datetime(2026, 3, 6, hour, tzinfo=UTC)
    event = situations.moved().event
    before = {"actor": "member01", "former_facility": "LAB-1", "former_unit": "A"}
    return replace(
        event, version=version, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), **before | more
    )


def test_the_reminder_of_checking_in_follows_the_facilitys_rule(notify):
    notify.hear(facility_changed(2, check_in_minutes=60))
    notify.hear(situations.approved_automatically().event)
    [(due_at,)] = notify.rows("SELECT due_at FROM reminders WHERE kind = 'check_in_open'")
    assert timedelta(minutes=60) < situations.approved().event.starts_at - due_at <= timedelta(minutes=65)


def remind(notify):
    return notify.transactions.run(lambda uow, now: handlers.remind_due(uow, now, COMPOSER))


def choose(notify, person="lead01", **chosen):
    usual = {"timezone": "Asia/Shanghai", "digest": "none", "digest_at": 480, "digest_weekday": 1, "switches": {}}
    values = usual | chosen
    values["switches"] = json.dumps(values["switches"])
    names = ", ".join(values)
    marks = ", ".join(["%s"] * len(values))
    notify.change(f"INSERT INTO preferences (person, {names}) VALUES (%s, {marks})", person, *values.values())


def subjects(mailbox, reader="lead01"):
    return [mail["subject"] for mail in reversed(mails(mailbox)) if mail["to"] == f"{reader}@example.test"]


def test_three_moves_in_two_minutes_tell_the_last(approved, email, mailbox):
    approved.send(email)
    former = situations.approved().event
    for version, hour in ((2, 2), (3, 4), (4, 6)):
        event = moved(version, hour, former_starts_at=former.starts_at, former_ends_at=former.ends_at)
        approved.hear(event)
        former = event
        assert approved.send(email) == 0, "it waits for the next one"
        approved.pass_time(seconds=55)
    approved.pass_time(seconds=HOLD)
    assert approved.send(email) == 2
    assert [subject.rpartition(" ")[2] for subject in subjects(mailbox)] == ["已批准", "已改期"]
    last = next(mail for mail in mails(mailbox) if mail["to"] == "lead01@example.test")
    assert "14:00–16:00" in last["text"], "Beijing time of the third move"
    assert "原安排：2026年3月5日（周四）09:00–12:30" in last["text"], "as people last knew it"
    reasons = approved.rows("SELECT DISTINCT reason FROM deliveries WHERE version IN (2, 3)")
    assert reasons == [("superseded",)]


def test_the_order_is_never_inverted_by_a_hold(approved, email, mailbox):
    approved.send(email)
    approved.hear(moved(2, 4))
    approved.hear(replace(situations.cancelled().event, version=3))
    assert approved.send(email) == 2, "the cancellation replaces the move that nobody has heard of"
    assert [subject.rpartition(" ")[2] for subject in subjects(mailbox)] == ["已批准", "已取消"]


def test_a_move_of_what_is_near_is_told_at_once(approved, email):
    approved.send(email)
    approved.now = situations.approved().event.starts_at - timedelta(hours=1)
    approved.hear(moved(2, 4, former_starts_at=situations.approved().event.starts_at))
    assert approved.send(email) == 2


def test_what_the_base_takes_away_is_never_merged_away(approved, email):
    """The base moves it, then cancels: the person reads of both."""
    approved.send(email)
    approved.hear(moved(2, 4, actor="manager-labs"))
    approved.hear(replace(situations.cancelled_by_base().event, version=3))
    approved.pass_time(seconds=HOLD)
    assert approved.send(email) == 4


def test_reminders_come_once_with_the_reservation_as_it_stands(approved, cards, wechat):
    approved.send(cards)
    assert remind(approved) == 0
    [due] = approved.rows("SELECT due_at FROM reminders WHERE kind = 'starts_soon'")
    approved.now = due.due_at + timedelta(seconds=1)
    assert remind(approved) == 1
    assert remind(approved) == 0
    assert approved.send(cards) == 2
    card = wechat.client.get("/api/messages").json()[0]
    assert (card["template"], card["data"]["phrase4"]["value"]) == ("tmpl-reminder", "即将开始")


def test_a_reminder_is_taken_by_one_of_many_workers(approved):
    approved.now = situations.approved().event.starts_at - timedelta(minutes=10)
    with ThreadPoolExecutor(6) as pool:
        counts = list(pool.map(lambda _: remind(approved), range(12)))
    assert sum(counts) == 2
    told = approved.rows("SELECT step, recipient, channel FROM deliveries WHERE event_type = 'Reminder'")
    assert len(told) == len(set(told)) == 4, "two people hear of two reminders, on the phone that each has"


def test_a_stop_of_two_hours_neither_loses_reminders_nor_floods_stale_ones(approved):
    approved.now = situations.approved().event.starts_at + timedelta(minutes=1)
    assert remind(approved) == 2, "both of before the start are let go"
    assert not approved.rows("SELECT 1 FROM deliveries WHERE event_type = 'Reminder'")
    approved.now = situations.approved().event.ends_at - timedelta(minutes=5)
    remind(approved)
    assert {row.step for row in approved.rows("SELECT step FROM deliveries WHERE event_type = 'Reminder'")} == {
        "ends_soon"
    }


@pytest.mark.parametrize(
    "then",
    [
        lambda: moved(2, 8),
        lambda: replace(situations.cancelled().event, version=2),
        lambda: situations.step(events.ReservationNoShow, "no_show", 2),
    ],
)
def test_a_reminder_that_is_no_longer_true_is_not_sent(approved, cards, then):
    approved.send(cards)
    approved.now = situations.approved().event.starts_at - timedelta(minutes=10)
    remind(approved)
    event = then()
    approved.hear(event)
    approved.change("UPDATE deliveries SET due_at = %s WHERE event_type <> 'Reminder'", approved.now + timedelta(1))
    assert approved.send(cards) == 0
    found = approved.rows("SELECT DISTINCT state, reason FROM deliveries WHERE event_type = 'Reminder'")
    assert {row.state for row in found} == {"skipped"}


def test_a_reminder_comes_not_after_the_start_even_when_the_phone_was_away(approved, cards):
    approved.send(cards)
    approved.now = situations.approved().event.starts_at - timedelta(minutes=10)
    remind(approved)
    approved.pass_time(minutes=10)
    assert approved.send(cards) == 0
    assert approved.rows("SELECT DISTINCT reason FROM deliveries WHERE state = 'skipped'") == [("too late",)]


def test_who_goes_on_is_not_told_that_time_is_up(approved):
    """The team has the next slot on the same unit, too: neither its end nor the next start is news."""
    first = situations.approved().event
    following = replace(
        situations.approved_automatically().event,
        reservation="aaaaaaaa-2222-4333-8444-555555555555",
        starts_at=first.ends_at,
        ends_at=first.ends_at + timedelta(hours=2),
    )
    approved.hear(following)
    approved.now = first.ends_at - timedelta(minutes=10)
    remind(approved)
    assert not approved.rows("SELECT 1 FROM deliveries WHERE step IN ('ends_soon', 'check_in_open')")


def test_quiet_hours_put_off_what_can_wait(notify, email):
    choose(notify, quiet_from=8 * 60, quiet_until=11 * 60)  # it is nine o'clock
    notify.hear(situations.approved_automatically().event)
    assert notify.send(email) == 1, "only member01"
    notify.pass_time(hours=2)
    assert notify.send(email) == 1


def test_what_is_critical_passes_quiet_hours_and_digests(approved, email):
    approved.send(email)
    choose(approved, quiet_from=0, quiet_until=1439, digest="daily")
    approved.hear(replace(situations.cancelled_by_base().event, version=2))
    assert approved.send(email) == 2


def test_what_was_switched_off_in_the_meantime_is_not_sent(notify, email):
    notify.hear(situations.approved_automatically().event)
    choose(notify, switches={"decisions": {"email": False}})
    assert notify.send(email) == 1
    assert notify.rows("SELECT recipient, reason FROM deliveries WHERE state = 'skipped'") == [("lead01", "not wanted")]


def test_who_has_left_hears_nothing_more(notify, email):
    notify.hear(situations.approved_automatically().event)
    notify.hear(person_changed(replace(situations.LEAD, active=False), 2))
    assert notify.send(email) == 1


def test_messages_are_in_the_language_that_was_chosen_for_them(notify):
    choose(notify, language="en")
    notify.hear(situations.approved_automatically().event)
    [(subject,)] = notify.rows(
        "SELECT content->>'subject' FROM deliveries WHERE channel = 'email' AND recipient = 'lead01'"
    )
    assert subject.endswith("approved")


def digests(notify):
    return notify.transactions.run(lambda uow, now: handlers.digest_due(uow, now, COMPOSER))


@pytest.fixture
def reader(notify):
    """lead01 reads a digest a day at half past nine (it is nine o'clock), and has been told of two things since."""
    choose(notify, digest="daily", digest_at=9 * 60 + 30)
    notify.hear(situations.requested().event)
    notify.hear(situations.rejected().event)
    other = "cccccccc-2222-4333-8444-555555555555"
    notify.hear(replace(situations.requested().event, reservation=other))
    notify.hear(replace(situations.expired().event, reservation=other))
    return notify


def test_a_digest_tells_in_one_mail_what_waited_for_it(reader, email, cards, mailbox):
    reader.send(email)
    reader.send(cards)
    assert subjects(mailbox) == []
    assert digests(reader) == 0, "not before its time"
    reader.pass_time(minutes=31)
    assert digests(reader) == 1
    assert digests(reader) == 0
    assert reader.send(email) == 1
    assert reader.send(cards) == 0
    [subject] = subjects(mailbox)
    assert subject == "[中试基地] 消息汇总 · 2 条消息"
    text = mails(mailbox)[0]["text"]
    assert "已驳回 · 高低温老化" in text
    assert "已过期 · 高低温老化" in text
    assert f"/reservations/{situations.RESERVATION}" in text
    told = reader.rows("SELECT DISTINCT state, reason FROM deliveries WHERE recipient = 'lead01' AND step <> 'digest'")
    assert told == [("skipped", "told in a digest")]


def test_a_digest_is_sent_by_one_of_many_workers(reader):
    reader.pass_time(hours=1)
    with ThreadPoolExecutor(6) as pool:
        counts = list(pool.map(lambda _: digests(reader), range(12)))
    assert sum(counts) >= 1
    assert len(reader.rows("SELECT 1 FROM deliveries WHERE step = 'digest'")) == 1


def test_a_digest_after_a_long_stop_leaves_out_what_is_stale(reader):
    reader.pass_time(days=9)
    digests(reader)
    assert not reader.rows("SELECT 1 FROM deliveries WHERE step = 'digest'")
    assert reader.rows("SELECT DISTINCT reason FROM deliveries WHERE state = 'skipped'") == [("too late",)]


def test_without_an_address_the_digest_comes_on_the_phone(reader, cards, wechat):
    reader.hear(person_changed(replace(situations.LEAD, email=""), 2))
    reader.pass_time(hours=1)
    digests(reader)
    reader.send(cards)
    card = wechat.client.get("/api/messages").json()[0]
    assert (card["template"], card["data"]["thing4"]["value"]) == ("tmpl-notice", "共 2 条，请查看")
