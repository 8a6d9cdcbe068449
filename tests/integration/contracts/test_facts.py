"""Facts: sent until confirmed, handled once and in order, parked when they fail, never lost."""

import pickle
import random
import uuid
from datetime import UTC, datetime

import amqp
import pytest
from kombu import Connection

from services.contracts import events
from services.contracts.commands import WithdrawReservation
from services.contracts.messaging import dead_letters, operations
from services.contracts.messaging.broker import Confirmed, connect
from services.contracts.messaging.envelope import Envelope
from services.contracts.messaging.topology import facts_queues
from tests.waiting import until

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def change(reservation, version):
    event = events.ReservationWithdrawn(
        version=version,
        reservation=reservation,
        state="withdrawn",
        facility="LAB-1",
        unit="A",
        starts_at=NOW,
        ends_at=NOW,
        team="team-01",
        project=None,
        purpose="",
        requester="lead01",
        actor="lead01",
    )
    return Envelope.around(event, NOW)


def snapshot(person, version):
    return Envelope.around(
        events.PersonChanged(
            version=version,
            person=person,
            name="李薇",
            email="a@b.example",
            language="en",
            active=True,
            roles=[],
            manages=[],
        ),
        NOW,
    )


@pytest.fixture
def publish(broker):
    publisher = Confirmed(broker)
    # Straight to the queue, whoever the facts are of.
    yield lambda *envelopes: publisher.publish(
        "", [(each.event_id, "booking.facts", each.to_bytes()) for each in envelopes]
    )
    publisher.close()


@pytest.fixture
def publish_raw(broker):
    connection = connect(broker)
    channel = connection.channel()
    yield lambda body, **properties: channel.basic_publish(
        amqp.Message(body, delivery_mode=2, **properties), "facts.accounts", "odd"
    )
    connection.close()


def versions(database, aggregate):
    return [row.version for row in database("SELECT version FROM taken WHERE aggregate = %s ORDER BY id", aggregate)]


def read_queue(url, name):
    with Connection(url) as connection:
        channel = connection.channel()
        found = []
        while message := channel.basic_get(name, no_ack=True):
            found.append(
                Envelope.from_bytes(bytes(message.body, "utf-8") if isinstance(message.body, str) else message.body)
            )
        return found


def test_facts_leave_the_outbox_in_order_and_are_marked(sample, client, database, broker):
    sample()
    reservation = str(uuid.uuid4())
    for number in range(20):
        client.send(WithdrawReservation(actor="lead01", request_key=f"k{number}", reservation=reservation))
    until(lambda: not database("SELECT 1 FROM verify.outbox WHERE sent_at IS NULL"))
    assert [each.aggregate_version for each in read_queue(broker, "notify.facts")] == list(range(1, 21))


def test_a_fact_that_no_queue_takes_stays_and_leaves_when_the_queue_is_back(sample, client, database, broker):
    sample()
    queues = [
        queue
        for reader in ("notify", "live")
        for queue in facts_queues(reader)
        if queue.exchange.name == "facts.booking"
    ]
    with Connection(broker) as connection:
        bound = [queue.bind(connection.channel()) for queue in queues]
        for queue in bound:
            queue.unbind_from(queue.exchange, queue.routing_key)
        client.send(WithdrawReservation(actor="lead01", request_key="k", reservation=str(uuid.uuid4())))
        until(lambda: "not taken by any queue" in client_log(sample))
        assert database("SELECT 1 FROM verify.outbox WHERE sent_at IS NULL")
        for queue in bound:
            queue.bind_to(queue.exchange, queue.routing_key)
    until(lambda: not database("SELECT 1 FROM verify.outbox WHERE sent_at IS NULL"))
    assert len(read_queue(broker, "notify.facts")) == 1


def client_log(sample):
    return "".join(path.read_text() for path in sample.folder.glob("booking-*.log"))


def test_facts_repeated_and_shuffled_are_taken_once_and_in_order(sample, publish, database):
    sample()
    sample()
    aggregates = [str(uuid.uuid4()) for _ in range(5)]
    facts = [change(aggregate, version) for aggregate in aggregates for version in range(1, 9)] * 5
    random.Random(7).shuffle(facts)
    publish(*facts)
    for aggregate in aggregates:
        until(lambda aggregate=aggregate: versions(database, aggregate) == list(range(1, 9)), 20)
    assert len(database("SELECT 1 FROM taken")) == 40


def test_the_newest_snapshot_counts_and_the_same_version_may_be_told_again(sample, publish, database):
    sample()
    publish(snapshot("li", 4), snapshot("li", 2), snapshot("li", 7), snapshot("li", 7))
    until(lambda: versions(database, "li").count(7) == 2)
    until(lambda: len(database("SELECT 1 FROM verify.inbox WHERE handled_at IS NOT NULL")) == 4)
    assert versions(database, "li") == sorted(versions(database, "li"))


