"""Approving, rejecting, withdrawing, cancelling, expiring and using."""

import pytest

from services.booking import handlers
from services.contracts.commands import (
    ApproveReservation,
    CancelReservation,
    RejectReservation,
    WithdrawReservation,
)
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, StaleVersion, WrongState
from services.contracts.events import ReservationExpired
from tests.unit.booking.examples import DAY, HOUR, NOW, at, command, on, request

HANDLERS = {
    ApproveReservation: handlers.approve_reservation, RejectReservation: handlers.reject_reservation,
    WithdrawReservation: handlers.withdraw_reservation, CancelReservation: handlers.cancel_reservation,
}


@pytest.fixture
def asked(base):
    return base.run(handlers.request_reservation, request(), now=NOW)


@pytest.fixture
def give(base, asked):
    def give(kind, actor, now=NOW, **fields):
        fields = {"reservation": asked["id"], **fields}
        if kind is RejectReservation:
            fields.setdefault("reason", "calibration")
        return base.run(HANDLERS[kind], command(kind, actor, **fields), now=now)

    return give


@pytest.mark.parametrize(("actor", "kinds"), [
    ("ann", {WithdrawReservation}), ("bob", {WithdrawReservation}),
    ("mia", {ApproveReservation, RejectReservation}), ("bea", {ApproveReservation, RejectReservation}),
    ("ada", {ApproveReservation, RejectReservation}), ("cyd", None), ("max", None), ("ian", None), ("nobody", None),
])
def test_who_may_do_what_with_a_request(base, asked, give, actor, kinds):
    for kind in (ApproveReservation, RejectReservation, WithdrawReservation):
        if kinds and kind in kinds:
            assert give(kind, actor)["version"] == 2
            break
        with pytest.raises(NotFound if actor in ("cyd", "max") else NotAllowed):
            give(kind, actor)
        assert base.reservations[asked["id"]].version == 1


def test_nobody_approves_the_own_request(base, give):
    own = base.run(handlers.request_reservation, request("mia", on(2, 10, 12)), now=NOW)
    with pytest.raises(NotAllowed):
        give(ApproveReservation, "mia", reservation=own["id"])
    by_admin = base.run(handlers.request_reservation, request("ada", on(3, 10, 12), team="red"), now=NOW)
    with pytest.raises(NotAllowed):
        give(ApproveReservation, "ada", reservation=by_admin["id"])
    assert give(ApproveReservation, "bea", reservation=own["id"])["state"] == "approved"


def test_a_step_is_one_version_one_line_of_history_and_one_fact(base, asked, give):
    give(ApproveReservation, "mia", version=1, now=NOW + HOUR)
    give(CancelReservation, "ann", version=2, reason="no samples", now=NOW + 2 * HOUR)
    assert [(type(fact).__name__, fact.version, fact.actor, fact.reason) for fact in base.events] == [
        ("ReservationRequested", 1, "ann", ""), ("ReservationApproved", 2, "mia", ""),
        ("ReservationCancelled", 3, "ann", "no samples"),
    ]
    assert [(str(line.action), line.actor, line.basis.get("role")) for line in base.history[asked["id"]]] == [
        ("request", "ann", None), ("approve", "mia", "facility_manager"), ("cancel", "ann", "team"),
    ]


@pytest.mark.parametrize(("kind", "actor"), [(RejectReservation, "mia"), (WithdrawReservation, "ann")])
def test_what_ends_the_waiting_frees_the_slot(base, asked, give, kind, actor):
    give(kind, actor)
    assert not base.claims[asked["id"]][2]
    assert base.run(handlers.request_reservation, request("cyd"), now=NOW)["unit"] == "A"


def test_the_base_gives_a_reason_when_it_cancels(give):
    give(ApproveReservation, "mia")
    for reason in ("", "  \n"):
        with pytest.raises(InvalidInput) as refusal:
            give(CancelReservation, "bea", reason=reason)
        assert refusal.value.facts["errors"] == {"reason": ["required"]}
    assert give(CancelReservation, "bea", reason="power cut")["state"] == "cancelled"


def test_a_stale_version_is_told_the_present_one(give):
    give(ApproveReservation, "mia", version=1)
    with pytest.raises(StaleVersion) as refusal:
        give(CancelReservation, "ann", version=1)
    assert refusal.value.facts == {"version": 2}


def test_a_second_decision_is_told_the_state(give):
    give(ApproveReservation, "mia")
    with pytest.raises(WrongState) as refusal:
        give(RejectReservation, "bea")
    assert refusal.value.facts == {"state": "approved", "action": "reject"}


def test_what_is_not_there_is_not_found(give):
    with pytest.raises(NotFound):
        give(ApproveReservation, "bea", reservation="00000000-0000-4000-8000-000000000000")


def test_requests_expire_when_their_time_is_up_and_not_before(base, asked, give):
    approved = base.run(handlers.request_reservation, request("cyd", on(3, 10, 12)), now=NOW)
    give(ApproveReservation, "mia", reservation=approved["id"])
    assert base.run(handlers.expire_due, now=NOW + DAY - HOUR) == 0
    assert base.run(handlers.expire_due, now=NOW + DAY) == 1
    assert base.run(handlers.expire_due, now=NOW + DAY) == 0
    fact = base.events[-1]
    assert isinstance(fact, ReservationExpired)
    assert (fact.reservation, fact.version, fact.actor) == (asked["id"], 2, "")
    assert not base.claims[asked["id"]][2]
    assert base.claims[approved["id"]][2]


def test_expiring_catches_up_in_batches(base):
    for day in range(1, 131):
        base.run(handlers.request_reservation, request("ann", on(day, 10, 12), "LAB-1", unit="A"), now=at(day - 1, 9))
    later = at(200, 9)
    assert [base.run(handlers.expire_due, now=later) for _ in range(3)] == [100, 30, 0]
