"""Asking for time, on the small base in memory."""

import pytest

from services.booking import handlers
from services.booking.domain.states import Action, State
from services.contracts.errors import InvalidInput, NotAllowed, RuleBroken, SlotTaken
from services.contracts.events import ReservationApproved, ReservationRequested
from tests.unit.booking.examples import DAY, HOUR, NOW, at, lab_1, on, request


@pytest.fixture
def ask(base):
    def ask(*arguments, now=NOW, **fields):
        return base.run(handlers.request_reservation, request(*arguments, **fields), now=now)

    return ask


def test_a_request_holds_its_time_and_waits(base, ask):
    answer = ask(project="red-p")
    assert (answer["state"], answer["version"], answer["unit"], answer["decide_by"]) == ("requested", 1, "A", NOW + DAY)
    (fact,) = base.events
    assert isinstance(fact, ReservationRequested)
    assert (fact.reservation, fact.version, fact.decide_by, fact.actor) == (answer["id"], 1, NOW + DAY, "ann")
    assert base.claims[answer["id"]] == (("LAB-3", "A"), on(1, 9.5, 12.5), True)
    (entry,) = base.history[answer["id"]]
    assert (entry.action, entry.actor, entry.at, entry.former) == (Action.REQUEST, "ann", NOW, {})
    assert (entry.changed["state"], entry.changed["starts_at"]) == (State.REQUESTED, at(1, 10))
    assert entry.basis == {"facility_version": 1, "approval": "manager"}


def test_nobody_waits_beyond_the_start(ask):
    assert ask("ann", on(0, 10, 12))["decide_by"] == at(0, 10)


def test_an_automatic_facility_approves_at_once_with_one_fact(base, ask):
    answer = ask(facility="PLAT-05")
    assert (answer["state"], answer["version"], answer["decide_by"]) == ("approved", 1, None)
    (fact,) = base.events
    assert isinstance(fact, ReservationApproved)
    assert fact.automatic


def test_the_second_is_told_where_else_it_could_be(base, ask):
    ask("ann")
    with pytest.raises(SlotTaken) as refusal:
        ask("cyd", on(1, 12, 14))
    first = refusal.value.facts["alternatives"][0]
    assert first == {
        "facility": "LAB-3", "unit": "A", "starts_at": at(1, 13), "ends_at": at(1, 15), "why": "later",
    }
    assert "equivalent_facility" in [each["why"] for each in refusal.value.facts["alternatives"]]
    assert len(base.reservations) == 1
    assert ask("cyd", on(1, 13, 15))["state"] == "requested"


def test_all_broken_rules_come_together_and_with_alternatives(ask):
    with pytest.raises(RuleBroken) as refusal:
        ask("ann", on(5, 10.25, 12.25))
    assert [each["rule"] for each in refusal.value.facts["violations"]] == ["not_whole_grid", "outside_opening_hours"]
    assert refusal.value.facts["alternatives"][0]["starts_at"] == at(4, 18)


@pytest.mark.parametrize(("fields", "errors"), [
    ({"facility": "LAB-9"}, {"facility": ["unknown"]}),
    ({"team": "green"}, {"team": ["unknown_team"]}),
    ({"team": "blue"}, {"team": ["unknown_team"]}),
    ({"project": "blue-p"}, {"project": ["unknown_project"]}),
    ({"unit": "Z"}, {"unit": ["unknown_unit"]}),
    ({"ends_at": at(1, 10)}, {"ends_at": ["ends_before_start"]}),
    ({"ends_at": at(1 + 366, 11)}, {"ends_at": ["out_of_range"]}),
    ({"facility": "LAB-9", "team": "blue", "ends_at": at(0, 10)}, {
        "facility": ["unknown"], "team": ["unknown_team"], "ends_at": ["ends_before_start"],
    }),
])
def test_wrong_fields_are_all_named(ask, fields, errors):
    with pytest.raises(InvalidInput) as refusal:
        ask(**fields)
    assert refusal.value.facts["errors"] == errors


@pytest.mark.parametrize("actor", ["nobody", "ian"])
def test_the_unknown_and_the_inactive_may_not_ask(ask, actor):
    with pytest.raises(NotAllowed):
        ask(actor, team="blue")


def test_an_administrator_may_ask_for_any_team(ask):
    assert ask("ada", team="blue")["state"] == "requested"


def test_a_unit_that_is_gone_takes_nothing_new_and_keeps_what_it_has(base, ask):
    held = ask(facility="LAB-1", unit="D")
    base.run(handlers.take_fact, lab_1(version=2, units="ABC"), now=NOW)
    with pytest.raises(InvalidInput):
        ask(facility="LAB-1", unit="D", span=on(9, 10, 12))
    assert base.claims[held["id"]][2]
    assert base.units["LAB-1", "D"] is False


def test_a_claim_that_the_store_refuses_is_a_taken_slot(base, ask):
    """Somebody wrote past the lock: what was read under it was not all."""

    def blindly(uow, now):
        uow.reservations.claims_under_lock = lambda *_: {}
        return handlers.request_reservation(request("cyd"), uow, now)

    ask("ann")
    with pytest.raises(SlotTaken) as refusal:
        base.run(blindly, now=NOW)
    assert refusal.value.facts["alternatives"]


def test_time_scale_shortens_the_waiting(base):
    def asked(uow, now):
        uow.time_scale = 24
        return handlers.request_reservation(request(), uow, now)

    assert base.run(asked, now=NOW)["decide_by"] == NOW + HOUR
