"""Moving: what stays, what waits again, and what is held in the end."""

import pytest

from services.booking import handlers
from services.contracts.commands import ApproveReservation, MoveReservation, RejectReservation
from services.contracts.errors import (
    InvalidInput,
    NotAllowed,
    NotFound,
    RuleBroken,
    SlotTaken,
    StaleVersion,
    WrongState,
)
from services.contracts.events import ReservationMoved
from tests.unit.booking.examples import DAY, HOUR, NOW, at, command, on, request


@pytest.fixture
def asked(base):
    """A request of Ann's for LAB-3, tomorrow 10 to 12."""
    return base.run(handlers.request_reservation, request(), now=NOW)


@pytest.fixture
def approved(base, asked):
    return base.run(handlers.approve_reservation, command(ApproveReservation, "mia", reservation=asked["id"]), now=NOW)


@pytest.fixture
def move(base):
    def move(reservation, actor="ann", now=NOW, **fields):
        fields = {"version": reservation["version"], **fields}
        return base.run(
            handlers.move_reservation, command(MoveReservation, actor, reservation=reservation["id"], **fields), now=now
        )

    return move


def test_a_request_that_moves_waits_on_and_holds_only_the_new_time(base, asked, move):
    answer = move(asked, "bob", starts_at=at(2, 14), ends_at=at(2, 16), now=NOW + HOUR)
    assert (answer["state"], answer["version"], answer["decide_by"]) == ("requested", 2, NOW + HOUR + DAY)
    assert base.claims[asked["id"]] == (("LAB-3", "A"), on(2, 13.5, 16.5), True)
    fact = base.events[-1]
    assert isinstance(fact, ReservationMoved)
    assert (fact.version, fact.actor, fact.former_starts_at, fact.former_facility) == (2, "bob", at(1, 10), "LAB-3")
    entry = base.history[asked["id"]][-1]
    assert entry.former == {"starts_at": at(1, 10), "ends_at": at(1, 12), "decide_by": NOW + DAY}
    assert set(entry.changed) == set(entry.former)


def test_what_is_approved_waits_again_when_it_moves(approved, move):
    answer = move(approved, starts_at=at(1, 11))
    assert answer["state"] == "approved"
    answer = move(answer, ends_at=at(1, 13))
    assert (answer["state"], answer["decide_by"]) == ("requested", NOW + DAY)


def test_shortening_keeps_the_approval_even_after_it_began(base, approved, move):
    with pytest.raises(RuleBroken):
        move(approved, ends_at=at(1, 11), now=at(1, 11.25))
    answer = move(approved, ends_at=at(1, 11), now=at(1, 10.25))
    assert (answer["state"], answer["ends_at"]) == ("approved", at(1, 11))
    assert base.claims[approved["id"]][1] == on(1, 9.5, 11.5)


def test_the_manager_who_moves_it_has_decided(approved, move):
    assert move(approved, "mia", starts_at=at(3, 10), ends_at=at(3, 12))["state"] == "approved"


def test_a_manager_does_not_decide_where_others_do(approved, move):
    """Mia may give a lab's time up; whether PLAT-05 takes it is not hers, but PLAT-05 needs nobody."""
    assert move(approved, "mia", facility="PLAT-05")["state"] == "approved"


def test_a_manager_does_not_approve_the_own_request_by_moving_it(base, move):
    own = base.run(handlers.request_reservation, request("mia"), now=NOW)
    by_bea = base.run(handlers.approve_reservation, command(ApproveReservation, "bea", reservation=own["id"]), now=NOW)
    assert move(by_bea, "mia", starts_at=at(2, 10), ends_at=at(2, 12))["state"] == "requested"


def test_to_another_facility_and_unit(base, asked, move):
    answer = move(asked, facility="LAB-1", unit="C")
    assert (answer["facility"], answer["unit"]) == ("LAB-1", "C")
    assert base.run(handlers.request_reservation, request("cyd"), now=NOW)["state"] == "requested"


def test_to_where_it_is_already_changes_nothing(base, asked, move):
    count = len(base.events)
    for fields in ({}, {"starts_at": at(1, 10)}, {"facility": "LAB-3", "unit": "A", "ends_at": at(1, 12)}):
        assert move(asked, **fields)["version"] == 1
    assert len(base.events) == count
    assert len(base.history[asked["id"]]) == 1


def test_the_own_time_is_no_rival(asked, move):
    assert move(asked, starts_at=at(1, 10.5), ends_at=at(1, 12.5))["version"] == 2


def test_a_taken_time_offers_others_and_keeps_the_old(base, asked, move):
    base.run(handlers.request_reservation, request("cyd", on(2, 10, 12)), now=NOW)
    with pytest.raises(SlotTaken) as refusal:
        move(asked, starts_at=at(2, 11), ends_at=at(2, 13))
    first = refusal.value.facts["alternatives"][0]
    assert move(asked, **{name: first[name] for name in ("facility", "unit", "starts_at", "ends_at")})["version"] == 2


def test_the_present_unit_is_kept_or_nothing(base, move):
    held = base.run(handlers.request_reservation, request(facility="LAB-1", unit="B"), now=NOW)
    base.run(handlers.request_reservation, request("cyd", on(2, 10, 12), "LAB-1", unit="B"), now=NOW)
    with pytest.raises(SlotTaken) as refusal:
        move(held, starts_at=at(2, 10), ends_at=at(2, 12))
    assert ("other_unit", "A") in {(each["why"], each["unit"]) for each in refusal.value.facts["alternatives"]}
    assert move(held, starts_at=at(2, 10), ends_at=at(2, 12), unit="A")["unit"] == "A"


@pytest.mark.parametrize(("actor", "fields", "error"), [
    ("cyd", {}, NotFound),
    ("max", {}, NotFound),
    ("nobody", {}, NotAllowed),
    ("ann", {"version": 7}, StaleVersion),
    ("ann", {"facility": "LAB-9"}, InvalidInput),
    ("ann", {"unit": "Z"}, InvalidInput),
    ("ann", {"ends_at": at(1, 9)}, InvalidInput),
    ("ann", {"starts_at": at(-1, 9)}, RuleBroken),
])
def test_what_is_refused(base, asked, move, actor, fields, error):
    with pytest.raises(error):
        move(asked, actor, **fields)
    assert base.reservations[asked["id"]].version == 1


def test_what_has_ended_does_not_move(base, asked, approved, move):
    with pytest.raises(WrongState):
        move(approved, starts_at=at(3, 10), ends_at=at(3, 12), now=at(1, 12))
    other = base.run(handlers.request_reservation, request("ann", on(4, 10, 12)), now=NOW)
    reject = command(RejectReservation, "mia", reservation=other["id"], reason="calibration")
    with pytest.raises(WrongState) as refusal:
        move(base.run(handlers.reject_reservation, reject, now=NOW), ends_at=at(4, 13))
    assert refusal.value.facts == {"state": "rejected", "action": "move"}
