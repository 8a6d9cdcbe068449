"""Addresses that do not reach their person: what suppresses them, what is sent instead, and what lifts it."""

import io
import mailbox as mailboxes
import sys
from functools import partial

import pytest

from services.contracts.commands import BindChannel, ConfirmAddress, Unsubscribe
from services.contracts.errors import NotFound
from services.notify import binding, operations, queries, telling, unreachable, unsubscribing
from services.notify.domain.unsubscribing import Links
from services.notify.spool import read_new
from tests.integration.notify.conftest import COMPOSER, person_changed
from tests.integration.notify.standins import fault, mails
from tests.integration.notify.test_binding import Hall
from tests.unit.notify import situations
from tests.unit.notify.test_bounces import DELIVERY, report


@pytest.fixture
def told(notify):
    """Two people have been told by mail and on WeChat; nothing is sent yet."""
    notify.hear(situations.requested().event)
    notify.hear(situations.approved().event)
    notify.change("DELETE FROM deliveries WHERE recipient NOT IN ('lead01', 'member01')")
    return notify


def suppressed(notify):
    return {row.address: row.reason for row in notify.rows("SELECT address, reason FROM suppressions")}


def reason_of(notify, recipient):
    found = "SELECT state, reason FROM deliveries WHERE recipient = %s AND channel = 'email' ORDER BY version DESC"
    return tuple(notify.rows(found, recipient)[0])


def refuse(mailbox, recipient, code=550):
    fault(mailbox, fault="status", stage="rcpt", code=code, recipient=recipient, times=1)


def test_an_address_that_is_refused_is_written_to_no_more(told, email, mailbox):
    refuse(mailbox, "lead01@example.test")
    told.send(email)
    assert list(suppressed(told)) == ["lead01@example.test"]
    told.change("DELETE FROM bindings WHERE person = 'lead01'")
    told.hear(situations.cancelled().event)
    told.pass_time(minutes=5)
    told.send(email)
    assert [mail["to"] for mail in mails(mailbox)].count("lead01@example.test") == 0
    assert reason_of(told, "lead01") == ("skipped", "address suppressed")
    assert reason_of(told, "member01")[0] == "accepted"


@pytest.mark.parametrize("code", [450, 451])
def test_a_passing_refusal_suppresses_nothing(told, email, mailbox, code):
    refuse(mailbox, "lead01@example.test", code)
    told.send(email)
    assert suppressed(told) == {}


def test_who_has_wechat_is_told_there_alone(told, email, mailbox):
    refuse(mailbox, "lead01@example.test")
    told.send(email)
    told.hear(situations.cancelled().event)
    ours = {key: state for key, state in told.told().items() if key[:2] == ("ReservationCancelled", "lead01")}
    assert {channel for _, _, channel in ours} == {"wechat"}


def confirm(notify, person, key="k"):
    message = ConfirmAddress(actor=person, request_key=key)
    return notify.transactions.execute(unreachable.confirm_address, message)


def test_the_person_lifts_it_and_only_their_own(told):
    told.change("INSERT INTO suppressions VALUES ('lead01@example.test', '550 5.1.1 unknown', now())")
    shown = told.transactions.read(queries.bindings, actor="lead01")["suppressed"]
    assert shown["reason"] == "550 5.1.1 unknown"
    with pytest.raises(NotFound):
        confirm(told, "member01")
    confirm(told, "lead01")
    assert suppressed(told) == {}
    with pytest.raises(NotFound):
        confirm(told, "lead01", key="again")


def test_another_address_is_not_suppressed(told, email, mailbox):
    told.change("INSERT INTO suppressions VALUES ('lead01@example.test', '550 5.1.1 unknown', now())")
    told.hear(person_changed(situations.person("lead01", email="new@example.test"), version=2))
    assert told.transactions.read(queries.bindings, actor="lead01")["suppressed"] is None
    told.hear(situations.cancelled().event)
    told.pass_time(minutes=5)
    told.send(email)
    assert "new@example.test" in {mail["to"] for mail in mails(mailbox)}


# bounces ---------------------------------------------------------------------------------


@pytest.fixture
def sent(told, email):
    """The mails have been accepted; the delivery to lead01."""
    told.send(email)
    found = "SELECT id FROM deliveries WHERE recipient = 'lead01' AND channel = 'email'"
    return str(told.rows(found)[0].id)


