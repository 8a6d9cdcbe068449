"""Two people never win one slot, whatever happens at the same moment."""

import os
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

SINGLE = "PLAT-09"
"""Has one unit (deploy/base)."""
PLAIN = "LAB-9"
"""Has one unit, and no time to set up or clear down."""
ROUNDS = int(os.environ.get("RACE_ROUNDS", "30"))
OVERLAPS = """
    SELECT count(*) AS pairs FROM verify.occupancy a JOIN verify.occupancy b
        ON a.facility = b.facility AND a.unit = b.unit AND a.reservation_id < b.reservation_id
       AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
     WHERE a.held AND b.held"""


def at_once(calls):
    """Run all calls behind one barrier; returns their results."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def timed(call):
    def run():
        began = time.monotonic()
        return call(), time.monotonic() - began

    return run


def test_twenty_racers_one_winner(api, slots, verify, stack):
    """A01: exactly one 201 and nineteen 409 in every round, none slower than it may be."""
    people = [(api(f"member{number:02}"), f"team-{number:02}") for number in range(1, 21)]
    slowest = []
    for _ in range(ROUNDS):
        span = slots(SINGLE, 120)
        answers = at_once(
            [timed(lambda c=client, t=team, s=span: c.reserve(SINGLE, s, team=t)) for client, team in people]
        )
        codes = Counter(response.status_code for response, _ in answers)
        assert codes == {201: 1, 409: 19}, [
            response.text for response, _ in answers if response.status_code not in (201, 409)
        ]
        slowest += [seconds for _, seconds in answers]
        winner = next(response.json()["id"] for response, _ in answers if response.status_code == 201)
        state = next(response.json()["state"] for response, _ in answers if response.status_code == 201)
        owner = next(
            client for (client, _), (response, _) in zip(people, answers, strict=True) if response.status_code == 201
        )
        owner.step(winner, "withdraw" if state == "requested" else "cancel")
    assert verify("booking", OVERLAPS) == [{"pairs": 0}]
    print(f"p99 of {len(slowest)} answers: {sorted(slowest)[int(len(slowest) * 0.99)] * 1000:.0f} ms")


def test_touching_is_allowed_and_overlapping_is_not(api, slots, verify):
    """A02: half-open on a facility without buffers, else the buffers count."""
    member = api("member11")
    rules = member.get(f"facilities/{PLAIN}").json()
    assert (len(rules["units"]), rules["setup_minutes"], rules["cleardown_minutes"]) == (1, 0, 0)
    grid = timedelta(minutes=rules["granularity_minutes"])
    start, end = slots(PLAIN, 240)
    middle = start + (end - start) / 2
    middle = start + ((middle - start) // grid) * grid
    assert member.reserve(PLAIN, (start, middle), team="team-11").status_code == 201
    assert member.reserve(PLAIN, (middle - grid, end), team="team-11").status_code == 409
    assert member.reserve(PLAIN, (middle, end), team="team-11").status_code == 201
    assert verify("booking", OVERLAPS) == [{"pairs": 0}]


def test_two_approvers_at_once_change_it_once(api, slots, verify):
    """A05: one terminal state, the version grows by one, one fact."""
    for _ in range(5):
        reservation = api("member12").reserve("LAB-3", slots("LAB-3"), team="team-12").json()["id"]
        answers = at_once(
            [
                lambda r=reservation: api("manager-labs").step(r, "approve"),
                lambda r=reservation: api("base-manager").step(r, "reject", reason="设备校准"),
                lambda r=reservation: api("admin").step(r, "approve"),
            ]
        )
        assert sorted(response.status_code for response in answers) == [200, 409, 409]
        facts = verify(
            "booking", "SELECT version FROM verify.outbox WHERE aggregate_id = %s ORDER BY version", reservation
        )
        assert [row["version"] for row in facts] == [1, 2]


def test_the_slower_of_two_edits_is_told(api, slots):
    """A09: the same version twice: one wins, the other reads 409 and nothing of it is stored."""
    member = api("member13")
    made = member.reserve("LAB-3", slots("LAB-3"), team="team-13").json()
    spans = [slots("LAB-3"), slots("LAB-3")]
    answers = at_once(
        [
            lambda s=span: member.patch(
                f"reservations/{made['id']}",
                json={"version": made["version"], "starts_at": s[0].isoformat(), "ends_at": s[1].isoformat()},
            )
            for span in spans
        ]
    )
    assert sorted(response.status_code for response in answers) == [200, 409]
    assert {response.json().get("code") for response in answers if response.status_code == 409} == {"stale_version"}
    assert member.get(f"reservations/{made['id']}").json()["version"] == made["version"] + 1


def test_the_same_key_in_sequence_and_at_once(api, slots, verify):
    """A11, A13: one execution, the same answer each time."""
    member, key, span = api("member14"), uuid.uuid4().hex, slots("LAB-3")
    answers = at_once([lambda: member.reserve("LAB-3", span, team="team-14", key=key)] * 10)
    answers += [member.reserve("LAB-3", span, team="team-14", key=key) for _ in range(10)]
    assert {response.status_code for response in answers} == {201}
    assert len({response.content for response in answers}) == 1
    assert sum(response.headers.get("Idempotency-Replayed") == "true" for response in answers) == 19
    assert len(verify("booking", "SELECT 1 FROM verify.processed WHERE request_key = %s", key)) == 1


def test_the_same_key_with_another_body_or_person(api, slots):
    """A12: refused for the same person, independent for another."""
    key, first, second = uuid.uuid4().hex, slots("LAB-3"), slots("LAB-3")
    assert api("member15").reserve("LAB-3", first, team="team-15", key=key).status_code == 201
    reused = api("member15").reserve("LAB-3", second, team="team-15", key=key)
    assert (reused.status_code, reused.json()["code"]) == (422, "request_key_reused")
    assert api("member16").reserve("LAB-3", second, team="team-16", key=key).status_code == 201


@pytest.mark.parametrize("key", ["x" * 256, "", "two words", "caf\u00e9", "tab\there"])
def test_a_bad_key_is_refused(api, slots, key):
    response = api("member17").post(
        "reservations", headers={"Idempotency-Key": key.encode("latin-1", "replace")}, json={}
    )
    assert response.status_code in (400, 422)
    assert response.json()["code"] == "invalid_input"