def test_a_poisonous_fact_is_parked_and_holds_up_only_its_own_aggregate(sample, publish, database):
    sample(TIME_SCALE="20")
    sick, well = str(uuid.uuid4()), str(uuid.uuid4())
    database("INSERT INTO poison VALUES (%s)", sick)
    publish(*(change(sick, version) for version in (1, 2)), *(change(well, version) for version in range(1, 51)))
    until(lambda: versions(database, well) == list(range(1, 51)))
    row = until(lambda: database("SELECT * FROM inbox WHERE parked"))[0]
    assert "poisonous" in row.error
    assert versions(database, sick) == []
    database("DELETE FROM poison")
    until(lambda: versions(database, sick) == [1, 2])
    assert not database("SELECT 1 FROM verify.inbox WHERE parked OR handled_at IS NULL")


def test_an_operator_sees_redrives_and_discards_parked_facts(
    sample, publish, database, sample_database, monkeypatch, capsys
):
    sample()
    monkeypatch.setenv("BOOKING_DATABASE_URL", sample_database)
    sick = str(uuid.uuid4())
    database("INSERT INTO poison VALUES (%s)", sick)
    first = change(sick, 1)
    publish(first, change(sick, 2))
    until(lambda: len(database("SELECT 1 FROM inbox WHERE handled_at IS NULL")) == 2)
    assert operations.main(["parked", "list"]) == 1
    assert first.event_id in capsys.readouterr().out
    assert operations.main(["parked", "show", "--event", str(uuid.uuid4())]) == 3
    database("DELETE FROM poison")
    assert operations.main(["parked", "discard", "--event", first.event_id]) == 0
    assert operations.main(["parked", "redrive"]) == 0
    until(lambda: versions(database, sick) == [2])
    assert operations.main(["parked", "list"]) == 0


@pytest.mark.parametrize(
    "body",
    [
        pickle.dumps({"type": "PersonChanged"}),
        b'{"type": "PersonCh',
        b"\xff\xfe\x00",
        b"[1, 2]",
        b'"text"',
        b"",
        snapshot("li", 1).to_bytes().replace(b"PersonChanged", b"PersonDoubled"),
        snapshot("li", 1).to_bytes().replace(b'"version":1', b'"version":"one"'),
        snapshot("li", 1).to_bytes().replace(b'"PersonChanged"', b"[]"),
        change("li", 1).to_bytes(),  # a fact of booking's, on the exchange of accounts
    ],
)
def test_what_cannot_be_read_goes_to_the_dead_letters_whole_and_the_next_is_taken(
    sample, publish, publish_raw, database, broker, body
):
    sample()
    publish_raw(body, content_type="application/x-python-serialize", message_id="m1")
    publish(snapshot("zhang", 1))
    until(lambda: versions(database, "zhang") == [1])

    def dead():
        with dead_letters.opened(broker, "booking") as letters:
            return [dead_letters.described("booking", letter) for letter in letters.matching(None)]

    letter = until(dead)[0]
    assert letter["error"].startswith("rejected")
    assert letter["body"] == body.decode("utf-8", "backslashreplace")


def test_a_dead_letter_is_redriven_once_or_discarded(sample, publish_raw, database, broker, monkeypatch, capsys):
    sample()
    monkeypatch.setenv("AMQP_URL", broker)
    publish_raw(b"[]", message_id="m1")
    until(lambda: operations.main(["dead-letters", "list", "--reader", "booking"]) == 1)
    assert operations.main(["dead-letters", "redrive", "--event", "m1"]) == 0
    until(lambda: operations.main(["dead-letters", "list", "--reader", "booking"]) == 1)
    assert operations.main(["dead-letters", "discard", "--event", "m1"]) == 0
    assert operations.main(["dead-letters", "list", "--reader", "booking"]) == 0
    assert operations.main(["dead-letters", "show", "--event", "m1"]) == 3


def test_a_killed_reader_handles_what_it_had_not_finished(sample, publish, database):
    process = sample()
    aggregates = [str(uuid.uuid4()) for _ in range(60)]
    publish(*(change(aggregate, version) for version in (1, 2, 3) for aggregate in aggregates))
    until(lambda: len(database("SELECT 1 FROM taken")) > 20)
    process.kill()
    process.start()
    until(lambda: len(database("SELECT 1 FROM taken")) >= 180, 20)
    assert all(versions(database, aggregate) == [1, 2, 3] for aggregate in aggregates)


def test_the_relay_skips_no_fact_that_commits_late(sample, client, database):
    """An id is taken before the commit: a slow transaction must be found behind quicker ones."""
    import threading

    sample()
    threads = [
        threading.Thread(target=lambda number=number: send_fresh(client.url, number, slow=number % 4 == 0))
        for number in range(12)
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    until(lambda: not database("SELECT 1 FROM verify.outbox WHERE sent_at IS NULL"))
    assert len(database("SELECT 1 FROM verify.outbox")) == 12


def send_fresh(url, number, slow):
    from services.contracts.messaging.client import RpcClient

    version = 99 if slow else None
    RpcClient(url).send(
        WithdrawReservation(actor="lead01", request_key=f"k{number}", reservation=str(uuid.uuid4()), version=version),
        deadline=8,
    )
