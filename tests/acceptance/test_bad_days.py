"""Killed processes, a stopped broker, a stopped database: what was accepted is there once, and is told."""

import contextlib
import itertools
import os
import signal
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest

from tests.waiting import until

REQUESTS = int(os.environ.get("KILL_REQUESTS", "160"))
MISSING_FACT = """
    SELECT o.reservation_id FROM verify.occupancy o
     WHERE NOT EXISTS (SELECT 1 FROM verify.outbox f WHERE f.aggregate_id = o.reservation_id::text)"""
GAPS = """
    SELECT aggregate_id FROM verify.outbox WHERE aggregate_type = 'reservation'
     GROUP BY aggregate_id HAVING max(version) <> count(*) OR min(version) <> 1"""
UNSENT = "SELECT 1 FROM verify.outbox WHERE sent_at IS NULL"
FACTS = "SELECT event_id FROM verify.outbox WHERE aggregate_id = ANY(%s)"
OPEN = """
    SELECT 1 FROM verify.deliveries
     WHERE event_id::text = ANY(%s) AND state NOT IN ('accepted', 'dead', 'skipped')"""
HANDLED = "SELECT event_id FROM verify.inbox WHERE event_id = ANY(%s::uuid[]) AND handled_at IS NOT NULL"
UNHANDLED = "SELECT 1 FROM verify.inbox WHERE handled_at IS NULL OR parked"


@pytest.fixture
def facility(api):
    """A facility with several units, so that many reservations find room."""
    return "LAB-1"


def spans(slots, facility, count):
    start, _ = slots(facility, 60, after_days=20)
    return [(start + timedelta(hours=2 * step), start + timedelta(hours=2 * step + 1)) for step in range(count)]


class Load:
    """Requests from eight people; each unknown outcome is settled by repeating it with the same key."""

    def __init__(self, stack, facility, wanted):
        self.stack = stack
        self.facility = facility
        self.wanted = wanted
        self.accepted: dict[str, str] = {}
        self.askers: dict[str, httpx.Client] = {}
        self.refused: list[str] = []
        self.done = threading.Event()

    def one(self, number, span):
        person = 41 + number % 8
        client, key = self.stack.api(f"member{person}"), uuid.uuid4().hex
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            try:
                response = client.reserve(self.facility, span, team=f"team-{person}", key=key)
            except httpx.HTTPError:
                time.sleep(0.1)  # the portal itself may be the one that was killed
                continue
            if response.status_code == 201:
                self.accepted[key] = response.json()["id"]
                self.askers[response.json()["id"]] = client
                return
            if response.status_code < 500 and response.status_code != 429:
                self.refused.append(response.text)
                return
            time.sleep(0.1)
        self.refused.append("never settled")

    def withdraw(self):
        """No other test shall meet a queue as long as this."""
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda each: self.askers[each].step(each, "withdraw"), self.accepted.values()))

    def run(self):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(self.one, itertools.count(), self.wanted))
        self.done.set()


def check_ledger(stack, verify, load):
    """Every accepted reservation is there once, has its facts without a gap, and its messages."""
    assert load.refused == []
    ids = list(load.accepted.values())
    assert len(set(ids)) == len(load.wanted)
    stored = verify(
        "booking", "SELECT reservation_id::text AS id FROM verify.occupancy WHERE reservation_id::text = ANY(%s)", ids
    )
    assert sorted(row["id"] for row in stored) == sorted(ids)
    assert verify("booking", MISSING_FACT) == []
    assert verify("booking", GAPS) == []
    until(lambda: not verify("booking", UNSENT), 60)
    facts = {row["event_id"] for row in verify("booking", FACTS, ids)}
    until(lambda: facts == {row["event_id"] for row in verify("notify", HANDLED, list(facts))}, 120)
    until(lambda: not verify("notify", UNHANDLED), 60)
    until(lambda: not verify("notify", OPEN, list(facts)), 120)


def test_every_process_is_killed_in_turn_under_load(stack, verify, slots, facility):
    load = Load(stack, facility, spans(slots, facility, REQUESTS))
    runner = threading.Thread(target=load.run)
    runner.start()
    victims = [name for name in stack.reread()["processes"] if name not in ("mailbox", "wechat")]
    for name in victims:
        for pid in stack.reread()["processes"][name]:
            os.kill(pid, signal.SIGKILL)
        until(lambda: is_ready(stack), 90, why=f"not ready again after {name} was killed")
    runner.join(180)
    assert load.done.is_set()
    check_ledger(stack, verify, load)
    load.withdraw()


def is_ready(stack):
    try:
        return httpx.get(f"{stack.portal}/readyz", timeout=3).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize("server", ["rabbitmq", "postgresql", "redis"])
def test_a_server_that_dies_and_comes_back(stack, verify, slots, facility, server):
    """503 within the deadline meanwhile, never a wrong 201, and all well afterwards without a hand."""
    pids = stack.reread().get("servers", {}).get(server)
    if not pids:
        pytest.fail(f"the stack does not say where {server} is")
    os.kill(pids[0], signal.SIGKILL)
    began = time.monotonic()
    answer = None
    with contextlib.suppress(httpx.HTTPError):
        answer = stack.api("member41").get(
            "board", params={"from": "2026-12-01T00:00:00Z", "to": "2026-12-02T00:00:00Z"}
        )
    assert time.monotonic() - began < 8
    assert answer is None or answer.status_code in (200, 503)
    until(lambda: is_ready(stack), 90, why=f"not ready again after {server} was killed")
    load = Load(stack, facility, spans(slots, facility, 16))
    load.run()
    check_ledger(stack, verify, load)
    load.withdraw()
