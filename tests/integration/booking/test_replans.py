"""Re-plans on PostgreSQL: carried out whole or not at all, whatever happens beside, and shown to whom they concern."""

import pytest

from services.booking import handlers, queries
from services.booking.handlers.replan.computing import plan_at_once
from services.contracts.commands import (
    AcceptReplan,
    ConfirmReplanned,
    DiscardReplan,
    ReviseReplan,
    WithdrawReservation,
)
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, WrongState
from tests.unit.booking.examples import NOW, command, lab_3, on
from tests.unit.booking.test_interruptions import interruption


class Desk:
    def __init__(self, booking):
        self.booking = booking

    def broken(self, *found, **fields):
        """An interruption, and the re-plan that it leads to."""
        fact = interruption(*found, **fields)
        self.booking.run(lambda uow, now: handlers.take_fact(fact, uow, now))
        self.booking.run(plan_at_once)
        (row,) = self.booking.rows("SELECT replan::text AS replan FROM replans WHERE state = 'computing'")
        return self.replan(row.replan)

    def replan(self, replan, actor="mia"):
        return self.booking.query(queries.replan, actor=actor, replan=replan)

    def give(self, kind, handler, actor, replan, **fields):
        message = command(kind, actor, replan=replan["id"], version=replan["version"], **fields)
        return self.booking.give(handler, message)

    def accept(self, replan, actor="mia"):
        return self.give(AcceptReplan, handlers.accept_replan, actor, replan)

    def places(self):
        rows = self.booking.rows(
            "SELECT reservation::text, facility, state FROM reservations ORDER BY starts_at, reservation")
        return [(row.facility, row.state) for row in rows]


@pytest.fixture
def desk(booking):
    return Desk(booking)


def test_a_plan_as_its_manager_sees_it_and_as_it_is_carried_out(booking, desk):
    first, second = booking.ask("ann", on(1, 10, 12)), booking.ask("cyd", on(1, 14, 16))
    replan = desk.broken(on(1, 9, 18))
    assert (replan["state"], replan["method"], replan["hidden"]) == ("computing", "greedy", 0)
    assert replan["allowed_actions"] == ["accept", "revise", "discard"]
    assert replan["goals"] == {
        "cost": 0, "cancelled": 0, "moved": 2, "teams": 2, "shift_minutes": 0, "unit_changes": 2}
    shown = {each["reservation"]: each for each in replan["items"]}
    one = shown[first["id"]]
    assert (one["team_name"], one["reason"], one["after"]["facility"], one["priority"]) == (
        "Team red", "same_time_elsewhere", "LAB-4", "normal")
    assert desk.accept(replan)["state"] == "accepted"
    assert desk.places() == [("LAB-4", "requested")] * 2
    told = desk.replan(replan["id"])
    assert (told["state"], told["decided_by"], told["allowed_actions"]) == ("accepted", "mia", [])
    assert {each["answer"] for each in told["items"]} == {"none"}
    for actor, asked in (("ann", first), ("cyd", second)):
        history = booking.query(queries.reservation, now=NOW, actor=actor, reservation=asked["id"])["history"]
        assert history[-1]["basis"]["replan"]["why"] == "same_time_elsewhere"


def test_a_team_sees_where_it_was_and_what_else_there_is(booking, desk):
    asked = booking.ask("ann", on(1, 10, 12))
    desk.accept(desk.broken(on(1, 9, 18)))
    (told,) = booking.query(queries.replanned, now=NOW, actor="bob")["items"]
    assert (told["before"]["facility"], told["after"]["facility"]) == ("LAB-3", "LAB-4")
    assert told["cause"]["reason"]["en"] == "Compressor failure"
    assert told["alternatives"]
    assert {each["facility"] for each in told["alternatives"]} <= {"LAB-3", "LAB-4"}
    assert booking.query(queries.replanned, now=NOW, actor="cyd")["items"] == []
    assert len(booking.query(queries.replanned, now=NOW, actor="ann", reservation=asked["id"])["items"]) == 1
    booking.give(handlers.confirm_replanned, command(ConfirmReplanned, "ann", reservation=asked["id"]))
    assert booking.query(queries.replanned, now=NOW, actor="ann")["items"] == []


def test_lists_and_counts_for_those_who_manage_there(booking, desk):
    booking.ask("ann", on(1, 10, 12))
    replan = desk.broken(on(1, 9, 18))
    for actor, count in (("mia", 1), ("bea", 1), ("max", 0), ("ann", 0)):
        assert booking.query(queries.replans_count, actor=actor) == {"count": count}
        assert len(booking.query(queries.replans, actor=actor, state="computing")["items"]) == count
    assert len(booking.query(queries.replans, actor="mia", interruption="I-1")["items"]) == 1
    assert booking.query(queries.replans, actor="mia", interruption="I-2")["items"] == []
    with pytest.raises(NotFound):
        desk.replan(replan["id"], "max")
    with pytest.raises(NotFound):
        desk.replan("no id")
    with pytest.raises(InvalidInput):
        booking.query(queries.replans, actor="mia", state="nice")
    desk.give(DiscardReplan, handlers.discard_replan, "mia", replan)
    assert booking.query(queries.replans_count, actor="mia") == {"count": 0}


