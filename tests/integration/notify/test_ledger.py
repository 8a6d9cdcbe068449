"""What becomes of a delivery besides being sent: it arrives or not, falls back to mail, is skipped, rests."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from services.contracts.messaging.database import connect
from services.contracts.messaging.unit_of_work import Transactions
from services.notify.channels.wechat import WeChatChannel
from services.notify.domain.deliveries import Delivery, identity
from services.notify.storage.access_tokens import AccessTokens
from services.notify.storage.unit_of_work import NotifyUnitOfWork
from services.notify.tencent.calls import Api
from services.notify.tencent.official import stable_token
from tests.integration.notify.conftest import person_changed, wechat_settings
from tests.integration.notify.standins import fault, mails, shown
from tests.integration.notify.test_timing import choose
from tests.unit.notify import situations

EVENT = "22222222-2222-4333-8444-555555555555"
MAIL = {
    "subject": "预约已批准",
    "text": "文本",
    "html": "<p>文本</p>",
    "from": "base@example.test",
    "from_name": "中试基地",
}
CARD = {
    "step": "approved",
    "url": "https://booking.example.test/",
    "data": {
        "thing1": {"value": "高低温老化"},
        "time2": {"value": "2026年3月5日 09:00~12:30"},
        "thing3": {"value": "芯光团队"},
        "phrase4": {"value": "已批准"},
        "thing5": {"value": "请按时到场"},
    },
}


def card(notify, recipient="lead01", fallback=True, event_id=None, **more):
    """A person who wants to be told on WeChat only, with the mail that goes out if that fails."""
    mail = {"address": f"{recipient}@old.example.test", "content": MAIL | {"thread": f"r.{recipient}"}}
    event_id = event_id or str(uuid.uuid4())
    usual = Delivery(
        id=identity(event_id, recipient, "wechat"),
        event_id=event_id,
        event_type="ReservationApproved",
        reservation=situations.RESERVATION,
        version=1,
        recipient=recipient,
        channel="wechat",
        address=f"demo-{recipient}",
        content=CARD,
        correlation_id="thread",
        created_at=notify.now,
        fallback=mail if fallback else None,
    )
    made = replace(usual, **more)
    notify.transactions.run(lambda uow, now: uow.deliveries.add([made]))
    return made


def told(notify):
    rows = notify.rows("SELECT recipient, channel, state, reason FROM deliveries ORDER BY channel DESC, recipient")
    return [tuple(row) for row in rows]


def report(notify, status, reference=None):
    reference = reference or notify.rows("SELECT provider_reference FROM deliveries WHERE channel = 'wechat'")[0][0]
    return notify.transactions.run(lambda uow, now: uow.deliveries.arrived("wechat", reference, status, now))


def test_who_cannot_be_reached_on_wechat_gets_the_mail_once_and_it_names_its_origin(
    notify, cards, email, mailbox, wechat
):
    origin = card(notify)
    wechat.client.post("/api/people", json={"person": "demo-lead01", "state": "unfollowed"})
    notify.send(cards)
    wechat.client.post("/api/people", json={"person": "demo-lead01", "state": "following"})
    assert told(notify) == [("lead01", "wechat", "dead", "recipient 43004"), ("lead01", "email", "pending", None)]
    assert str(notify.rows("SELECT fallback_of FROM deliveries WHERE channel = 'email'")[0][0]) == origin.id
    assert notify.send(email) == 1
    [mail] = mails(mailbox)
    assert mail["to"] == "lead01@example.test", "the address of today, not of then"
    assert notify.send(cards) == 0


def test_who_wants_no_mails_is_written_to_only_where_the_phone_cannot_be_reached(notify, cards, email, mailbox, wechat):
    for person in ("lead01", "member01"):
        choose(notify, person, switches={"decisions": {"email": False}})
    notify.hear(situations.approved_automatically().event)
    assert notify.states("email") == []
    wechat.client.post("/api/people", json={"person": "demo-lead01", "state": "unfollowed"})
    notify.send(cards)
    wechat.client.post("/api/people", json={"person": "demo-lead01", "state": "following"})
    assert notify.send(email) == 1
    [mail] = mails(mailbox)
    assert mail["to"] == "lead01@example.test"
    assert "BEGIN:VCALENDAR" in mail["calendar"], "the whole mail, as it would have been"
    assert notify.told()["ReservationApproved", "member01", "wechat"] == "accepted"


def test_no_second_mail_goes_to_who_already_has_the_facts_mail(notify, cards, email, mailbox):
    notify.hear(situations.approved_automatically().event, event_id=EVENT)
    notify.change('UPDATE deliveries SET fallback = \'{"address": "a@example.test", "content": {}}\'')
    notify.send(email)
    notify.change("UPDATE deliveries SET address = 'nobody' WHERE channel = 'wechat'")
    notify.send(cards)
    assert sorted(notify.states("wechat")) == ["dead", "dead"]
    assert len(notify.states("email")) == len(mails(mailbox)) == 2


@pytest.mark.parametrize("status", ["failed:user block", "failed: system failed", "failed:freq limit"])
def test_a_card_that_was_accepted_but_did_not_arrive_falls_back_once(notify, cards, status):
    card(notify)
    notify.send(cards)
    failed = report(notify, status)
    assert (failed.recipient, failed.channel) == ("lead01", "wechat")
    assert report(notify, status) is None, "a repeated report changes nothing"
    assert report(notify, "success") is None
    assert told(notify) == [
        ("lead01", "wechat", "dead", f"not arrived: {status}"),
        ("lead01", "email", "pending", None),
    ]
    assert notify.rows("SELECT arrival FROM deliveries WHERE channel = 'wechat'") == [("failed",)]


def test_arrival_is_noted_and_a_late_failure_does_not_take_it_back_twice(notify, cards):
    card(notify)
    notify.send(cards)
    assert notify.rows("SELECT state, arrival FROM deliveries") == [("accepted", None)], "accepted is not arrived"
    report(notify, "success")
    report(notify, "success")
    assert notify.rows("SELECT state, arrival, arrived_at FROM deliveries") == [("accepted", "arrived", notify.now)]


def test_a_report_that_overtakes_the_answer_waits_for_it(notify, cards, wechat):
    card(notify)
    sender = notify.sender()
    claimed = sender.first(cards)
    outcome = sender.send(cards, claimed)
    assert report(notify, "failed:user block", outcome.reference) is None
    sender.settle(cards, claimed, outcome, and_claim=False)
    sender.renew()
    assert [row[2] for row in told(notify)] == ["dead", "pending"]
    assert not notify.rows("SELECT 1 FROM arrivals")


def test_a_report_of_nothing_that_we_sent_is_forgotten(notify):
    report(notify, "success", "999")
    notify.pass_time(days=2)
    notify.sender().renew()
    assert not notify.rows("SELECT 1 FROM arrivals")


@pytest.mark.parametrize("code", [40164, 48001, 60020])
def test_a_refused_account_rests_the_channel_and_lets_the_mails_go_at_once(notify, cards, wechat, code):
    for number in range(6):
        card(notify, reservation=f"r{number}")
    fault(wechat, fault="code", code=code)
    notify.send(cards)
    notify.send(cards)
    states = [row[1:3] for row in told(notify)]
    assert states.count(("email", "pending")) == states.count(("wechat", "dead"))
    assert states.count(("wechat", "dead")) == 6
    sent = [row for row in wechat.client.get("/api/requests").json() if row["path"].endswith("/send")]
    assert len(sent) == 1
    assert notify.rows("SELECT kind, reason FROM pauses") == [("configuration", f"configuration {code}")]


def test_a_full_channel_rests_for_a_minute_then_for_the_day_for_all_senders_and_burns_no_tries(notify, cards, wechat):
    card(notify)
    fault(wechat, fault="code", code=45009, times=2)
    sender = notify.sender()
    assert notify.send(cards, sender) == 1
    assert notify.sender().first(cards) is None, "the other sender knows"
    notify.pass_time(seconds=73)
    assert notify.send(cards, sender) == 1
    notify.pass_time(hours=6)
    assert notify.send(cards, sender) == 0, "it is 15:01 in Beijing"
    assert notify.rows("SELECT attempts, state FROM deliveries") == [(0, "retry")]
    notify.pass_time(hours=9)
    assert notify.send(cards, sender) == 1
    assert len(shown(wechat)) == 1


def test_a_wrong_template_is_tried_twice_and_holds_up_no_other(notify, cards, wechat):
    card(notify)
    card(notify, recipient="member01", content=CARD | {"step": "requested"})
    fault(wechat, fault="code", code=40037, times=1)
    assert notify.send(cards) == 2
    fault(wechat, fault="code", code=40037, times=1)
    notify.pass_time(minutes=1)
    notify.send(cards)
    assert sorted(row[2] for row in told(notify)) == ["accepted", "dead", "pending"]


def test_who_has_left_is_told_nothing(notify, cards, wechat):
    card(notify)
    card(notify, recipient="member01")
    notify.hear(person_changed(replace(situations.LEAD, active=False), 2))
    assert notify.send(cards) == 1
    assert ("lead01", "wechat", "skipped", "the recipient has left") in told(notify)
    assert [seen["to"] for seen in shown(wechat)] == ["demo-member01"]
    assert notify.rows("SELECT attempts FROM deliveries WHERE state = 'skipped'") == [(0,)]


def test_one_token_for_fifty_sends_of_two_processes(notify, cards, wechat):
    for number in range(50):
        card(notify, reservation=f"r{number}")
    settings = wechat_settings(wechat)
    tokens = [stable_token(settings, AccessTokens(notify.transactions)) for _process in range(2)]
    asked = wechat.client.get("/api/tokens").json()["asked"].get("stable_token", 0)
    fault(wechat, fault="token_revoke")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: notify.send(WeChatChannel(settings, tokens[n % 2])), range(8)))
    assert set(notify.states("wechat")) == {"accepted"}
    assert len(shown(wechat)) == 50
    assert wechat.client.get("/api/tokens").json()["asked"]["stable_token"] - asked <= 2, "the first, and one renewal"


def test_the_token_is_asked_for_directly_while_the_database_is_away(notify, wechat):
    settings = wechat_settings(wechat)
    away = Transactions(connect("postgresql://nobody@127.0.0.1:1/none"), NotifyUnitOfWork)
    assert stable_token(settings, AccessTokens(away)).get(Api(settings.api_base))


def test_a_lost_lease_of_a_dead_sender_is_in_doubt_from_its_own_start(notify, cards, wechat):
    """Two abandoned at different times are each repeated in their own window."""
    card(notify)
    sender = notify.sender()
    first = sender.first(cards)
    notify.pass_time(minutes=8)
    card(notify, recipient="member01")
    second = notify.sender().first(cards)
    while second and second.recipient != "member01":
        second = notify.sender().first(cards)
    notify.pass_time(minutes=2)
    assert first
    assert second
    notify.send(cards)
    assert ("member01", "wechat", "accepted", None) in told(notify)
    doubts = dict(notify.rows("SELECT recipient, in_doubt_since FROM deliveries WHERE channel = 'wechat'"))
    assert doubts["member01"] == notify.now - timedelta(minutes=2)
