"""Commands and queries: bindings, the list of deliveries, and what an operator can do."""

import json

import pytest

from services.contracts.commands import BindChannel, ResendDelivery
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, WrongState
from services.notify import binding, ledger, operations, queries
from tests.integration.notify.conftest import COMPOSER, person_changed
from tests.unit.notify import situations


@pytest.fixture
def base(notify):
    """With an admin and a stranger, and one request that its manager was told of."""
    for stranger in (situations.person("admin", roles=("admin",)), situations.person("stranger")):
        notify.hear(person_changed(stranger))
    notify.hear(situations.requested().event)
    return notify


def asked_by(base, actor, reservation=situations.RESERVATION):
    return base.transactions.read(queries.deliveries, actor=actor, reservation=reservation)["items"]


@pytest.mark.parametrize("actor", ["member01", "lead01", "manager-labs", "base", "admin"])
def test_those_concerned_see_who_was_told(base, actor):
    first = asked_by(base, actor)[0]
    assert (first["event_type"], first["recipient_name"], first["channel"]) == ("ReservationRequested", "王工", "email")
    assert first.keys() == {
        "id",
        "event_type",
        "step",
        "recipient",
        "recipient_name",
        "channel",
        "state",
        "attempts",
        "reason",
        "created_at",
        "accepted_at",
        "arrival",
        "arrived_at",
        "fallback_of",
        "resendable",
        "tries",
    }


@pytest.mark.parametrize("actor", ["stranger", "nobody", "", None])
def test_to_others_the_reservation_is_not_there(base, actor):
    with pytest.raises(NotFound):
        asked_by(base, actor)
    with pytest.raises(NotFound):
        asked_by(base, "admin", "no-such-reservation")


def test_a_reservation_of_which_nobody_was_told_has_an_empty_list(base):
    base.change("DELETE FROM deliveries")
    assert asked_by(base, "member01") == []


def bind(base, actor, person, external_id, key="k"):
    message = BindChannel(
        actor=actor,
        request_key=f"{key}-{person}-{external_id}",
        person=person,
        channel="wechat",
        external_id=external_id,
    )
    return base.transactions.execute(binding.bind_channel, message).value


def test_an_admin_binds_and_unbinds(base):
    assert bind(base, "admin", "stranger", "openid-1")["bound"]
    with pytest.raises(InvalidInput) as taken:
        bind(base, "admin", "lead01", "openid-1")
    assert taken.value.facts == {"errors": {"external_id": ["taken"]}}
    assert not bind(base, "admin", "stranger", None)["bound"]
    assert bind(base, "admin", "lead01", "openid-1", key="again")["bound"]


def test_nobody_else_binds(base):
    with pytest.raises(NotAllowed):
        bind(base, "manager-labs", "stranger", "openid-1")
    with pytest.raises(InvalidInput):
        bind(base, "admin", "no-such-person", "openid-1")


def resend(base, actor, delivery, key="k"):
    message = ResendDelivery(actor=actor, request_key=f"{key}-{actor}", delivery=str(delivery))
    return base.transactions.execute(ledger.resend_delivery, message).value


@pytest.fixture
def dead(base):
    """The manager's mail about the request was given up."""
    base.change("UPDATE deliveries SET state = 'dead', reason = 'recipient 550', due_at = NULL WHERE channel = 'email'")
    return base.rows("SELECT id FROM deliveries WHERE state = 'dead' ORDER BY recipient")[0][0]


@pytest.mark.parametrize("actor", ["manager-labs", "base", "admin"])
def test_who_manages_sends_a_dead_message_again_once_and_it_is_on_record(base, dead, actor):
    assert resend(base, actor, dead) == {"id": str(dead), "state": "pending"}
    with pytest.raises(WrongState) as refused:
        resend(base, actor, dead, key="again")
    assert refused.value.facts["reason"] == "not_resendable"
    found = base.rows("SELECT outcome, detail FROM attempts WHERE delivery = %s", dead)
    assert found == [("resent", f"by {actor}")]
    assert base.rows("SELECT actor FROM audit WHERE chain = %s", f"delivery:{dead}") == [(actor,)]


def test_a_team_may_not_and_to_others_it_is_not_there(base, dead):
    with pytest.raises(NotAllowed):
        resend(base, "member01", dead)
    for actor in ("stranger", "nobody"):
        with pytest.raises(NotFound):
            resend(base, actor, dead)


def test_undelivered_messages_are_listed_for_those_who_manage(base, dead):
    def listed(actor, **more):
        return base.transactions.read(queries.undelivered, actor=actor, **more)["items"]

    for actor in ("manager-labs", "base", "admin"):
        first = listed(actor)[0]
        assert (first["reason"], first["resendable"], first["fell_back"]) == ("recipient 550", True, False)
        assert not listed(actor, channel="wechat")
        assert {item["recipient"] for item in listed(actor, recipient="manager-labs")} == {"manager-labs"}
    for actor in ("member01", "lead01", "stranger", "nobody"):
        assert listed(actor) == []