def test_of_facilities_of_others_only_the_number_is_shown(booking, desk):
    booking.ask("ann", on(1, 10, 12))
    booking.ask("ann", on(1, 10, 12), "PLAT-05")
    replan = desk.broken(on(1, 9, 18), facility=None, kind="closure")
    shown = desk.replan(replan["id"], "max")
    assert ([each["before"]["facility"] for each in shown["items"]], shown["hidden"]) == (["PLAT-05"], 1)
    assert shown["allowed_actions"] == []
    with pytest.raises(NotAllowed):
        desk.accept(replan, "max")


def test_accepting_twice_is_once(booking, desk, at_once):
    for hour in (8, 10, 12):
        booking.ask("ann", on(1, hour, hour + 1))
    replan = desk.broken(on(1, 7, 24))
    outcome = at_once([lambda: desk.accept(replan)] * 4)
    assert outcome == {"done": 1, "stale_version": 3}
    assert desk.places() == [("LAB-4", "requested")] * 3


def test_a_repeat_of_the_same_call_is_answered_as_at_first(booking, desk):
    booking.ask("ann", on(1, 10, 12))
    replan = desk.broken(on(1, 9, 18))
    message = command(AcceptReplan, "mia", replan=replan["id"], version=replan["version"])
    answers = [booking.transactions.execute(handlers.accept_replan, message) for _ in range(2)]
    assert answers[0].value["state"] == answers[1].value["state"] == "accepted"
    assert answers[1].replayed


def test_against_new_requests_it_is_carried_out_whole_or_repaired(booking, desk, at_once):
    for day in (1, 2, 3):
        for hour in (8, 10, 12):
            booking.ask("ann", on(day, hour, hour + 1))
    code = iter("abc")
    for day in (1, 2, 3):
        replan = desk.broken(on(day, 7, 24), code=next(code))
        before = desk.places()
        outcome = at_once([
            lambda replan=replan: desk.accept(replan),
            *[lambda day=day, hour=hour: booking.ask("cyd", on(day, hour, hour + 1), "LAB-4") for hour in (8, 12)],
        ])
        told = desk.replan(replan["id"])
        taken = outcome["done"] - 1
        if told["state"] == "accepted":
            assert taken == 0
            assert outcome == {"done": 1, "slot_taken": 2}
        else:
            assert told["state"] == "proposed"
            assert [place for place in desk.places() if place[0] == "LAB-3"] == [
                place for place in before if place[0] == "LAB-3"], "nothing of it was done"
            if desk.accept(told)["state"] != "accepted":  # a request may come in after the repair as well
                assert taken == 2
                assert desk.accept(desk.replan(replan["id"]))["state"] == "accepted"


def test_who_leaves_at_the_same_time_is_not_moved(booking, desk, at_once):
    asked = [booking.ask("ann", on(1, hour, hour + 1)) for hour in (8, 10, 12)]
    replan = desk.broken(on(1, 7, 24))
    outcome = at_once([
        lambda: desk.accept(replan),
        lambda: booking.step(WithdrawReservation, "ann", asked[0]),
    ])
    assert outcome == {"done": 2}
    states = set(desk.places())
    told = desk.replan(replan["id"])
    assert states <= {("LAB-4", "withdrawn"), ("LAB-3", "withdrawn"), ("LAB-4", "requested"), ("LAB-3", "requested")}
    assert (("LAB-3", "requested") in states) == (told["state"] == "proposed")


def test_two_plans_for_the_same_places_do_not_lock_each_other(booking, desk, at_once):
    booking.run(lambda uow, now: uow.copies.save_facility(lab_3(version=2, equivalents=["LAB-4", "LAB-1"]), now))
    for hour in (8, 10, 12):
        booking.ask("ann", on(1, hour, hour + 1))
        booking.ask("cyd", on(2, hour, hour + 1))
    plans = [desk.broken(on(1, 7, 24), code="a")]
    desk.booking.rows("UPDATE replans SET state = 'proposed' RETURNING replan")
    plans.append(desk.broken(on(2, 7, 24), code="b"))
    outcome = at_once([lambda each=each: desk.accept(each) for each in plans])
    assert outcome == {"done": 2}
    (counted,) = booking.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert counted.deadlocks == 0


def test_a_plan_may_be_revised_and_the_old_one_is_shown_meanwhile(booking, desk):
    booking.ask("ann", on(1, 10, 12))
    replan = desk.broken(on(1, 9, 18))
    desk.give(ReviseReplan, handlers.revise_replan, "mia", replan, excluded_facilities=["LAB-4"])
    shown = desk.replan(replan["id"])
    assert (shown["is_planned"], shown["items"], shown["allowed_actions"]) == (
        False, replan["items"], ["revise", "discard"])
    with pytest.raises(WrongState):
        desk.accept(shown)
    booking.run(plan_at_once)
    (one,) = desk.replan(replan["id"])["items"]
    assert one["after"]["facility"] == "LAB-3"
