"""The sender against the two stand-ins: what people see once, whatever happens on the way."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from services.notify.channels import Channel
from services.notify.channels.email import EmailChannel, SmtpSettings
from services.notify.channels.wechat import WeChatChannel
from services.notify.domain.audience import recipients
from services.notify.domain.deliveries import Cause
from services.notify.domain.outcomes import Kind, Outcome
from services.notify.domain.steps import CARDS
from services.notify.samples import notices as notice_examples
from services.notify.storage.queue import LEASE
from services.notify.tencent.official import stable_token
from tests.integration.notify.conftest import COMPOSER, wechat_settings
from tests.integration.notify.standins import fault, mails, shown
from tests.integration.processes import free_port
from tests.unit.notify import situations


class Killed(BaseException):
    """Stands for kill -9: nothing of the sender goes on."""


class Dying(Channel):
    """A channel whose process dies after the message has gone out."""

    def __init__(self, channel):
        self.channel = channel
        self.name, self.deadline, self.recognised = channel.name, channel.deadline, channel.recognised

    def send(self, delivery):
        self.channel.send(delivery)
        raise Killed

    def close(self):
        self.channel.close()


def test_mails_arrive_in_the_readers_language_with_their_invitation(approved, email, mailbox):
    assert approved.send(email) == 2
    assert approved.states("email") == ["accepted", "accepted"]
    by_reader = {mail["to"]: mail for mail in mails(mailbox)}
    chinese, english = by_reader["lead01@example.test"], by_reader["member01@example.test"]
    assert chinese["subject"] == "[预约 3f2a9c1d] 高低温老化 · 已批准"
    assert english["subject"] == "[Reservation 3f2a9c1d] High/low-temperature ageing · approved"
    assert "BEGIN:VCALENDAR" in chinese["calendar"]
    assert chinese["attachments"][0]["name"] == "invite.ics"
    assert not chinese["eight_bit"]
    references = dict(approved.rows("SELECT recipient, provider_reference FROM deliveries WHERE channel = 'email'"))
    assert references["lead01"] == chinese["headers"]["Message-ID"]


def test_cards_arrive(approved, cards, wechat):
    assert approved.send(cards) == 2
    assert approved.states("wechat") == ["accepted", "accepted"]
    card = next(card for card in shown(wechat) if card["to"] == "demo-lead01")
    assert card["template"] == "tmpl-approved"
    assert card["data"]["phrase4"]["value"] == "已批准"


def everything():
    """Each step of a reservation and each notice, with whom it is for, if they hear of everything everywhere."""
    for make in situations.ALL:
        situation = replace(make(), people=situations.told_of_everything(make()))
        yield situation, recipients(situation)
    for make in notice_examples.ALL:
        yield from make(situations.all_ears(notice_examples.PEOPLE))


def test_every_step_passes_the_judge(notify, cards, wechat):
    for thing, told in everything():
        written = COMPOSER.compose(thing, told, Cause(str(uuid.uuid4()), "thread", notify.now))
        due = [replace(each, due_at=notify.now, only_while=None) for each in written if each.channel == "wechat"]
        notify.transactions.run(lambda uow, now, due=due: uow.deliveries.add(due))
        notify.send(cards)
    assert set(notify.states("wechat")) == {"accepted"}
    assert {card["template"] for card in shown(wechat)} == {f"tmpl-{card}" for card in CARDS}


def test_several_senders_on_one_backlog_send_nothing_twice(notify, email, mailbox, wechat):
    for number in range(40):
        event = situations.approved_automatically().event
        notify.hear(replace(event, reservation=f"{number:08}-0000-4000-8000-000000000000"))
    token = stable_token(wechat_settings(wechat))
    channels = [
        *(EmailChannel(email.settings) for _ in range(4)),
        *(WeChatChannel(wechat_settings(wechat), token) for _ in range(4)),
    ]
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda channel: notify.send(channel, notify.sender()), channels))
    assert sum(counts) == 160
    assert len({mail["headers"]["Message-ID"] for mail in mails(mailbox)}) == len(mails(mailbox)) == 80
    assert len({card["client_msg_id"] for card in shown(wechat)}) == len(shown(wechat)) == 80
    assert set(notify.told().values()) == {"accepted"}
    assert notify.rows("SELECT count(*) FROM attempts WHERE outcome = 'accepted'") == [(160,)]


def test_one_connection_serves_many_mails(notify, email):
    for number in range(5):
        event = situations.approved_automatically().event
        notify.hear(replace(event, reservation=f"{number:08}-0000-4000-8000-000000000000"))
    opened, connected = [], email.connected

    def watched():
        opened.append(connected())
        return opened[-1]

    email.connected = watched
    assert notify.send(email) == 10
    assert len(set(map(id, opened))) == 1


def test_4xx_is_tried_again_and_5xx_is_not(approved, email, mailbox):
    fault(mailbox, fault="status", code=451, stage="rcpt", recipient="lead01@example.test")
    fault(mailbox, fault="status", code=550, stage="rcpt", recipient="member01@example.test")
    approved.send(email)
    assert approved.states("email") == ["retry", "dead"]
    assert approved.rows("SELECT reason FROM deliveries WHERE state = 'dead'") == [("recipient 550",)]
    assert approved.send(email) == 0, "not before its time"
    approved.pass_time(seconds=31)
    assert approved.send(email) == 1
    assert approved.states("email") == ["accepted", "dead"]


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_a_passing_refusal_at_any_stage_is_only_a_delay(approved, email, mailbox, stage):
    fault(mailbox, fault="status", code=421, stage=stage)
    approved.send(email)
    approved.pass_time(seconds=31)
    approved.send(email)
    assert approved.states("email") == ["accepted", "accepted"]
    assert len(mails(mailbox)) == 2


def test_a_cut_after_acceptance_is_repeated_as_the_same_mail(approved, email, mailbox):
    fault(mailbox, fault="reset", when="after", recipient="lead01@example.test")
    approved.send(email)
    assert sorted(approved.states("email")) == ["accepted", "unknown"]
    approved.pass_time(seconds=31)
    approved.send(email)
    assert approved.states("email") == ["accepted", "accepted"]
    twins = [mail for mail in mails(mailbox) if mail["to"] == "lead01@example.test"]
    assert len(twins) == 2
    assert twins[0]["headers"] == twins[1]["headers"]
    assert twins[0]["calendar"] == twins[1]["calendar"]


@pytest.mark.parametrize("kind", ["reset", "truncate", "html200", "empty200", "slow"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_shows_one_card(approved, cards, wechat, kind, when, monkeypatch):
    monkeypatch.setattr("services.notify.tencent.calls.SILENCE", 0.3)
    fault(wechat, fault=kind, when=when, **({"seconds": 1} if kind == "slow" else {}))
    approved.send(cards)
    assert sorted(approved.states("wechat")) == ["accepted", "unknown"]
    approved.pass_time(seconds=31)
    approved.send(cards)
    assert approved.states("wechat") == ["accepted", "accepted"]
    assert sorted(card["to"] for card in shown(wechat)) == ["demo-lead01", "demo-member01"]
    # A late one of the case before may still be logged meanwhile.
    sent = [row for row in wechat.client.get("/api/requests").json() if row["path"].endswith("/send")]
    assert len({row["body_digest"] for row in sent}) == len({row["client_msg_id"] for row in sent}), "byte for byte"


def test_a_card_in_doubt_is_not_repeated_when_the_platform_has_forgotten_it(approved, cards, wechat):
    fault(wechat, fault="reset", when="after", times=2)
    approved.send(cards)
    approved.pass_time(minutes=11)
    approved.send(cards)
    assert approved.states("wechat") == ["dead", "dead"]
    assert len(shown(wechat)) == 2


@pytest.mark.parametrize("channel_name", ["email", "cards"])
def test_a_sender_that_dies_between_sending_and_noting(approved, mailbox, wechat, request, channel_name):
    channel = request.getfixturevalue(channel_name)
    with pytest.raises(Killed):
        approved.send(Dying(channel))
    assert approved.states(channel.name).count("sending") == 1
    assert approved.send(channel) == 1, "the other one; the lease still holds"
    approved.pass_time(seconds=LEASE.total_seconds() + 1)
    assert approved.send(channel) == 1
    assert approved.states(channel.name) == ["accepted", "accepted"]
    if channel.name == "email":
        assert len(mails(mailbox)) == 3
        assert len({mail["headers"]["Message-ID"] for mail in mails(mailbox)}) == 2
    else:
        assert len(shown(wechat)) == 2
    outcomes = approved.rows("SELECT outcome FROM attempts ORDER BY id")
    assert sorted(row.outcome for row in outcomes) == ["accepted", "accepted", "unknown"]


def test_a_lease_that_is_renewed_is_not_taken(approved, email):
    sender = approved.sender()
    claimed = sender.first(email)
    sender.under_way.add(claimed.id)
    approved.pass_time(seconds=15)
    sender.renew()
    approved.pass_time(seconds=15)
    other = approved.sender()
    assert other.first(email).id != claimed.id
    assert other.first(email) is None


def test_who_lost_the_lease_changes_nothing_but_may_bring_good_news(approved, email):
    slow, quick = approved.sender(), approved.sender()
    claimed = slow.first(email)
    approved.pass_time(seconds=LEASE.total_seconds() + 1)
    again = quick.first(email)
    while again.id != claimed.id:
        again = quick.first(email)
    slow.settle(email, claimed, Outcome(kind=Kind.RECIPIENT), and_claim=False)
    assert approved.rows("SELECT state FROM deliveries WHERE id = %s", claimed.id) == [("sending",)]
    slow.settle(email, claimed, Outcome(kind=Kind.ACCEPTED), and_claim=False)
    quick.settle(email, again, Outcome(kind=Kind.TRANSIENT), and_claim=False)
    assert approved.rows("SELECT state FROM deliveries WHERE id = %s", claimed.id) == [("accepted",)]


def test_a_dead_mail_server_holds_up_no_card_and_burns_no_tries(approved, cards):
    nobody = EmailChannel(SmtpSettings("127.0.0.1", free_port(), tls="no"))
    sender = approved.sender()
    assert approved.send(nobody, sender) == 1, "after the first failure the channel rests"
    assert sender.first(nobody) is None
    assert approved.send(cards, sender) == 2
    assert sorted(approved.states("email")) == ["pending", "retry"]


def test_messages_about_one_reservation_keep_their_order(notify, email, mailbox):
    notify.hear(situations.requested().event)
    notify.hear(situations.approved().event)
    fault(mailbox, fault="status", code=451, stage="rcpt", recipient="lead01@example.test")
    notify.send(email)
    notify.hear(situations.cancelled().event)
    assert notify.send(email) == 1, "lead01's cancellation waits behind the approval"
    notify.pass_time(seconds=31)
    assert notify.send(email) == 2
    order = [mail["subject"] for mail in reversed(mails(mailbox)) if mail["to"] == "lead01@example.test"]
    assert [subject.rpartition(" ")[2] for subject in order] == ["已批准", "已取消"]
