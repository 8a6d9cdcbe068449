"""Use on PostgreSQL: timers that catch up, once each, and races between people and timers."""

from datetime import timedelta

import pytest

from services.booking import handlers, queries
from services.contracts.commands import (
    ApproveReservation,
    CancelReservation,
    CheckInReservation,
    CheckOutReservation,
    CloseFault,
    ExtendReservation,
    MarkNoShow,
    ReportFault,
)
from services.contracts.errors import NotAllowed, SlotTaken
from tests.unit.booking.examples import NOW, at, command, lab_1, lab_3, on, plat_05
from tests.unit.booking.test_quotas import quota

MINUTE = timedelta(minutes=1)


def take(booking, fact):
    booking.run(lambda uow, now: handlers.take_fact(fact, uow, now))


def approved(booking, actor="ann", span=None, facility="LAB-3", **fields):
    booking.now = NOW
    asked = booking.ask(actor, span, facility, **fields)
    if asked["state"] == "requested":
        booking.step(ApproveReservation, "mia", asked)
    return asked


def state(booking, reservation):
    (row,) = booking.rows("SELECT state, version FROM reservations WHERE reservation = %s", reservation["id"])
    return tuple(row)


def facts(booking, reservation):
    rows = booking.rows(
        "SELECT type FROM outbox WHERE aggregate_id = %s ORDER BY aggregate_version", reservation["id"])
    return [row.type for row in rows]


def scaled(booking, handler, time_scale):
    def run(uow, now):
        uow.time_scale = time_scale
        return handler(uow, now)

    return booking.run(run)


def test_timers_catch_up_after_a_stop_and_tell_each_end_once(booking):
    take(booking, plat_05(version=2, no_show_minutes=30))
    missed = [approved(booking, "ann", on(day, 10, 12), "PLAT-05") for day in range(1, 8)]
    run = approved(booking)
    booking.now = at(1, 10)
    booking.step(CheckInReservation, "ann", run)
    booking.now = at(9, 10)
    for _ in range(2):
        for work in (handlers.release_no_shows, handlers.tell_overruns, handlers.check_out_all_forgotten):
            booking.run(work)
    assert {state(booking, each) for each in missed} == {("no_show", 2)}
    assert state(booking, run) == ("finished", 5)
    assert facts(booking, run)[-3:] == ["ReservationStarted", "ReservationOverran", "ReservationFinished"]


def test_workers_release_everything_once(booking, at_once):
    take(booking, lab_1(version=2, no_show_minutes=30))
    for day in range(1, 41):
        approved(booking, "ann", on(day, 10, 12), "LAB-1")
    booking.now = at(60, 10)
    released = []
    at_once([lambda: released.append(booking.run(handlers.release_no_shows))] * 4)
    assert sum(released) == 40


def test_the_time_scale_divides_the_waits(booking):
    take(booking, plat_05(version=2, no_show_minutes=60))
    missed = approved(booking, facility="PLAT-05")
    booking.now = at(1, 10) + MINUTE
    assert scaled(booking, handlers.release_no_shows, 59) == 0
    assert scaled(booking, handlers.release_no_shows, 60) == 1
    assert state(booking, missed) == ("no_show", 2)


