"""Asks between teams on PostgreSQL: races, and that nothing of the other side is ever answered."""

from collections import Counter

import pytest

from services.booking import handlers, queries
from services.contracts.commands import (
    AcceptAsk,
    ApproveReservation,
    AskHolder,
    CancelReservation,
    DeclineAsk,
    MoveReservation,
    WithdrawAsk,
)
from services.contracts.errors import InvalidInput, NotFound
from services.contracts.messaging import encoding
from tests.integration.booking.service import Booking
from tests.unit.booking.examples import NOW, at, command, on, person, team
from tests.unit.booking.swap_cases import SwapCases

HANDLERS = {AcceptAsk: handlers.accept_ask, DeclineAsk: handlers.decline_ask, WithdrawAsk: handlers.withdraw_ask}


class TestInPostgres(SwapCases):
    @pytest.fixture
    def run(self, database_for):
        booking = Booking(database_for("booking"))
        yield lambda step: booking.run(lambda uow, now: step(uow))
        booking.engine.dispose()


@pytest.fixture(autouse=True)
def whole(request):
    """No dead-lock, and every version of an ask has told its fact."""
    if "booking" not in request.fixturenames:
        yield
        return
    booking = request.getfixturevalue("booking")
    yield
    (counted,) = booking.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert counted.deadlocks == 0
    assert booking.rows("""
        SELECT a.ask FROM asks a WHERE ARRAY(SELECT generate_series(1, a.version)) <> ARRAY(
               SELECT aggregate_version FROM outbox WHERE aggregate_id = a.ask::text ORDER BY 1)""") == []


@pytest.fixture
def take(booking):
    def take(actor, span, facility="LAB-3", **fields):
        made = booking.ask(actor, span, facility, **fields)
        return booking.step(ApproveReservation, "bea", made) if made["state"] == "requested" else made

    return take


@pytest.fixture
def swap(booking):
    def swap(mine, theirs, actor="ann", **fields):
        slot = {name: theirs[name] for name in ("facility", "unit", "starts_at")}
        asked = {"kind": "swap", "reservation": mine["id"]} if mine else {"kind": "give_way"}
        return booking.give(handlers.ask_holder, command(AskHolder, actor, **slot | asked | fields))

    return swap


@pytest.fixture
def answer(booking):
    return lambda kind, actor, asked, **fields: booking.give(
        HANDLERS[kind], command(kind, actor, ask=asked["id"], **fields))


def places(booking, *reservations):
    found = {str(row[0]): tuple(row[1:]) for row in booking.rows(
        "SELECT reservation, facility, starts_at, state FROM reservations")}
    return [found[each["id"]] for each in reservations]


def test_two_who_accept_at_once_exchange_once(booking, take, swap, answer, at_once):
    for day in (1, 2, 3):
        mine, theirs = take("ann", on(day, 9, 11)), take("cyd", on(day, 14, 16), "LAB-4")
        asked = swap(mine, theirs)
        outcome = at_once([lambda asked=asked, actor=actor: answer(AcceptAsk, actor, asked)
                           for actor in ("cyd", "mia", "cyd", "mia")])
        assert outcome == {"done": 1, "wrong_state": 3}
        assert [each[:2] for each in places(booking, mine, theirs)] == [("LAB-4", at(day, 14)), ("LAB-3", at(day, 9))]


def test_accepting_against_cancelling_and_moving_of_either_side(booking, take, swap, answer, at_once):
    """Either the exchange is whole, and the step finds its reservation elsewhere, or it is not made at all."""
    ends = Counter()
    for day in range(1, 5):
        mine, theirs = take("ann", on(day, 9, 11)), take("cyd", on(day, 14, 16))
        asked = swap(mine, theirs)
        outcome = at_once([
            lambda asked=asked: answer(AcceptAsk, "cyd", asked),
            lambda mine=mine: booking.step(CancelReservation, "ann", mine, version=2),
            lambda theirs=theirs, day=day: booking.step(
                MoveReservation, "mia", theirs, version=2, starts_at=at(day, 17), ends_at=at(day, 19)),
            lambda asked=asked: answer(DeclineAsk, "mia", asked),
            lambda: booking.run(handlers.lapse_asks),
        ])
        (state,) = booking.rows("SELECT state FROM asks WHERE ask = %s", asked["id"])[0]
        ends[state] += 1
        first, second = (each[1] for each in places(booking, mine, theirs))
        if state == "accepted":
            assert (first, second) == (at(day, 14), at(day, 9))
            assert outcome["stale_version"] == 2
        else:
            assert first == at(day, 9)
            assert second in (at(day, 14), at(day, 17))
    booking.run(handlers.lapse_asks)
    assert ends.total() == 4