def bounce(sent, **more):
    return report(**more).replace(DELIVERY.encode(), sent.encode())


def take(notify, raw):
    return notify.transactions.run(lambda uow, now: unreachable.take_bounce(raw, uow, now))


def test_a_mail_that_comes_back_did_not_arrive_and_suppresses_its_address(told, sent):
    assert take(told, bounce(sent)) == "suppressed"
    assert "User unknown" in suppressed(told)["lead01@example.test"]
    state, reason = reason_of(told, "lead01")
    assert state == "dead"
    assert reason.startswith("came back: 5.1.1")
    assert take(told, bounce(sent)) == "suppressed", "a repeat changes nothing"


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"action": "delayed", "status": "4.4.1"}, "still trying"),
        ({"status": "5.7.1"}, "not the address's fault"),
        ({"recipient": "somebody@else.test"}, "another recipient"),
    ],
)
def test_what_does_not_speak_of_the_address_suppresses_nothing(told, sent, more, outcome):
    assert take(told, bounce(sent, **more)) == outcome
    assert suppressed(told) == {}


def test_a_report_about_a_message_that_we_never_sent_is_not_ours(told, sent):
    assert take(told, report()) == "not ours"
    assert take(told, b"hello") == "no report"
    assert suppressed(told) == {}


def test_the_operator_reads_a_file_a_folder_or_a_pipe(told, sent, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NOTIFY_DATABASE_URL", told.url)
    file = tmp_path / "bounce.eml"
    file.write_bytes(bounce(sent))
    assert operations.main(["bounces", "read", str(file)]) == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"hello")))
    assert operations.main(["bounces", "read", "-"]) == 0
    folder = tmp_path / "Maildir"
    mailboxes.Maildir(folder).add(bounce(sent))
    assert operations.main(["bounces", "read", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["suppressed", "no report"]
    assert lines[2].endswith(" suppressed")


def test_a_folder_is_read_once_and_what_fails_stays(tmp_path):
    spool = mailboxes.Maildir(tmp_path / "Maildir")
    spool.add(b"From: a\n\none")
    with pytest.raises(ZeroDivisionError):
        list(read_new(tmp_path / "Maildir", lambda raw: 1 / 0))
    assert len(list(read_new(tmp_path / "Maildir", lambda raw: "seen"))) == 1
    assert list(read_new(tmp_path / "Maildir", lambda raw: "seen")) == []
    with pytest.raises(NotADirectoryError):
        list(read_new(tmp_path / "nothing", lambda raw: "seen"))


# accounts --------------------------------------------------------------------------------


def code_fault(wechat, code, **more):
    fault(wechat, fault="code", code=code, **more)


def state_of(notify, person):
    return notify.rows("SELECT state, reason FROM bindings WHERE person = %s", person)[0]


def test_an_account_that_follows_us_no_longer_is_suspended_and_a_mail_goes_instead(told, cards, wechat):
    wechat.client.post("/api/people", json={"person": "demo-lead01", "state": "unfollowed"})
    told.send(cards)
    wechat.client.post("/api/people", json={"person": "demo-lead01", "state": "following"})
    assert tuple(state_of(told, "lead01")) == ("suspended", "unfollowed")
    assert state_of(told, "member01").state == "active"


def test_an_unknown_account_is_suspended_at_the_second_refusal(told, cards, wechat):
    """40003 is reported falsely now and then."""
    told.change("UPDATE bindings SET external_id = 'nobody' WHERE person = 'lead01'")
    told.change("UPDATE deliveries SET address = 'nobody' WHERE channel = 'wechat' AND recipient = 'lead01'")
    told.send(cards)
    assert state_of(told, "lead01").state == "active"
    told.hear(situations.cancelled().event)
    told.send(cards)
    assert tuple(state_of(told, "lead01")) == ("suspended", "refused")


def test_a_card_that_its_reader_has_blocked_is_followed_by_a_mail_and_no_more_cards(told, cards):
    told.send(cards)
    found = "SELECT provider_reference FROM deliveries WHERE recipient = 'lead01' AND channel = 'wechat'"
    reference = told.rows(found)[0].provider_reference
    hall = Hall(told)
    told.pass_time(seconds=5)
    for _ in range(2):
        hall.report("TEMPLATESENDJOBFINISH", "demo-lead01", reference=reference, status="failed:user block")
    assert tuple(state_of(told, "lead01")) == ("suspended", "refused")
    assert told.told()["ReservationApproved", "lead01", "wechat"] == "dead"
    assert [state for key, state in told.told().items() if key[1:] == ("lead01", "email")] == ["pending"]


def test_a_card_that_arrived_says_so(told, cards):
    told.send(cards)
    found = "SELECT provider_reference FROM deliveries WHERE recipient = 'lead01' AND channel = 'wechat'"
    reference = told.rows(found)[0].provider_reference
    Hall(told).report("TEMPLATESENDJOBFINISH", "demo-lead01", reference=reference, status="success")
    arrived = told.rows("SELECT arrival FROM deliveries WHERE provider_reference = %s", reference)
    assert [row.arrival for row in arrived] == ["arrived"]


# unsubscribing ---------------------------------------------------------------------------

LINKS = Links("https://booking.example.test", "k" * 32)


def unsubscribe(notify, token, key):
    message = Unsubscribe(actor="reader", request_key=key, token=token)
    return notify.transactions.execute(partial(unsubscribing.unsubscribe, links=LINKS), message).value


def looked(notify, token):
    return notify.transactions.read(unsubscribing.unsubscribing, token=token, links=LINKS)


def test_a_link_ends_one_kind_of_mail_for_one_person(told):
    told.change("DELETE FROM bindings WHERE person = 'lead01'")
    token = LINKS.token("lead01", "reminders")
    assert looked(told, token) == {"category": "reminders", "language": "zh-Hans", "wanted": True}
    for key in ("1", "2"):
        assert unsubscribe(told, token, key) == {"category": "reminders"}
    assert not looked(told, token)["wanted"]
    assert looked(told, LINKS.token("lead01", "quota"))["wanted"]
    kept = told.rows("SELECT person, switches FROM preferences")
    assert [(row.person, row.switches) for row in kept] == [("lead01", {"reminders": {"email": False}})]


@pytest.mark.parametrize("token", ["guessed", Links("https://x", "other" * 8).token("lead01", "reminders")])
def test_a_link_that_is_not_ours_ends_nothing(told, token):
    with pytest.raises(NotFound):
        unsubscribe(told, token, "1")
    with pytest.raises(NotFound):
        looked(told, token)


def test_who_has_left_is_not_there(told):
    with pytest.raises(NotFound):
        unsubscribe(told, LINKS.token("nobody", "reminders"), "1")


# told ------------------------------------------------------------------------------------


def tell(notify):
    return notify.transactions.run(partial(telling.tell_suspended, composer=COMPOSER))


def test_who_is_not_reached_on_wechat_any_more_is_told_so_once_by_mail(told, email, mailbox):
    assert tell(told) == 0
    told.pass_time(seconds=5)
    Hall(told).report("unsubscribe", "demo-lead01")
    assert [tell(told), tell(told)] == [1, 0]
    ours = {key: state for key, state in told.told().items() if key[0] == "BindingSuspended"}
    assert ours == {("BindingSuspended", "lead01", "email"): "pending"}
    told.send(email)
    [mail] = [mail for mail in mails(mailbox) if "/account/channels" in mail["text"]]
    assert mail["to"] == "lead01@example.test"
    assert "您已取消关注服务号" in mail["text"]
    assert "List-Unsubscribe" not in mail["headers"]


def test_who_binds_anew_and_leaves_again_is_told_again(told):
    hall = Hall(told)
    for _ in range(2):
        told.pass_time(minutes=1)
        hall.report("unsubscribe", "demo-lead01")
        assert tell(told) == 1
        told.pass_time(minutes=1)
        bind_anew = BindChannel(
            actor="admin", request_key=str(told.now), person="lead01", channel="wechat", external_id="demo-lead01"
        )
        told.hear(person_changed(situations.person("admin", roles=("admin",))))
        told.transactions.execute(binding.bind_channel, bind_anew)
    assert len(told.rows("SELECT id FROM deliveries WHERE event_type = 'BindingSuspended'")) == 2
