"""Two people never win one slot, nobody loses a step, and nobody sees a dead-lock."""

from collections import Counter

import pytest

from services.booking import handlers
from services.booking.domain.units import SlotHeld
from services.booking.storage.repository import Reservations
from services.contracts.commands import (
    ApproveReservation,
    CancelReservation,
    MoveReservation,
    RejectReservation,
    WithdrawReservation,
)
from services.contracts.errors import RuleBroken, SlotTaken
from tests.unit.booking.examples import DAY, HOUR, NOW, away, lab_1, on, person, request, team
from tests.unit.booking.test_interruptions import interruption

RACERS = 20


@pytest.fixture(autouse=True)
def no_deadlock(booking):
    yield
    (counted,) = booking.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert counted.deadlocks == 0


def test_twenty_on_one_slot(booking, at_once):
    for day in (1, 2, 3, 4):
        racers = [lambda day=day: booking.ask("ann", on(day, 10, 12))] * RACERS
        assert at_once(racers) == {"done": 1, "slot_taken": RACERS - 1}


def test_twenty_on_four_chambers(booking, at_once):
    racers = [lambda: booking.ask("ann", on(1, 10, 12), "LAB-1")] * RACERS
    assert at_once(racers) == {"done": 4, "slot_taken": RACERS - 4}


def test_twenty_that_overlap_in_part(booking, at_once):
    """Buffers too: of half-hourly starts, no two that are held are nearer than the clear-down and the set-up."""
    booking.now = NOW - HOUR
    racers = [lambda start=8 + step / 2: booking.ask("ann", on(1, start, start + 1)) for step in range(RACERS)]
    outcome = at_once(racers)
    assert outcome["done"] + outcome["slot_taken"] == RACERS
    assert 4 <= outcome["done"] <= 7


def test_every_loser_is_offered_something(booking, at_once):
    offered = []

    def ask():
        try:
            booking.ask("cyd", on(2, 10, 12))
        except SlotTaken as refusal:
            offered.append(len(refusal.facts["alternatives"]))

    at_once([ask] * 8)
    assert offered == [5] * 7


def test_two_decisions_at_once(booking, at_once):
    for day in (1, 2, 3, 4):
        asked = booking.ask("ann", on(day, 10, 12))
        outcome = at_once([
            lambda asked=asked: booking.step(ApproveReservation, "mia", asked),
            lambda asked=asked: booking.step(RejectReservation, "bea", asked, reason="calibration"),
            lambda asked=asked: booking.step(WithdrawReservation, "ann", asked),
        ])
        assert outcome == {"done": 1, "wrong_state": 2}


def test_two_moves_from_one_version(booking, at_once):
    asked = booking.ask()
    outcome = at_once([
        lambda day=day: booking.step(MoveReservation, "ann", asked, version=1, **on(day, 10, 12)._asdict())
        for day in (2, 3)
    ])
    assert outcome == {"done": 1, "stale_version": 1}


def test_a_move_and_a_request_for_one_slot(booking, at_once):
    for day in (1, 2, 3, 4):
        asked = booking.ask("ann", on(day, 8, 9))
        outcome = at_once([
            lambda asked=asked, day=day: booking.step(
                MoveReservation, "ann", asked, version=1, **on(day, 14, 16)._asdict()),
            lambda day=day: booking.ask("cyd", on(day, 15, 17)),
        ])
        assert outcome == {"done": 1, "slot_taken": 1}


def test_moves_across_facilities_in_both_directions(booking, at_once):
    there = [booking.ask("ann", on(day, 8, 9), "LAB-3") for day in (1, 2, 3, 4)]
    back = [booking.ask("cyd", on(day, 8, 9), "LAB-4") for day in (1, 2, 3, 4)]
    outcome = at_once([
        lambda number=number, each=each, actor=actor, facility=facility: booking.step(
            MoveReservation, actor, each, version=1, facility=facility, **on(number + 1, 14, 16)._asdict())
        for actor, facility, reservations in (("ann", "LAB-4", there), ("cyd", "LAB-3", back))
        for number, each in enumerate(reservations)
    ])
    assert outcome == {"done": 8}


def test_a_swap_is_refused_or_half_done_but_never_double(booking, at_once):
    ann, cyd = booking.ask("ann", facility="LAB-3"), booking.ask("cyd", facility="LAB-4")
    outcome = at_once([
        lambda: booking.step(MoveReservation, "ann", ann, version=1, facility="LAB-4"),
        lambda: booking.step(MoveReservation, "cyd", cyd, version=1, facility="LAB-3"),
    ])
    assert outcome == {"slot_taken": 2}


