"""Both processes as the stack starts them: from a fact on the broker to a message in front of a person."""

from datetime import UTC, datetime, timedelta

import pytest
from kombu import Connection

from services.contracts.commands import (
    AddWebhook,
    BindChannel,
    ReplayWebhook,
    ResendDelivery,
    RotateWebhookSecret,
    SwitchWebhook,
)
from services.contracts.errors import InvalidInput, NotAllowed, NotFound
from services.contracts.messaging.envelope import Envelope
from services.contracts.messaging.topology import facts_exchange
from services.notify.domain.webhooks import signature
from tests.integration.notify.conftest import facility_changed, person_changed, team_changed
from tests.integration.notify.standins import fault, mails, shown
from tests.unit.notify import situations
from tests.waiting import until

SIGNING = {"WEBHOOK_SECRET": "the base's own key of some length", "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}
ADMIN = situations.person("admin", roles=("admin",))


@pytest.fixture
def tell(broker):
    """tell(fact) publishes it as its service would."""

    def publish(event):
        envelope = Envelope.around(event, datetime.now(UTC))
        with Connection(broker) as connection:
            exchange = facts_exchange(event.source)
            connection.Producer().publish(envelope.to_bytes(), exchange=exchange, routing_key=type(event).__name__)

    return publish


@pytest.fixture
def start_notify(run_service, database):
    def start():
        settings = {"PUBLIC_URL": "https://booking.example.test", "SMTP_SENDER": "base@example.test"} | SIGNING
        return run_service("notify", database.url, **settings)

    return start


def next_week(situation):
    event = situation.event
    starts_at = datetime.now(UTC) + timedelta(days=7)
    return type(event)(**vars(event) | {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)})


def test_from_a_fact_to_what_people_see(start_notify, start_sender, tell, client, database, mailbox, wechat):
    start_notify()
    start_sender()
    for person in (ADMIN, situations.LEAD, situations.MEMBER):
        tell(person_changed(person))
    tell(team_changed())
    tell(facility_changed())
    until(lambda: len(database.rows("SELECT 1 FROM people")) == 3 and database.rows("SELECT 1 FROM facilities"))
    binding = {"person": "lead01", "channel": "wechat", "external_id": "demo-lead01"}
    with pytest.raises(NotAllowed):
        client.send(BindChannel(actor="lead01", request_key="k1", **binding))
    client.send(BindChannel(actor="admin", request_key="k2", **binding))

    tell(next_week(situations.approved_automatically()))

    until(lambda: len(mails(mailbox)) == 2 and len(shown(wechat)) == 1)
    accepted = until(lambda: all_accepted(client.call("notify", "deliveries", asked_by("member01"), deadline=5)))
    assert len(accepted) == 3


def asked_by(actor):
    return {"actor": actor, "reservation": situations.RESERVATION}


def all_accepted(answer):
    return answer["items"] if {item["state"] for item in answer["items"]} == {"accepted"} else None


def test_a_sender_that_is_killed_while_the_answer_is_on_its_way(notify_backlog, start_sender, database, mailbox):
    fault(mailbox, fault="slow", when="after", seconds=30, recipient="lead01@example.test")
    process = start_sender()
    until(lambda: [mail for mail in mails(mailbox) if mail["to"] == "lead01@example.test"])
    until(lambda: "accepted" in database.states("email"))
    process.kill()
    assert len(database.rows("SELECT 1 FROM deliveries WHERE state = 'sending' AND channel = 'email'")) == 1
    database.change("UPDATE deliveries SET due_at = now() WHERE state = 'sending'")  # as if the lease had lapsed
    start_sender()
    until(lambda: set(database.states("email")) == {"accepted"})
    twins = [mail["headers"] for mail in mails(mailbox) if mail["to"] == "lead01@example.test"]
    assert len(twins) == 2
    assert twins[0] == twins[1]


@pytest.fixture
def notify_backlog(database):
    """Two mails that are due."""
    for person in (situations.LEAD, situations.MEMBER):
        database.hear(person_changed(person))
    database.hear(team_changed())
    database.hear(facility_changed())
    database.hear(next_week(situations.approved_automatically()))


def test_metrics_tell_what_waits(start_sender, start_notify, notify_backlog, database, mailbox):
    sender = start_sender()
    until(lambda: set(database.states("email")) == {"accepted"})
    assert b'deliveries_attempts_total{channel="email",outcome="accepted"} 2.0' in sender.get("/metrics").read()
    assert "password" not in sender.log.read_text()
    notify = start_notify()
    until(lambda: b'deliveries_waiting{channel="email"} 0.0' in notify.get("/metrics").read())


def test_programs_are_told_and_managed_over_the_broker(start_notify, start_sender, tell, client, database, wechat):
    start_notify()
    start_sender(**SIGNING)
    for person in (ADMIN, situations.LEAD, situations.MEMBER):
        tell(person_changed(person))
    tell(team_changed())
    tell(facility_changed())
    until(lambda: len(database.rows("SELECT 1 FROM people")) == 3 and database.rows("SELECT 1 FROM facilities"))
    url = str(wechat.client.base_url).rstrip("/") + "/hooks/mes"
    made = client.send(AddWebhook(actor="admin", request_key="w1", name="MES", url=url)).value
    hook = {"actor": "admin", "webhook": made["webhook"]}
    with pytest.raises(InvalidInput):
        client.send(AddWebhook(actor="admin", request_key="w2", name="MES", url="https://10.0.0.1/"))

    tell(next_week(situations.approved_automatically()))

    messages = until(lambda: wechat.client.get("/api/messages?channel=webhook").json())
    signed, raw = messages[0]["headers"], messages[0]["raw"].encode()
    expected = signature(made["secret"], signed["webhook-id"], int(signed["webhook-timestamp"]), raw)
    assert signed["webhook-signature"] == expected
    told = until(lambda: client.call("notify", "webhook_deliveries", hook | {"state": "accepted"}, deadline=5)["items"])
    assert client.send(ReplayWebhook(request_key="w3", delivery=str(told[0]["id"]), **hook)).value["count"] == 1
    assert client.send(RotateWebhookSecret(request_key="w4", **hook)).value["secret"] != made["secret"]
    client.send(SwitchWebhook(request_key="w5", active=False, **hook))
    assert not client.call("notify", "webhook", hook, deadline=5)["active"]
    assert len(client.call("notify", "webhooks", {"actor": "admin"}, deadline=5)["items"]) == 1


def test_a_dead_message_is_listed_and_sent_again_over_the_broker(start_notify, client, database, notify_backlog):
    start_notify()
    database.hear(person_changed(ADMIN))
    database.change("UPDATE deliveries SET state = 'dead', due_at = NULL, reason = 'recipient 550'")
    items = client.call("notify", "undelivered", {"actor": "admin", "channel": "email"}, deadline=5)["items"]
    dead = str(items[0]["id"])
    assert client.send(ResendDelivery(actor="admin", request_key="r1", delivery=dead)).value["state"] == "pending"
    with pytest.raises(NotFound):
        client.send(ResendDelivery(actor="nobody", request_key="r2", delivery=dead))
