"""Coming, staying longer, leaving, and not coming at all: who may when, and what is told."""


import pytest

from services.booking import handlers
from services.contracts.commands import (
    ApproveReservation,
    CancelReservation,
    CheckInReservation,
    MarkNoShow,
    MoveReservation,
)
from services.contracts.errors import NotAllowed, NotFound, StaleVersion, WrongState
from tests.unit.booking.examples import NOW, at, command, lab_3, on, plat_05, request
from tests.unit.booking.use_examples import MINUTE, approved, come, facts, leave

# coming and leaving


def test_a_run_from_coming_to_leaving_is_metered_beside_what_was_reserved(base):
    reservation = approved(base)
    assert come(base, reservation, at(1, 10) + 7 * MINUTE)["state"] == "in_use"
    assert base.claims[reservation][2]
    answer = leave(base, reservation, at(1, 11) + 40 * MINUTE)
    assert (answer["state"], answer["used_minutes"], answer["version"]) == ("finished", 93, 4)
    assert not base.claims[reservation][2]
    kept = base.reservations[reservation]
    assert (kept.span, kept.used_minutes) == (on(1, 10, 12), 93)
    finished = base.events[-1]
    assert (finished.used_minutes, finished.fault, finished.forgotten) == (93, "", False)
    assert facts(base, reservation)[-2:] == ["ReservationStarted", "ReservationFinished"]


@pytest.mark.parametrize(
    ("minutes", "reason"), [(-16, "too_early"), (-15, None), (0, None), (119, None), (120, "over")])
def test_check_in_opens_a_quarter_of_an_hour_before_and_ends_with_the_time(base, minutes, reason):
    reservation = approved(base)
    moment = at(1, 10) + minutes * MINUTE
    if reason is None:
        assert come(base, reservation, moment)["state"] == "in_use"
        return
    with pytest.raises(WrongState) as refusal:
        come(base, reservation, moment)
    if reason == "too_early":
        assert refusal.value.facts["reason"] == "too_early"
        assert refusal.value.facts["opens_at"] == at(1, 9.75)


def test_who_comes_early_finds_the_unit_empty(base):
    base.run(handlers.take_fact, lab_3(version=2, setup_minutes=0, cleardown_minutes=0), now=NOW)
    first, second = approved(base, "ann", on(1, 9, 10)), approved(base, "cyd", on(1, 10, 11))
    with pytest.raises(WrongState) as refusal:
        come(base, second, at(1, 9.9), "cyd")
    assert refusal.value.facts["reason"] == "occupied"
    come(base, first, at(1, 9))
    leave(base, first, at(1, 9.8))
    early = at(1, 9.9)
    come(base, second, early, "cyd")
    assert leave(base, second, at(1, 11), "cyd")["used_minutes"] == 66


def test_who_may_check_in(base):
    for actor, refusal in (("cyd", NotFound), ("max", NotFound), ("door.LAB-1", NotFound), ("nobody", NotAllowed)):
        with pytest.raises(refusal):
            come(base, approved(base, span=on(1, 10, 12), unit=None), at(1, 10), actor)
        base.reservations.clear()
        base.claims.clear()
    for day, actor in zip((1, 2, 3, 4, 7), ("ann", "bob", "mia", "bea", "ada"), strict=True):
        assert come(base, approved(base, span=on(day, 10, 12)), at(day, 10), actor)["state"] == "in_use"


def test_a_requested_one_cannot_be_used(base):
    asked = base.run(handlers.request_reservation, request(), now=NOW)
    for step in (come, leave):
        with pytest.raises(WrongState):
            step(base, asked["id"], at(1, 10))


def test_a_stale_version_changes_nothing(base):
    reservation = approved(base)
    with pytest.raises(StaleVersion):
        come(base, reservation, at(1, 10), version=1)


def test_a_fault_is_told_at_check_out_and_kept_for_the_managers(base):
    reservation = approved(base)
    come(base, reservation, at(1, 10))
    leave(base, reservation, at(1, 11), fault="  the door does not close ")
    assert base.events[-1].fault == "the door does not close"
    (fault,) = base.faults.values()
    assert (fault.facility, fault.unit, fault.reporter, fault.reservation) == ("LAB-3", "A", "ann", reservation)


# the door


def test_at_the_door_the_team_shows_its_pin(base):
    reservation = approved(base)
    for pin in (None, "0000"):
        with pytest.raises(NotAllowed) as refusal:
            come(base, reservation, at(1, 10), "door.LAB-3", pin=pin)
        assert refusal.value.facts == {"reason": "wrong_pin"}
    assert come(base, reservation, at(1, 10), "door.LAB-3", pin="4711")["state"] == "in_use"
    assert base.history[reservation][-1].basis == {"role": "door"}
    assert leave(base, reservation, at(1, 11), "door.LAB-3")["state"] == "finished"