def test_an_approval_at_the_deadline(booking, at_once):
    for day in (5, 6, 7, 8):
        asked = booking.ask("ann", on(day, 10, 12), "LAB-1")
        booking.now = asked["decide_by"]
        outcome = at_once([
            lambda asked=asked: booking.step(ApproveReservation, "mia", asked),
            lambda: booking.run(handlers.expire_due),
        ])
        booking.run(handlers.expire_due)
        (row,) = booking.rows("SELECT state, version FROM reservations WHERE reservation = %s", asked["id"])
        assert row == ("expired" if outcome["wrong_state"] else "approved", 2)


def test_every_kind_of_end_at_once(booking, at_once):
    """Stage by stage and at the deadline: one ends it, each accepted change is one version, one line and one fact."""
    for fact in (person("lea"), person("bob", version=2), team("red", "ann", "bob", "lea", version=2, lead="lea"),
                 lab_1(version=2, approval="stages", stages=[{"by": "lead"}, {"by": "manager"}], escalation_hours=1),
                 person("mia", "facility_manager", manages=("LAB-1",), version=2),
                 person("max", "facility_manager", version=2)):
        booking.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))
    ends = Counter()
    for day in range(3, 15):
        booking.now = NOW
        asked = booking.ask("ann", on(day, 10, 12), "LAB-1")
        if day % 2:
            booking.step(ApproveReservation, "lea", asked)
        booking.now = asked["decide_by"]
        leave = person("mia", "facility_manager", manages=("LAB-1",), version=day, away=away("max"))
        at_once([
            *[lambda actor=actor, asked=asked: booking.step(ApproveReservation, actor, asked)
              for actor in ("lea", "mia", "max", "bea")],
            lambda asked=asked: booking.step(RejectReservation, "bea", asked, reason="calibration"),
            lambda asked=asked: booking.step(WithdrawReservation, "ann", asked),
            lambda: booking.run(handlers.expire_due), lambda: booking.run(handlers.expire_due),
            lambda leave=leave: booking.run(lambda uow, now: handlers.take_fact(leave, uow, now)),
        ])
        ends.update(ended(booking, asked))
    assert ends.total() == 12
    assert set(ends) <= {"approved", "rejected", "withdrawn", "requested"}


def ended(booking, asked):
    """The state it came to, of which history and facts tell once."""
    (row,) = booking.rows("SELECT state FROM reservations WHERE reservation = %s", asked["id"])
    told = booking.rows("""
        SELECT type FROM outbox WHERE aggregate_id = %s AND type IN (
            'ReservationApproved', 'ReservationRejected', 'ReservationWithdrawn', 'ReservationExpired')""", asked["id"])
    assert len(told) == (row.state != "requested")
    return [row.state]


def test_two_agree_at_once_at_one_stage(booking, at_once):
    """Of two managers who read the same version one has agreed; the other is told that it moved on."""
    stages = [{"by": "manager"}, {"by": "base"}]
    for fact in (lab_1(version=2, approval="stages", stages=stages),
                 person("max", "facility_manager", manages=("LAB-1",), version=2)):
        booking.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))
    for day in (3, 4, 5, 6):
        asked = booking.ask("ann", on(day, 10, 12), "LAB-1")
        outcome = at_once([
            lambda actor=actor, asked=asked: booking.step(ApproveReservation, actor, asked, version=1)
            for actor in ("mia", "max", "bea")
        ])
        assert outcome["done"] == 1
        assert set(outcome) <= {"done", "stale_version", "not_allowed"}


def test_two_workers_pass_everything_on_once(booking, at_once):
    booking.run(lambda uow, now: handlers.take_fact(lab_1(version=2, escalation_hours=2), uow, now))
    for day in range(3, 15):
        booking.ask("ann", on(day, 10, 12), "LAB-1")
    booking.now = NOW + DAY
    passed = []
    at_once([lambda: passed.append(booking.run(handlers.expire_due))] * 4)
    assert sum(passed) == 12
    assert booking.rows("SELECT DISTINCT state, awaits, version FROM reservations") == [("requested", "base", 2)]


def test_two_workers_expire_everything_once(booking, at_once):
    for day in range(1, 13):
        booking.ask("ann", on(day, 10, 12), "LAB-1")
    booking.now = NOW + 2 * DAY
    ended = []
    at_once([lambda: ended.append(booking.run(handlers.expire_due))] * 4)
    assert sum(ended) == 12