def test_of_two_asks_for_one_time_one_is_accepted(booking, take, swap, answer, at_once):
    for fact in (person("gus"), team("green", "gus")):
        booking.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))
    for day in (1, 2, 3):
        mine, theirs = take("ann", on(day, 9, 11)), take("cyd", on(day, 14, 16))
        wish = {"purpose": "85 ℃", "wished_from": at(day, 14), "wished_until": at(day, 16), "team": "green"}
        asks = [swap(mine, theirs), swap(None, theirs, "gus", **wish)]
        assert at_once([
            lambda asked=asked, actor=actor: answer(AcceptAsk, actor, asked)
            for asked in asks for actor in ("cyd", "mia")
        ]) == {"done": 1, "wrong_state": 3}
        booking.run(handlers.lapse_asks)
        states = booking.rows("SELECT state FROM asks WHERE holder = %s ORDER BY 1", theirs["id"])
        assert states == [("accepted",), ("lapsed",)]


def test_swaps_in_both_directions_across_facilities(booking, take, swap, answer, at_once):
    """Both lock the same reservations and units, each from its own end."""
    calls = []
    for day in (1, 2, 3):
        ann, cyd = take("ann", on(day, 9, 11), "LAB-3"), take("cyd", on(day, 14, 16), "LAB-4")
        there, back = swap(ann, cyd), swap(cyd, ann, "cyd")
        calls += [lambda there=there: answer(AcceptAsk, "cyd", there), lambda back=back: answer(AcceptAsk, "ann", back)]
    assert at_once(calls) == {"done": 3, "wrong_state": 3}
    booking.run(handlers.lapse_asks)


def test_a_team_that_asks_many_times_at_once_asks_three_times(booking, take, swap, at_once):
    mine = take("ann", on(1, 9, 11))
    theirs = [take("cyd", on(day, 14, 16)) for day in (1, 2, 3, 4)]
    outcome = at_once([lambda each=each, actor=actor: swap(mine, each, actor)
                       for each in theirs for actor in ("ann", "bob")])
    assert outcome == {"done": 3, "invalid_input": 5}


def test_two_workers_end_each_once(booking, take, swap, at_once):
    mine = take("ann", on(1, 9, 11))
    for day in (1, 2, 3):
        swap(mine, take("cyd", on(day, 14, 16)))
    booking.now = at(1, 9)
    ended = []
    at_once([lambda: ended.append(booking.run(handlers.lapse_asks))] * 4)
    assert sum(ended) == 3
    assert booking.run(handlers.lapse_asks) == 0


# what is answered


def test_each_side_sees_its_own_places_and_nothing_of_the_other(booking, take, swap, answer):
    mine = take("ann", on(1, 9, 10), project="red-p", purpose="secret of red")
    theirs = take("cyd", on(1, 14, 16), purpose="secret of blue")
    asked = swap(mine, theirs, note="Our wafers come at noon.")
    sides = {}
    for actor in ("ann", "cyd"):
        (listed,) = booking.query(queries.asks, now=NOW, actor=actor)["items"]
        one = booking.query(queries.ask, now=NOW, actor=actor, ask=asked["id"])
        assert one == listed | {"alternatives": []}
        sides[actor] = one
    lab = {"facility": "LAB-3", "unit": "A"}
    assert (sides["ann"]["before"], sides["ann"]["after"]) == (
        lab | on(1, 9, 10)._asdict(), lab | on(1, 14, 15)._asdict())
    assert (sides["cyd"]["before"], sides["cyd"]["after"]) == (
        lab | on(1, 14, 16)._asdict(), lab | on(1, 9, 11)._asdict())
    assert (sides["ann"]["side"], sides["ann"]["allowed_actions"]) == ("asking", ["withdraw"])
    assert (sides["cyd"]["side"], sides["cyd"]["allowed_actions"]) == ("asked", ["accept", "decline"])
    assert (sides["ann"]["reservation"], sides["cyd"]["reservation"]) == (mine["id"], theirs["id"])
    answer(AcceptAsk, "cyd", asked)
    for actor, secrets in (("ann", ("cyd", "blue", theirs["id"])), ("cyd", ("ann", "red", mine["id"]))):
        own = {"ann": mine, "cyd": theirs}[actor]
        answers = [
            sides[actor], booking.query(queries.asks, now=NOW, actor=actor),
            booking.query(queries.reservation, now=NOW, actor=actor, reservation=own["id"]),
        ]
        text = encoding.dumps(answers).decode()
        assert [secret for secret in secrets if f'"{secret}"' in text or f"of {secret}" in text] == []