def test_an_elastic_run_overruns_only_past_what_it_may_take(booking):
    take(booking, lab_1(version=2, elastic_minutes=120))
    run = approved(booking, "ann", on(1, 10, 12), "LAB-1", elastic_minutes=120)
    booking.now = at(1, 10)
    booking.step(CheckInReservation, "ann", run)
    booking.now = at(1, 14) - MINUTE
    assert booking.run(handlers.tell_overruns) == 0
    booking.now = at(1, 14)
    assert [booking.run(handlers.tell_overruns) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("rival", ["cancel", "no_show", "timer"])
def test_of_coming_and_being_given_up_one_happens(booking, at_once, rival):
    take(booking, plat_05(version=2, no_show_minutes=30))
    for day in range(1, 6):
        reservation = approved(booking, "ann", on(day, 10, 12), "PLAT-05")
        booking.now = at(day, 10.5)
        at_once([
            lambda reservation=reservation: booking.step(CheckInReservation, "ann", reservation),
            {
                "cancel": lambda reservation=reservation: booking.step(CancelReservation, "bob", reservation),
                "no_show": lambda reservation=reservation: booking.step(MarkNoShow, "max", reservation),
                "timer": lambda: booking.run(handlers.release_no_shows),
            }[rival],
        ])
        now, version = state(booking, reservation)
        assert (now, version) in {("in_use", 2), ("cancelled", 2), ("no_show", 2)}


def test_an_extension_and_a_request_for_the_same_time(booking, at_once):
    for day in (1, 2, 3, 4):
        run = approved(booking, "ann", on(day, 10, 12))
        booking.now = at(day, 10)
        booking.step(CheckInReservation, "ann", run)
        outcome = at_once([
            lambda run=run, day=day: booking.step(ExtendReservation, "ann", run, ends_at=at(day, 14)),
            lambda day=day: booking.ask("cyd", on(day, 14, 15)),
        ])
        assert outcome == {"done": 1, "slot_taken": 1}


def test_an_extension_while_the_run_is_checked_out(booking, at_once):
    for day in (1, 2, 3, 4):
        run = approved(booking, "ann", on(day, 10, 12))
        booking.now = at(day, 10)
        booking.step(CheckInReservation, "ann", run)
        outcome = at_once([
            lambda run=run, day=day: booking.step(ExtendReservation, "ann", run, ends_at=at(day, 13)),
            lambda run=run: booking.step(CheckOutReservation, "bob", run),
        ])
        assert outcome in ({"done": 2}, {"done": 1, "wrong_state": 1})
        assert state(booking, run)[0] == "finished"


def test_two_check_outs_and_one_report(booking, at_once):
    run = approved(booking)
    booking.now = at(1, 10)
    booking.step(CheckInReservation, "ann", run)
    booking.now = at(1, 11)
    leave = [lambda: booking.step(CheckOutReservation, "ann", run, fault="no vacuum")] * 4
    assert at_once(leave) == {"done": 1, "wrong_state": 3}
    assert booking.rows("SELECT text FROM faults") == [("no vacuum",)]


def test_the_next_team_and_the_forgotten_one_leaving_by_itself(booking, at_once):
    take(booking, lab_3(version=2, setup_minutes=0, cleardown_minutes=0))
    for day in (1, 2, 3, 4):
        before = approved(booking, "ann", on(day, 9, 10))
        after = approved(booking, "cyd", on(day, 10, 11))
        booking.now = at(day, 9)
        booking.step(CheckInReservation, "ann", before)
        booking.now = at(day, 10)
        outcome = at_once([
            lambda after=after: booking.step(CheckInReservation, "cyd", after),
            lambda before=before: booking.step(CheckOutReservation, "ann", before),
            lambda: booking.run(handlers.check_out_all_forgotten),
        ])
        assert outcome in ({"done": 3}, {"done": 2, "wrong_state": 1})
        assert state(booking, before)[0] == "finished"
        assert state(booking, after)[0] == "in_use"


def test_a_pin_is_counted_although_it_is_refused(booking):
    reservation = approved(booking)
    booking.now = at(1, 10)
    (pin,) = booking.rows("SELECT pin FROM reservations")[0]
    assert len(pin) == 4
    wrong = f"{(int(pin) + 1) % 10000:04d}"
    for tries in range(7):
        message = command(CheckInReservation, "door.LAB-3", reservation=reservation["id"], pin=wrong)
        booking.run(lambda uow, now, message=message: handlers.count_pin_try(uow, now, message))
        with pytest.raises(NotAllowed) as refusal:
            booking.give(handlers.check_in_reservation, message)
        assert refusal.value.facts["reason"] == ("wrong_pin" if tries < 5 else "pin_locked")


class TestQueries:
    @pytest.fixture
    def running(self, booking):
        run = approved(booking)
        approved(booking, "cyd", on(1, 15, 16))
        booking.now = at(1, 10)
        booking.step(CheckInReservation, "ann", run)
        return run

    def ask(self, booking, query, actor, **arguments):
        return booking.query(getattr(queries, query), now=booking.now, actor=actor, **arguments)

    def test_the_team_sees_until_when_it_may_go_on_and_its_pin(self, booking, running):
        found = self.ask(booking, "reservation", "ann", reservation=running["id"])
        assert found["allowed_actions"] == ["extend", "check_out"]
        assert found["later_ends"] == [at(1, 12.5), at(1, 13), at(1, 13.5), at(1, 14)]
        assert len(found["pin"]) == 4
        assert "snapshot" not in found
        assert self.ask(booking, "reservation", "bea", reservation=running["id"])["pin"] is None
        for end in found["later_ends"]:
            booking.step(ExtendReservation, "ann", running, ends_at=end)
        with pytest.raises(SlotTaken):
            booking.step(ExtendReservation, "ann", running, ends_at=at(1, 14.5))

    def test_no_end_is_offered_that_a_quota_would_refuse(self, booking, running):
        take(booking, quota(limit=150))
        found = self.ask(booking, "reservation", "ann", reservation=running["id"])
        assert found["later_ends"] == [at(1, 12.5)]

    def test_the_day_of_a_manager_and_of_a_team(self, booking, running):
        booking.now = at(1, 15.2)
        items = self.ask(booking, "day_of_use", "mia")["items"]
        assert [(each["state"], each["late"], each["overdue"]) for each in items] == [
            ("in_use", False, True), ("approved", True, False)]
        assert items[1]["allowed_actions"] == ["check_in", "extend", "mark_no_show"]
        assert [each["team"] for each in self.ask(booking, "day_of_use", "mia", mine=True)["items"]] == ["blue"]
        assert self.ask(booking, "day_of_use", "ann", facility="LAB-1")["items"] == []

    def test_a_door_shows_times_and_nobody_s_name(self, booking, running):
        booking.now = at(1, 10.5)
        told = self.ask(booking, "door", "door.LAB-3")
        (unit,) = told["units"]
        assert (unit["state"], unit["present"]["id"]) == ("in_use", running["id"])
        assert unit["present"]["later_ends"] == [at(1, 12.5), at(1, 13)]
        assert [each["starts_at"] for each in unit["following"]] == [at(1, 15)]
        assert not set(unit["present"]) & {"team", "requester", "purpose", "project"}
        booking.step(CheckOutReservation, "door.LAB-3", running)
        (unit,) = self.ask(booking, "door", "door.LAB-3")["units"]
        assert (unit["state"], unit["free_until"]) == ("free", at(1, 15))
        booking.now = at(1, 14.9)
        (unit,) = self.ask(booking, "door", "door.LAB-3")["units"]
        assert (unit["state"], [each["allowed_actions"] for each in unit["due"]]) == ("due", [["check_in"]])
        for actor in ("ann", "mia", "hall", "door.LAB-9", "nobody"):
            with pytest.raises(NotAllowed):
                self.ask(booking, "door", actor)

    def test_the_hall_shows_the_day_to_anybody_known(self, booking, running):
        for actor in ("hall", "ann", "door.LAB-1"):
            told = self.ask(booking, "hall", actor)
            assert [each["code"] for each in told["facilities"]] == ["LAB-1", "LAB-3", "LAB-4", "PLAT-05"]
            assert [set(each) for each in told["items"]] == [{"facility", "unit", "starts_at", "ends_at", "in_use"}] * 2
        with pytest.raises(NotAllowed):
            self.ask(booking, "hall", "nobody")

    def test_faults_are_listed_for_those_who_manage(self, booking, running):
        booking.step(CheckOutReservation, "ann", running, fault="the door does not close")
        booking.now = at(1, 11)
        booking.give(handlers.report_fault, command(ReportFault, "cyd", facility="LAB-3", text="no light"))
        found = booking.query(queries.faults, actor="mia")["items"]
        assert [(each["text"], each["reporter_name"]) for each in found] == [
            ("no light", "Cyd"), ("the door does not close", "Ann")]
        booking.give(handlers.close_fault, command(CloseFault, "mia", fault=found[0]["fault"], note="new bulb"))
        assert [each["note"] for each in booking.query(queries.faults, actor="mia", state="closed")["items"]] == [
            "new bulb"]
        assert len(booking.query(queries.faults, actor="bea", state="all", facility="LAB-3")["items"]) == 2
        for actor in ("ann", "max", "door.LAB-3"):
            assert booking.query(queries.faults, actor=actor, state="all")["items"] == []

    def test_how_runs_keep_to_their_ends(self, booking):
        for day in (1, 2, 3, 4, 7, 8):
            run = approved(booking, "ann", on(day, 10, 12))
            booking.now = at(day, 10)
            booking.step(CheckInReservation, "ann", run)
            booking.now = at(day, 12.5 if day < 3 else 11.5)
            booking.step(CheckOutReservation, "ann", run)
        assert self.ask(booking, "overrun_risk", "mia", facility="LAB-3") == {
            "runs": 6, "late": 2, "late_minutes": 30, "percent": 33}
        assert self.ask(booking, "overrun_risk", "mia", facility="LAB-1")["percent"] is None
        with pytest.raises(NotAllowed):
            self.ask(booking, "overrun_risk", "ann", facility="LAB-3")

    def test_the_board_shows_a_finished_run_until_it_ended(self, booking, running):
        booking.now = at(1, 11)
        booking.step(CheckOutReservation, "ann", running)
        window = {"starts_at": on(1, 0, 24).starts_at, "ends_at": on(1, 0, 24).ends_at}
        items = booking.query(queries.board, actor="ann", **window)["items"]
        assert items[0]["ends_at"] == at(1, 11).isoformat()
        later = {"starts_at": at(1, 11.5), "ends_at": at(1, 14)}
        assert booking.query(queries.board, actor="ann", **later)["items"] == []
