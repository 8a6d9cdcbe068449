"""Two senders on one backlog, as the stack starts them, and what a kill -9 at any stage leaves behind."""

import itertools
import json
import uuid

import pytest

from services.notify.domain.deliveries import identity
from tests.integration.notify.standins import fault, mails, shown
from tests.integration.notify.test_ledger import CARD, MAIL
from tests.integration.processes import free_port
from tests.waiting import until

CARDS, MAILS = 240, 120

BACKLOG = """
    INSERT INTO deliveries (id, event_id, event_type, reservation, version, recipient, channel, address, content,
                            correlation_id, created_at, due_at)
    SELECT id, event_id, 'ReservationApproved', event_id, 1, 'lead01', channel, address, content, 'thread', now(), now()
      FROM jsonb_to_recordset(%s::jsonb) AS given (id uuid, event_id uuid, channel text, address text, content jsonb)"""


def pile_up(database, cards=CARDS, letters=MAILS):
    """So many cards and mails to one person, each about a reservation of its own."""
    rows = []
    for channel, address, content, count in (
        ("wechat", "demo-lead01", CARD, cards),
        ("email", "lead01@example.test", MAIL | {"thread": "t"}, letters),
    ):
        for _ in range(count):
            event = str(uuid.uuid4())
            rows.append(
                {"id": identity(event, "lead01", channel), "event_id": event, "channel": channel, "address": address}
                | {"content": content}
            )
    database.change(BACKLOG, json.dumps(rows))


def left(database):
    return database.rows("SELECT count(*) FROM deliveries WHERE state NOT IN ('accepted', 'dead')")[0][0]


def accepted(database, channel):
    return database.states(channel).count("accepted")


def sent(wechat):
    """The requests to send a card that the provider has looked at."""
    return [each for each in wechat.client.get("/api/requests").json() if each["path"].endswith("/send")]


def check_ledger(database, mailbox, wechat, duplicates):
    """Nothing lost, no card seen twice, and no more mails twice than there were on the way when a sender died."""
    assert set(database.states("wechat")) == set(database.states("email")) == {"accepted"}
    seen = [card["client_msg_id"] for card in shown(wechat)]
    assert len(seen) == len(set(seen)) == CARDS
    arrived = [mail["headers"]["Message-ID"] for mail in mails(mailbox)]
    assert len(set(arrived)) == MAILS
    assert len(arrived) - MAILS <= duplicates


def test_two_senders_work_off_a_backlog_without_a_duplicate(database, start_sender, mailbox, wechat):
    first, second = start_sender(), start_sender()
    pile_up(database)
    until(lambda: left(database) == 0, seconds=180)
    check_ledger(database, mailbox, wechat, duplicates=0)
    for sender in (first, second):
        shares = sender.get("/metrics").read().decode()
        assert 'outcome="accepted"' in shares, "both took their part"


def test_a_sender_killed_again_and_again_loses_nothing(database, start_sender, mailbox, wechat):
    """Wherever it stands: claiming, sending, between acceptance and note, or committing."""
    pile_up(database)
    kills, workers = 5, 3
    start_sender()
    for milestone in itertools.islice(itertools.count(30, 45), kills):
        victim = start_sender()
        until(lambda milestone=milestone: accepted(database, "wechat") >= milestone, seconds=60)
        victim.kill()
    until(lambda: left(database) == 0, seconds=120)
    check_ledger(database, mailbox, wechat, duplicates=kills * workers)


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_the_provider_keeps_it_waiting(database, start_sender, mailbox, wechat, when):
    """Before the request was taken, and after it was."""
    pile_up(database, cards=8, letters=0)
    fault(wechat, fault="slow", when=when, seconds=6, times=8)
    victim = start_sender()
    until(lambda: not wechat.client.get("/api/faults").json()["faults"], seconds=30, why="not all eight came")
    victim.kill()
    assert database.states("wechat") == ["sending"] * 8
    database.change("UPDATE deliveries SET due_at = now()")  # what it held lapses
    start_sender()
    until(lambda: left(database) == 0, seconds=60)
    assert set(database.states("wechat")) == {"accepted"}
    until(lambda: len(sent(wechat)) == 16, why="what the killed one asked for has no end")
    assert len({card["client_msg_id"] for card in shown(wechat)}) == len(shown(wechat)) == 8


def test_a_dead_mail_server_holds_up_no_card(database, start_sender, mailbox, wechat):
    pile_up(database)
    cut_off = start_sender(SMTP_PORT=str(free_port()))
    until(lambda: accepted(database, "wechat") == CARDS, seconds=60)
    assert accepted(database, "email") == 0
    assert database.rows("SELECT max(attempts) FROM deliveries WHERE channel = 'email'")[0][0] <= 3, "it rests"
    cut_off.kill()  # else it would send the channel to rest again and again
    start_sender()
    database.change("UPDATE pauses SET until = now()")
    database.change("UPDATE deliveries SET due_at = now() WHERE state = 'retry'")
    until(lambda: accepted(database, "email") >= MAILS // 2, seconds=180)


def test_a_mail_server_that_never_answers_holds_up_no_card(database, start_sender, mailbox, wechat):
    pile_up(database, letters=12)
    fault(mailbox, fault="slow", when="after", seconds=25, times=12)
    start_sender()
    until(lambda: accepted(database, "wechat") == CARDS, seconds=60)
    assert accepted(database, "email") == 0