def test_the_answer_to_who_accepts_names_the_own_reservation_only(booking, take, swap, answer):
    theirs = take("cyd", on(1, 14, 16))
    wish = {"purpose": "85 ℃", "team": "red", "wished_from": at(1, 14), "wished_until": at(1, 16)}
    told = answer(AcceptAsk, "cyd", swap(None, theirs, **wish))
    (made,) = booking.rows("SELECT reservation::text FROM reservations WHERE team = 'red'")
    assert told["reservation"]["id"] == theirs["id"]
    assert made.reservation not in encoding.dumps(told).decode()
    (item,) = booking.query(queries.asks, now=NOW, actor="ann")["items"]
    assert (item["reservation"], item["state"]) == (made.reservation, "accepted")


def test_who_is_asked_to_give_way_is_told_where_else_to_go(booking, take, swap, answer):
    theirs = take("cyd", on(1, 14, 16))
    take("bob", on(1, 17, 18))
    wish = {"purpose": "85 ℃", "team": "red", "wished_from": at(1, 13), "wished_until": at(1, 15)}
    asked = swap(None, theirs, **wish)
    ways = booking.query(queries.ask, now=NOW, actor="cyd", ask=asked["id"])["alternatives"]
    assert {each["why"] for each in ways} == {"earlier", "later", "equivalent_facility"}
    assert booking.query(queries.ask, now=NOW, actor="ann", ask=asked["id"])["alternatives"] == []
    way = {name: ways[0][name] for name in ("facility", "unit", "starts_at", "ends_at")}
    assert answer(AcceptAsk, "cyd", asked, **way)["state"] == "accepted"


def test_asks_are_there_for_the_two_teams_only(booking, take, swap, answer):
    mine, theirs = take("ann", on(1, 9, 10)), take("cyd", on(1, 14, 16))
    asked = swap(mine, theirs)
    for actor in ("bea", "max", "ada"):
        assert booking.query(queries.asks, now=NOW, actor=actor)["items"] == []
        with pytest.raises(NotFound):
            booking.query(queries.ask, now=NOW, actor=actor, ask=asked["id"])
    with pytest.raises(NotFound):
        booking.query(queries.ask, now=NOW, actor="ann", ask="no id")
    counts = {actor: booking.query(queries.asks_count, now=NOW, actor=actor)["count"] for actor in ("ann", "mia")}
    assert counts == {"ann": 0, "mia": 1}
    about = {each["id"]: booking.query(queries.asks, now=NOW, actor="ann", reservation=each["id"])["items"]
             for each in (mine, theirs)}
    assert [len(about[each["id"]]) for each in (mine, theirs)] == [1, 0]
    assert [len(booking.query(queries.asks, now=NOW, actor="cyd", state=state)["items"])
            for state in ("open", "ended", "all")] == [1, 0, 1]
    assert booking.query(queries.asks, now=at(1, 9), actor="cyd", state="open")["items"] == []
    assert booking.query(queries.ask, now=at(1, 9), actor="cyd", ask=asked["id"])["state"] == "lapsed"
    with pytest.raises(InvalidInput):
        booking.query(queries.asks, now=NOW, actor="cyd", state="odd")
