"""Calls: answered once per key, refused in a typed way, never hanging."""

import threading
import time
import uuid

import pytest

from services.contracts.commands import WithdrawReservation
from services.contracts.errors import InvalidInput, NotFound, RequestKeyReused, Unavailable, WrongState
from services.contracts.messaging.client import RpcClient


def withdraw(reservation=None, key=None, **fields):
    return WithdrawReservation(
        actor="lead01", request_key=key or uuid.uuid4().hex, reservation=reservation or str(uuid.uuid4()), **fields
    )


def test_a_command_is_executed_and_leaves_one_fact(sample, client, database):
    sample()
    answer = client.send(withdraw())
    assert (answer.value["value"], answer.replayed) == (1, False)
    assert len(database("SELECT 1 FROM verify.outbox")) == 1


def test_a_repeated_key_gets_the_first_answer_and_no_second_effect(sample, client, database):
    sample()
    message = withdraw()
    first = client.send(message)
    again = [client.send(message) for _ in range(5)]
    assert all(answer == (first.value, True) for answer in again)
    assert [row.value for row in database("SELECT value FROM counters")] == [1]


def test_a_key_with_another_body_is_refused(sample, client, database):
    sample()
    client.send(withdraw(key="k1"))
    with pytest.raises(RequestKeyReused):
        client.send(withdraw(key="k1"))
    assert len(database("SELECT 1 FROM counters")) == 1


def test_the_same_key_of_two_callers_at_once_executes_once(sample, broker, database):
    sample()
    message, answers = withdraw(), []
    barrier = threading.Barrier(8)

    def call():
        client = RpcClient(broker)
        barrier.wait()
        answers.append(client.send(message).value)

    threads = [threading.Thread(target=call) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(answers) == 8
    assert all(answer == answers[0] for answer in answers)
    assert [row.value for row in database("SELECT value FROM counters")] == [1]


def test_a_refusal_leaves_nothing_behind_and_keeps_its_type(sample, client, database):
    sample()
    with pytest.raises(WrongState) as refused:
        client.send(withdraw(version=13))
    assert refused.value.facts == {"state": "unlucky"}
    assert (
        database("SELECT 1 FROM counters")
        == database("SELECT 1 FROM outbox")
        == database("SELECT 1 FROM processed")
        == []
    )


def test_bad_input_is_refused_at_the_door_with_every_field(sample, client):
    sample()
    with pytest.raises(InvalidInput) as refused:
        client.call("booking", "withdraw_reservation", {"actor": "", "reservation": "x", "odd": 1})
    assert set(refused.value.facts["errors"]) == {"actor", "request_key", "reservation", "odd"}


def test_unknown_methods_and_wrong_arguments_are_answered(sample, client):
    sample()
    with pytest.raises(NotFound):
        client.call("booking", "nothing_like_it")
    with pytest.raises(InvalidInput):
        client.call("booking", "counters", {"colour": "red"})


def test_a_mistake_of_ours_is_unavailable_and_shows_nothing(sample, client):
    sample()
    with pytest.raises(Unavailable) as refused:
        client.call("booking", "broken")
    assert "mistake" not in str(refused.value.to_dict())


def test_a_stopped_service_ends_the_call_at_its_deadline_and_is_not_executed_late(sample, client, database):
    process = sample()
    process.kill()
    began = time.monotonic()
    with pytest.raises(Unavailable):
        client.call(
            "booking",
            "withdraw_reservation",
            {"actor": "a", "request_key": "late", "reservation": str(uuid.uuid4())},
            0.5,
        )
    assert time.monotonic() - began < 2
    process.start()
    assert client.call("booking", "counters", {"name": "x"}) == []
    assert database("SELECT 1 FROM counters") == []


def test_a_slow_query_ends_at_the_callers_deadline_and_the_service_goes_on(sample, client):
    sample()
    with pytest.raises(Unavailable):
        client.call("booking", "sleepy", {"seconds": 30}, deadline=0.5)
    assert client.call("booking", "sleepy", {"seconds": 0}) == 1


def test_a_client_survives_a_broken_connection(sample, client):
    sample()
    client.call("booking", "counters", {"name": "x"})
    client.local.link.connection.sock.close()
    assert client.call("booking", "counters", {"name": "x"}) == []