def test_a_pin_cannot_be_guessed_at_the_door(base):
    reservation = approved(base)
    message = command(CheckInReservation, "door.LAB-3", reservation=reservation, pin="0000")
    for _ in range(6):
        base.run(lambda uow, now: handlers.count_pin_try(uow, now, message), now=NOW)
    with pytest.raises(NotAllowed) as refusal:
        come(base, reservation, at(1, 10), "door.LAB-3", pin="4711")
    assert refusal.value.facts == {"reason": "pin_locked"}
    assert come(base, reservation, at(1, 10), "ann")["state"] == "in_use"


@pytest.mark.parametrize("kind", [ApproveReservation, CancelReservation, MarkNoShow, MoveReservation])
def test_a_door_does_nothing_else(base, kind):
    reservation = approved(base)
    handler = {
        ApproveReservation: handlers.approve_reservation, CancelReservation: handlers.cancel_reservation,
        MarkNoShow: handlers.mark_no_show, MoveReservation: handlers.move_reservation,
    }[kind]
    more = {"version": 2} if kind is MoveReservation else {}
    with pytest.raises(NotAllowed):
        base.run(handler, command(kind, "door.LAB-3", reservation=reservation, **more), now=at(1, 10))


# timers


def test_who_does_not_come_gives_the_time_back(base):
    base.run(handlers.take_fact, plat_05(version=2, no_show_minutes=30), now=NOW)
    missed, came = approved(base, facility="PLAT-05"), approved(base, "cyd", facility="PLAT-05")
    come(base, came, at(1, 10), "cyd")
    assert base.run(handlers.release_no_shows, now=at(1, 10.5) - MINUTE) == 0
    assert [base.run(handlers.release_no_shows, now=at(3, 10)) for _ in range(2)] == [1, 0]
    assert base.reservations[missed].state == "no_show"
    assert not base.claims[missed][2]
    assert base.history[missed][-1].basis == {"no_show_minutes": 30}
    assert facts(base, missed)[-1] == "ReservationNoShow"


def test_a_rule_about_no_shows_does_not_reach_back(base):
    missed = approved(base, facility="PLAT-05")
    base.run(handlers.take_fact, plat_05(version=2, no_show_minutes=30), now=at(1, 15))
    base.run(handlers.take_fact, plat_05(version=3, no_show_minutes=60), now=at(1, 16))
    assert base.run(handlers.release_no_shows, now=at(2, 10)) == 0
    assert base.reservations[missed].state == "approved"


def test_nobody_is_late_while_those_before_are_still_there(base):
    base.run(handlers.take_fact, lab_3(version=2, no_show_minutes=30), now=NOW)
    before, waiting = approved(base, span=on(1, 9, 10)), approved(base, "cyd", on(1, 11, 12))
    come(base, before, at(1, 9))
    assert base.run(handlers.release_no_shows, now=at(1, 11.6)) == 0
    leave(base, before, at(1, 11.7))
    assert base.run(handlers.release_no_shows, now=at(1, 11.7)) == 1
    assert base.reservations[waiting].state == "no_show"


def test_the_next_who_comes_checks_the_forgotten_out(base):
    before, after = approved(base, span=on(1, 9, 10)), approved(base, "cyd", on(1, 11, 12))
    come(base, before, at(1, 9))
    come(base, after, at(1, 11), "cyd")
    left = base.reservations[before]
    assert (left.state, left.checked_out_at, left.used_minutes) == ("finished", at(1, 10), 60)
    told = next(fact for fact in base.events if getattr(fact, "forgotten", False))
    assert (told.reservation, told.actor, told.used_minutes) == (before, "", 60)


def test_the_forgotten_are_checked_out_four_hours_after_their_end(base):
    reservation = approved(base)
    come(base, reservation, at(1, 10))
    assert base.run(handlers.check_out_all_forgotten, now=at(1, 16) - MINUTE) == 0
    assert [base.run(handlers.check_out_all_forgotten, now=at(9, 16)) for _ in range(2)] == [1, 0]
    assert base.reservations[reservation].used_minutes == 120
    assert base.history[reservation][-1].basis["forgotten"]


def test_a_manager_notes_that_nobody_came(base):
    reservation = approved(base)
    message = command(MarkNoShow, "mia", reservation=reservation)
    with pytest.raises(WrongState):
        base.run(handlers.mark_no_show, message, now=at(1, 9))
    with pytest.raises(NotAllowed):
        base.run(handlers.mark_no_show, command(MarkNoShow, "ann", reservation=reservation), now=at(1, 10.5))
    assert base.run(handlers.mark_no_show, message, now=at(1, 10.5))["state"] == "no_show"