def test_cancelling_while_others_ask(booking, at_once):
    held = booking.ask("ann", facility="PLAT-05")
    booking.ask("ann", facility="PLAT-05")
    outcome = at_once([
        lambda: booking.step(CancelReservation, "ann", held), *[lambda: booking.ask("cyd", facility="PLAT-05")] * 5,
    ])
    assert outcome["done"] in (1, 2)
    assert outcome["done"] + outcome["slot_taken"] == 6


def test_one_key_many_times_at_once(booking, at_once):
    message = request("ann", facility="LAB-1")
    answers = []
    assert at_once([lambda: answers.append(booking.give(handlers.request_reservation, message))] * 10) == {"done": 10}
    assert len({answer["id"] for answer in answers}) == 1
    assert booking.rows("SELECT count(*) FROM reservations") == [(1,)]


def test_an_outage_and_requests_at_once(booking, at_once):
    """Whoever has the time is told of as hit, and whoever is not told of is refused: nobody falls between."""
    for day in (1, 2, 3, 4):
        told = interruption(on(day, 9, 14), code=f"I-{day}", facility="LAB-1")
        outcome = at_once([
            *[lambda day=day: booking.ask("ann", on(day, 10, 12), "LAB-1")] * 6,
            lambda told=told: booking.run(lambda uow, now: handlers.take_fact(told, uow, now)),
            *[lambda day=day: booking.ask("cyd", on(day, 10, 12), "LAB-1")] * 6,
        ])
        hits = "SELECT body::json -> 'data' -> 'hits' FROM outbox WHERE aggregate_id = %s"
        ((fact,),) = booking.rows(hits, told.interruption)
        asked = "SELECT reservation::text FROM reservations WHERE starts_at = %s"
        held = booking.rows(asked, on(day, 10, 12).starts_at)
        assert {each["reservation"] for each in fact} == {row[0] for row in held}
        assert outcome["done"] == len(held) + 1
        assert outcome["done"] + outcome["slot_taken"] + outcome["rule_broken"] == 13
        with pytest.raises(RuleBroken):
            booking.ask("ann", on(day, 10, 12), "LAB-1")


def test_a_closure_and_moves_in_both_directions_at_once(booking, at_once):
    """A closure locks the units of all facilities, in the one order."""
    there = [booking.ask("ann", on(day, 8, 9), "LAB-3") for day in (1, 2, 3, 4)]
    back = [booking.ask("cyd", on(day, 8, 9), "LAB-4") for day in (1, 2, 3, 4)]
    closures = [
        interruption(on(day, 0, 24), code=f"I-{day}", facility=None, kind="closure") for day in (6, 7, 8)
    ]
    outcome = at_once([
        *[lambda told=told: booking.run(lambda uow, now: handlers.take_fact(told, uow, now)) for told in closures],
        *[lambda number=number, each=each, actor=actor, facility=facility: booking.step(
            MoveReservation, actor, each, version=1, facility=facility, **on(number + 1, 14, 16)._asdict())
          for actor, facility, reservations in (("ann", "LAB-4", there), ("cyd", "LAB-3", back))
          for number, each in enumerate(reservations)],
    ])
    assert outcome == {"done": 11}


def test_under_the_lock_the_constraint_is_never_needed(booking, at_once, monkeypatch):
    """What is read under the lock is what the winner wrote, although the reading waited for it."""
    needed = []
    refuse = Reservations.claim

    def claim(self, statement, values):
        try:
            refuse(self, statement, values)
        except SlotHeld:
            needed.append(values)
            raise

    monkeypatch.setattr(Reservations, "claim", claim)
    for day in (1, 2, 3, 4):
        at_once([lambda day=day: booking.ask("ann", on(day, 10, 12))] * RACERS)
    assert needed == []


def test_the_constraint_has_the_last_word(booking):
    """Blind for what is held, as a mistake in the code would be: refused all the same, with alternatives."""

    def blindly(message, uow, now):
        uow.reservations.claims_under_lock = lambda *_: {}
        return handlers.request_reservation(message, uow, now)

    booking.ask("ann")
    with pytest.raises(SlotTaken) as refusal:
        booking.give(blindly, request("cyd"))
    assert refusal.value.facts["alternatives"][0]["why"] == "later"


class TestWithoutTheLock:
    @pytest.fixture
    def no_deadlock(self):
        """Here the constraint alone stands, and dead-locks come with it: they are repeated inside."""

    def test_there_is_still_one_winner(self, booking, at_once):
        def unlocked(message, uow, now):
            uow.reservations.claims_under_lock = lambda _locking, *rest: uow.reservations.claims(*rest)
            return handlers.request_reservation(message, uow, now)

        outcome = at_once([lambda: booking.give(unlocked, request("cyd"))] * 4)
        assert outcome == Counter(done=1, slot_taken=3)
