"""A worker of booking as the stack starts it: calls, facts in and out, and its timer."""

from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.commands import ApproveReservation, MoveReservation
from services.contracts.errors import InvalidInput, RuleBroken, SlotTaken
from services.contracts.events import Event
from services.contracts.messaging.broker import Confirmed
from services.contracts.messaging.envelope import Envelope
from services.contracts.messaging.topology import facts_exchange
from tests.integration.booking.service import Booking
from tests.unit.booking.examples import DAY, HOUR, command, lab_1, request
from tests.waiting import until


@pytest.fixture
def database(database_for):
    return database_for("booking")


@pytest.fixture
def stored(database):
    made = Booking(database)
    yield made
    made.engine.dispose()


@pytest.fixture
def times():
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + 2 * DAY
    return {"starts_at": start, "ends_at": start + 2 * HOUR}


def publish(broker: str, fact: Event) -> None:
    envelope = Envelope.around(fact, datetime.now(UTC))
    rows = [(envelope.event_id, envelope.type, envelope.to_bytes())]
    assert Confirmed(broker).publish(facts_exchange(fact.source).name, rows) == {envelope.event_id}


def test_a_call_a_refusal_an_approval_and_the_facts_that_leave(run_service, client, database, stored, times):
    run_service("booking", database)
    asked = client.send(request("ann", facility="LAB-1", unit="A", **times)).value
    with pytest.raises(SlotTaken) as refusal:
        client.send(request("cyd", facility="LAB-1", unit="A", **times))
    assert datetime.fromisoformat(refusal.value.facts["alternatives"][0]["starts_at"]).tzinfo
    with pytest.raises(RuleBroken) as refusal:
        client.send(request("cyd", facility="LAB-1", **times | {"ends_at": times["starts_at"] + timedelta(minutes=10)}))
    assert [each["rule"] for each in refusal.value.facts["violations"]] == ["not_whole_grid", "too_short"]
    assert client.send(command(ApproveReservation, "mia", reservation=asked["id"])).value["state"] == "approved"
    board = client.call("booking", "board", {"actor": "cyd", **times})
    assert [(item["state"], item["mine"]) for item in board["items"]] == [("taken", False)]
    assert client.call("booking", "reservation", {"actor": "ann", "reservation": asked["id"]})["version"] == 2
    assert client.call("booking", "approvals_count", {"actor": "mia"}) == {"count": 0}
    until(lambda: stored.rows("SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL") == [(2,)])


def test_queries_refuse_what_they_do_not_know(run_service, client, database, stored, times):
    run_service("booking", database)
    for method, arguments in (
        ("board", {"actor": "ann"}), ("board", {"actor": "ann", **times, "starts_at": "soon"}),
        ("reservations", {"actor": "ann", "hidden": True}), ("free_slots", {"actor": "ann", **times}),
    ):
        with pytest.raises(InvalidInput):
            client.call("booking", method, arguments)


def test_a_repeat_gets_the_first_answer(run_service, client, database, stored, times):
    run_service("booking", database)
    message = request("ann", facility="LAB-1", **times)
    first, second = client.send(message), client.send(message)
    assert (first.value, first.replayed, second.replayed) == (second.value, False, True)


def test_a_request_expires_by_itself(run_service, client, database, stored, times):
    run_service("booking", database, TIME_SCALE="86400")
    asked = client.send(request("ann", facility="LAB-1", **times)).value
    question = {"actor": "ann", "reservation": asked["id"]}
    until(lambda: client.call("booking", "reservation", question)["state"] == "expired")
    assert client.send(request("cyd", facility="LAB-1", unit=asked["unit"], **times)).value["state"] == "requested"


def test_copies_follow_the_facts(run_service, client, broker, database, stored, times):
    run_service("booking", database)
    publish(broker, lab_1(version=2, approval="automatic"))
    publish(broker, lab_1(version=1))
    until(lambda: stored.rows("SELECT count(*) FROM inbox WHERE handled_at IS NOT NULL") == [(2,)])
    asked = client.send(request("ann", facility="LAB-1", **times)).value
    assert asked["state"] == "approved"
    longer = command(
        MoveReservation, "ann", reservation=asked["id"], version=1, ends_at=times["ends_at"] + HOUR,
    )
    assert client.send(longer).value["state"] == "approved"
