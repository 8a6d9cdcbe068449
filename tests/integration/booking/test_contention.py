"""Rivals on PostgreSQL: the store, and who wins when several act at once."""

import pytest

from services.booking import handlers
from services.contracts.commands import AllocateReservation, WithdrawReservation
from tests.integration.booking.service import Booking
from tests.unit.booking.contention_cases import ContentionCases
from tests.unit.booking.examples import HOUR, command, on, request
from tests.unit.booking.rival_examples import OTHERS, collecting
from tests.unit.booking.test_quotas import quota

SPAN = on(3, 10, 12)
DECISION = SPAN.starts_at - 24 * HOUR
TEAMS = {"ann": "red", "dan": "green", "eve": "gold", "cyd": "blue"}
STATES = "SELECT state, count(*) FROM reservations GROUP BY state"


class TestInPostgres(ContentionCases):
    @pytest.fixture
    def run(self, database_for):
        booking = Booking(database_for("booking"))
        yield lambda step: booking.run(lambda uow, now: step(uow))
        booking.engine.dispose()


@pytest.fixture(autouse=True)
def no_deadlock(booking):
    yield
    (counted,) = booking.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert counted.deadlocks == 0


@pytest.fixture
def tell(booking):
    def told(*facts):
        for fact in facts:
            booking.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))

    told(collecting(), *OTHERS)
    return told


@pytest.fixture
def ask(booking, tell):
    def asked(actor, span=SPAN, **fields):
        message = request(actor, span, **{"team": TEAMS[actor], **fields})
        return booking.give(handlers.request_reservation, message)

    return asked


def allocate(booking, answer, actor="mia", reason="so"):
    message = command(
        AllocateReservation, actor, reservation=answer["id"], version=answer["version"], reason=reason)
    return booking.give(handlers.allocate_reservation, message)


def withdraw(booking, actor, answer):
    return booking.give(handlers.withdraw_reservation, command(WithdrawReservation, actor, reservation=answer["id"]))


def decide(booking):
    return booking.run(handlers.allocate_due)


def states(booking):
    return dict(booking.rows(STATES))


def test_two_managers_give_one_time_to_two_rivals_and_one_wins(booking, ask, at_once):
    answers = [ask(actor) for actor in ("ann", "dan", "eve")]
    outcome = at_once([
        lambda answer=answer, actor=actor: allocate(booking, answer, actor)
        for answer, actor in zip(answers, ("mia", "bea", "ada"), strict=True)
    ])
    assert outcome == {"done": 1, "wrong_state": 2} or outcome == {"done": 1, "stale_version": 2}
    assert states(booking) == {"approved": 1, "rejected": 2}


def test_one_is_withdrawn_while_it_is_given_the_time(booking, ask, at_once):
    for number in range(3):
        answer, other = ask("ann", on(2 + number, 10, 12)), ask("dan", on(2 + number, 10, 12))
        outcome = at_once([lambda: allocate(booking, answer), lambda: withdraw(booking, "ann", answer)])  # noqa: B023
        assert outcome["done"] == 1
        found = dict(booking.rows("SELECT reservation::text, state FROM reservations"))
        if found[answer["id"]] == "withdrawn":
            assert found[other["id"]] == "competing", "nothing was given, so nobody was passed over"
        else:
            assert (found[answer["id"]], found[other["id"]]) == ("approved", "rejected")


def test_many_ask_while_it_is_decided_and_the_time_is_given_once(booking, ask, at_once):
    first, other = ask("ann"), ask("dan")
    booking.now = DECISION
    calls = [lambda actor=actor: ask(actor) for actor in ("eve", "cyd", "eve", "dan")]
    outcome = at_once([*calls, lambda: decide(booking), lambda: decide(booking)])
    assert outcome == {"slot_taken": 4, "done": 2}
    assert states(booking) == {"requested": 1, "rejected": 1}
    assert {first["state"], other["state"]} == {"competing"}


def test_just_before_the_decision_nobody_who_joins_is_left_behind(booking, ask, at_once):
    """A request that is collected while a manager decides is either passed over or refused."""
    first = ask("ann")
    outcome = at_once([lambda: allocate(booking, first), *(
        lambda actor=actor: ask(actor) for actor in ("dan", "eve", "cyd"))])
    assert outcome["done"] + outcome["slot_taken"] + outcome["not_allowed"] == 4
    found = states(booking)
    assert (found.get("approved", 0) == 1 and "competing" not in found) or outcome["not_allowed"] == 1


def test_what_is_due_is_decided_once_by_many_workers(booking, ask, at_once):
    for hour in (8, 12, 16):
        for actor in ("ann", "dan", "eve"):
            ask(actor, on(3, hour, hour + 2))
    booking.now = on(3, 16, 18).starts_at - 24 * HOUR
    assert at_once([lambda: decide(booking)] * 6) == {"done": 6}
    assert states(booking) == {"requested": 3, "rejected": 6}
    assert decide(booking) == 0


def test_a_decision_that_breaks_off_changes_nothing_and_is_taken_up_again(booking, ask):
    answers = [ask(actor) for actor in ("ann", "dan")]
    booking.now = DECISION

    def fails(uow, now):
        handlers.allocate_due(uow, now)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        booking.run(fails)
    assert states(booking) == {"competing": len(answers)}
    assert decide(booking) == 1
    assert states(booking) == {"requested": 1, "rejected": 1}


def test_draws_and_requests_of_the_same_companies_elsewhere_never_wait_for_each_other(booking, ask, tell, at_once):
    tell(collecting("draw", version=3), quota(scope="company", limit=2400), quota("T", limit=2400))
    for day in (3, 4):
        for actor in ("ann", "dan", "eve"):
            ask(actor, on(day, 10, 12))
    booking.now = on(4, 10, 12).starts_at - 24 * HOUR
    elsewhere = [
        lambda actor=actor, number=number: ask(actor, on(5, 8 + 2 * number, 9 + 2 * number), facility="LAB-1")
        for number in range(3) for actor in ("ann", "dan", "eve")
    ]
    outcome = at_once([lambda: decide(booking), *elsewhere, lambda: decide(booking)])
    assert outcome == {"done": 11}
    drawn = booking.rows("SELECT weight, key, won FROM draw_entries")
    assert all(0 < each.key < 1 for each in drawn)
    assert sum(each.won for each in drawn) == 2
