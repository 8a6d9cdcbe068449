"""What is told of rivals: all of it to who decides, to rivals their number and their own sum, to others nothing."""

from datetime import timedelta

import pytest

from services.booking import handlers, queries
from services.booking.domain.contention.drawing import fingerprint_of, key_of
from services.contracts.commands import AllocateReservation
from services.contracts.errors import NotFound
from services.contracts.messaging import encoding
from tests.unit.booking.examples import HOUR, NOW, command, on, request
from tests.unit.booking.rival_examples import OTHERS, collecting

SPAN = on(3, 10, 12)
DECISION = SPAN.starts_at - 24 * HOUR
TEAMS = {"ann": "red", "dan": "green", "eve": "gold"}
SECRETS = {"dan": "copper paste", "ann": "silver film"}


@pytest.fixture
def base(booking):
    def told(*facts):
        for fact in facts:
            booking.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))

    told(collecting(), *OTHERS)
    booking.tell = told
    return booking


def ask(base, actor, span=SPAN, **fields):
    """One after the other, a second apart, so that the order of equals is known."""
    base.now += timedelta(seconds=1)
    message = request(actor, span, **{"team": TEAMS[actor], "purpose": SECRETS.get(actor, "p"), **fields})
    return base.give(handlers.request_reservation, message)


def explained(base, actor, answer):
    return base.query(queries.explanation, now=base.now, actor=actor, reservation=answer["id"])


def is_silent(told, *others):
    """Whether nothing of other teams is in an answer."""
    text = encoding.dumps(told).decode()
    return not any(word in text for word in ("green", "dan", "copper", "C2", *others))


def test_a_group_is_told_with_the_time_that_its_teams_ask_for(base):
    base.tell(collecting(version=3, setup_minutes=30, cleardown_minutes=30))
    ask(base, "ann")
    [group] = base.query(queries.contention, now=NOW, actor="mia")["items"]
    assert (group["starts_at"], group["ends_at"]) == (SPAN.starts_at, SPAN.ends_at)


def test_who_decides_sees_them_ranked_with_their_sums(base):
    first, second = ask(base, "ann", needed_by="2026-11-27"), ask(base, "dan")
    [group] = base.query(queries.contention, now=NOW, actor="mia")["items"]
    assert (group["facility"], group["allocation"], group["rivals"], group["contended"], group["decided_at"]) == (
        "LAB-3", "manager", 1, True, DECISION)
    assert [(each["id"], each["rank"], each["gets_room"]) for each in group["items"]] == [
        (first["id"], 1, True), (second["id"], 2, False)]
    assert all("allocate" in each["allowed_actions"] for each in group["items"])
    assert group["items"][0]["total"] == pytest.approx(
        sum(part["points"] for part in group["items"][0]["parts"]), abs=0.01)
    assert base.query(queries.contention_count, actor="mia") == {"count": 2}
    for actor in ("max", "ann"):
        assert base.query(queries.contention, now=NOW, actor=actor) == {"items": []}
        assert base.query(queries.contention_count, actor=actor) == {"count": 0}


def test_a_rival_sees_the_number_of_others_and_its_own_sum(base):
    own, other = ask(base, "ann"), ask(base, "dan")
    told = explained(base, "ann", own)
    assert (told["competing"]["rivals"], told["competing"]["by"], told["competing"]["decided_at"]) == (
        1, "manager", DECISION)
    assert "rank" not in encoding.dumps(told["competing"]).decode()
    assert is_silent(told, other["id"])
    with pytest.raises(NotFound):
        explained(base, "dan", own)


def test_who_lost_reads_why_and_nothing_of_who_won(base):
    own, other = ask(base, "ann"), ask(base, "dan")
    message = command(AllocateReservation, "mia", reservation=other["id"], version=1, reason="the audit")
    base.give(handlers.allocate_reservation, message)
    told = explained(base, "ann", own)
    kept = told["decisions"][-1]["basis"]["contention"]
    assert (told["state"], kept["by"], kept["rank"], kept["of"], kept["winner"]["rank"]) == (
        "rejected", "manager", 1, 2, 2)
    assert is_silent(told, other["id"])
    detail = base.query(queries.reservation, now=NOW, actor="ann", reservation=own["id"])
    assert is_silent(detail, other["id"])
    facts = base.rows("SELECT body::text FROM outbox WHERE aggregate_id = %s", own["id"])
    assert all(is_silent(each.body, other["id"]) for each in facts)


def test_the_board_tells_how_many_ask_and_whose_only_of_ones_own(base):
    own = ask(base, "ann")
    ask(base, "dan", on(3, 11, 13))
    times = {name: instant.isoformat() for name, instant in on(0, 0, 24 * 7)._asdict().items()}
    board = base.query(queries.board, actor="ann", **times)["items"]
    assert [(each["state"], each.get("id"), each.get("requests")) for each in board] == [
        ("competing", own["id"], None), ("competing", None, 2)]
    assert is_silent(board)
    assert len(base.query(queries.board, actor="mia", **times)["items"]) == 2
    [nothing] = base.query(queries.board, actor="eve", **times)["items"]
    assert (nothing["requests"], nothing["mine"], "id" in nothing) == (2, False, False)


def test_a_draw_tells_its_fingerprint_first_and_its_seed_when_all_is_decided(base):
    base.tell(collecting("draw", version=3))
    answers = [ask(base, actor) for actor in ("ann", "dan", "eve")]
    ticket = explained(base, "ann", answers[0])["competing"]["draw"]
    assert ticket["entry"] == 1
    before = base.query(queries.draw, actor="eve", draw=ticket["draw"])
    assert (before["open"], before["seed"], before["fingerprint"]) == (True, None, ticket["fingerprint"])
    assert [each["entry"] for each in before["entries"]] == [1, 2, 3]
    [group] = base.query(queries.contention, now=NOW, actor="mia")["items"]
    assert {(each["rank"], each["weight"]) for each in group["items"]} == {(None, 1.0)}
    assert all("allocate" not in each["allowed_actions"] for each in group["items"])
    base.now = DECISION
    base.run(handlers.allocate_due)
    after = base.query(queries.draw, actor="eve", draw=ticket["draw"])
    assert fingerprint_of(after["seed"]) == ticket["fingerprint"]
    assert [each["won"] for each in after["entries"]] == [True, False, False]
    for each in after["entries"]:
        assert each["key"] == key_of(after["seed"], each["entry"], each["weight"])
    assert is_silent(after)
