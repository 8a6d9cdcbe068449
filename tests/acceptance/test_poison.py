"""B08, B10, B11: what no reader can read ends in the dead letters, where an operator sees it and can redrive it."""

import json
import os
import subprocess
import sys
import uuid

import amqp
import pytest

from services.contracts.messaging import broker
from tests.waiting import until

FACT = {
    "type": "PersonChanged", "schema_version": 1, "aggregate_type": "person", "aggregate_id": "nobody",
    "aggregate_version": 1, "occurred_at": "2026-11-23T00:00:00+00:00", "correlation_id": "probe", "causation_id": "",
    "data": {"version": 1, "person": "nobody", "name": "无名", "email": "nobody@base.example", "language": "en",
             "active": False, "roles": [], "manages": []},
}  # fmt: skip
POISON = {
    "a pickle": b"\x80\x04K\x01.",
    "half a text": b'{"type": "Pers',
    "no UTF-8": b"\xff\xfe",
    "a list": b"[]",
    "deep": b"[" * 5000,
    "a type that is a list": FACT | {"type": []},
    "an unknown type": FACT | {"type": "PersonDoubled"},
    "an odd id": FACT | {"event_id": "none"},
    "an odd version": FACT | {"aggregate_version": 2**62},
    "another inside": FACT | {"aggregate_id": "somebody"},
    "data of another shape": FACT | {"data": []},
}


@pytest.fixture
def channel(stack):
    connection = broker.connect(stack.description["amqp"])
    channel = connection.channel()
    channel.confirm_select()
    yield channel
    broker.close(connection)


@pytest.fixture
def operate(stack):
    """operate("list") runs the operators' command on booking's dead letters."""
    command = [sys.executable, "-m", "deploy.local", "with", sys.executable, "-m",
               "services.contracts.messaging.operations", "dead-letters"]  # fmt: skip

    def run(verb, *arguments):
        words = [*command, verb, "--reader", "booking", *arguments]
        environment = os.environ | {"STATE_DIR": str(stack.state_dir)}
        return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60, check=False)

    return run


def send(channel, exchange, message, event_id, key="PersonChanged"):
    body = message if isinstance(message, bytes) else json.dumps({"event_id": event_id} | message).encode()
    channel.basic_publish_confirm(amqp.Message(body, message_id=event_id, delivery_mode=2), exchange, key)


def test_poison_ends_in_the_dead_letters_and_holds_nobody_up(stack, api, slots, channel, operate):
    pids = stack.reread()["processes"]["booking"]
    sent = {name: str(uuid.uuid4()) for name in POISON}
    for name, message in POISON.items():
        send(channel, "", message, sent[name], "booking.facts")
    good, forged = str(uuid.uuid4()), str(uuid.uuid4())
    send(channel, "facts.facilities", FACT, forged)  # not for facilities to say
    send(channel, "facts.accounts", FACT, good)
    handled = "SELECT 1 FROM verify.inbox WHERE event_id = %s AND handled_at IS NOT NULL"
    until(lambda: stack.verify("booking", handled, good), 5)

    assert stack.reread()["processes"]["booking"] == pids
    assert api("member26").reserve("LAB-3", slots("LAB-3"), team="team-26").status_code == 201

    listed = operate("list")
    assert listed.returncode != 0  # something waits that should not
    assert [name for name, event_id in sent.items() if event_id not in listed.stdout] == []
    assert forged in listed.stdout
    shown = operate("show", "--event", forged).stdout
    assert "rejected" in shown
    assert "nobody" in shown

    assert operate("redrive", "--event", forged).returncode == 0  # by an operator it may be said
    until(lambda: stack.verify("booking", handled, forged), 5)
    assert operate("discard", "--event", sent.pop("a pickle")).returncode == 0
    left = [letter.message_id for letter in iter(lambda: channel.basic_get("booking.dead", no_ack=True), None)]
    assert set(sent.values()) <= set(left)
    assert operate("list").returncode == 0
    until(lambda: channel.basic_get("notify.dead", no_ack=True), 5)  # it read the forged one as well