def test_managers_and_auditors_see_every_try_and_a_team_only_what_its_people_are_told(base):
    base.hear(person_changed(situations.person("auditor01", roles=("auditor",))))
    base.change("UPDATE deliveries SET channel = 'robot', recipient = '@base' WHERE channel = 'wechat'")
    base.change("INSERT INTO attempts (delivery, started_at, outcome) SELECT id, now(), 'transient' FROM deliveries")
    for actor in ("manager-labs", "auditor01"):
        assert {item["channel"] for item in asked_by(base, actor)} == {"email", "robot"}
        assert asked_by(base, actor)[0]["tries"][0]["outcome"] == "transient"
    assert {item["channel"] for item in asked_by(base, "member01")} == {"email"}
    assert asked_by(base, "member01")[0]["tries"] == []


@pytest.fixture
def operate(base, monkeypatch):
    monkeypatch.setenv("NOTIFY_DATABASE_URL", base.url)
    return lambda *words: operations.main(list(words))


def test_dead_deliveries_are_listed_shown_and_sent_again(base, operate, capsys):
    assert operate("deliveries", "list") == 0
    base.change("UPDATE deliveries SET state = 'dead', reason = 'recipient 550', due_at = NULL, attempts = 8")
    base.hear(person_changed(situations.person("manager-labs", email="new@example.test", manages=("LAB-1",)), 2))
    assert operate("deliveries", "list", "--channel", "email") == 1
    line = capsys.readouterr().out
    assert "recipient 550" in line
    number = line.split()[0]

    assert operate("deliveries", "show", number) == 0
    assert json.loads(capsys.readouterr().out)["recipient"] == "manager-labs"
    assert operate("deliveries", "resend", number) == 0
    assert operate("deliveries", "resend", number) == 1, "it is no longer dead"
    again = base.rows("SELECT state, attempts, address FROM deliveries WHERE id = %s", number)
    assert again == [("pending", 0, "new@example.test")]
    assert base.rows("SELECT outcome FROM attempts WHERE delivery = %s", number) == [("resent",)]
    assert operate("deliveries", "show", "11111111-2222-4333-8444-555555555555") == 3


def test_what_a_later_message_has_overtaken_is_not_sent_again(base, operate, capsys):
    base.hear(situations.approved().event)
    base.hear(situations.cancelled().event)
    base.change("UPDATE deliveries SET state = 'dead' WHERE version = 2")
    number = base.rows("SELECT id FROM deliveries WHERE version = 2 AND channel = 'email' LIMIT 1")[0][0]
    assert operate("deliveries", "resend", str(number)) == 1


def test_only_who_runs_the_base_sees_all_messages(base):
    def ask(actor, query=queries.message_samples, **more):
        return base.transactions.read(query, actor=actor, composer=COMPOSER, **more)

    assert len(ask("base")["items"]) > 40
    shown = ask("admin", queries.message_sample, sample="approved")["items"]
    assert "已批准" in shown[0]["mail"]["subject"]
    for actor in ("manager-labs", "lead01", "nobody"):
        with pytest.raises(NotAllowed):
            ask(actor)
    with pytest.raises(NotFound):
        ask("admin", queries.message_sample, sample="no_such")


def test_templates_are_checked_before_they_go_live(operate, capsys):
    assert operate("templates", "check") == 0
    assert "approved" in capsys.readouterr().out


def test_bindings_are_imported_whole_or_not_at_all(base, operate, tmp_path, capsys):
    file = tmp_path / "bindings.csv"
    file.write_text("stranger,wechat,openid-7\nlater,wechat,openid-8\n", encoding="utf-8")
    assert operate("bind-import", str(file)) == 0
    assert "later is not known yet" in capsys.readouterr().err

    file.write_text("admin,wechat,openid-9\nlead01,wechat,openid-7\n", encoding="utf-8")
    assert operate("bind-import", str(file)) == 1
    assert not base.rows("SELECT 1 FROM bindings WHERE external_id = 'openid-9'")

    file.write_text("admin,pigeon,openid-9\nadmin\n", encoding="utf-8")
    assert operate("bind-import", str(file)) == 2
    assert operate("bind", "stranger", "wechat") == 0


def test_an_operator_sees_which_channel_rests_and_lets_it_go_on(base, operate, capsys):
    assert operate("channels", "list") == 0
    rest = "INSERT INTO pauses VALUES ('wechat', now() + interval '1 hour', 'configuration', 'configuration 40164')"
    base.change(rest)
    capsys.readouterr()
    assert operate("channels", "list") == 1
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "configuration 40164" in lines["wechat"]
    assert "rests" not in lines["email"]
    assert operate("channels", "resume", "wechat") == 0
    assert operate("channels", "list") == 0


def test_it_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.delenv("NOTIFY_DATABASE_URL", raising=False)
    assert operations.main(["deliveries", "list"]) == 2
    assert "NOTIFY_DATABASE_URL" in capsys.readouterr().err
