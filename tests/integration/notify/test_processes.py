"""Both processes as the stack starts them: from a fact on the broker to a message in front of a person."""

from datetime import UTC, datetime, timedelta

import pytest
from kombu import Connection

from services.contracts.commands import BindChannel
from services.contracts.errors import NotAllowed
from services.contracts.messaging.envelope import Envelope
from services.contracts.messaging.topology import facts_exchange
from tests.integration.notify.conftest import facility_changed, person_changed, team_changed
from tests.integration.notify.test_sending import fault, mails, shown
from tests.unit.notify import situations
from tests.waiting import until

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
        settings = {"PUBLIC_URL": "https://booking.example.test", "SMTP_SENDER": "base@example.test"}
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
