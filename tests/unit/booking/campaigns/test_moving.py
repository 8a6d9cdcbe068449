"""A campaign moves as a whole, or a step by itself."""

import pytest

from services.booking import handlers
from services.contracts import commands
from services.contracts.errors import InvalidInput, RuleBroken, StepsClash
from services.contracts.events import CampaignMoved
from tests.unit.booking.campaign_examples import approve_all, campaign_facts, step, steps, violations
from tests.unit.booking.examples import NOW, at, command, on, request
from tests.unit.booking.fakes import overlapping


def test_all_steps_move_by_the_same_time(base, ask, act, members):
    asked = ask()
    approve_all(act, asked)
    moved = act(commands.MoveCampaign, "ann", asked, version=2, shift_minutes=24 * 60)
    assert [each["starts_at"] for each in moved["steps"]] == [at(2, 9), at(2, 12), at(2, 16)]
    fact = campaign_facts(base)[-1]
    assert (type(fact), fact.version) == (CampaignMoved, 3)
    own = [fact for fact in base.events if fact.__class__.__name__ == "ReservationMoved"]
    assert [(fact.former_starts_at, fact.of_campaign) for fact in own] == [
        (at(1, 9), True), (at(1, 12), True), (at(1, 16), True)]
    assert not overlapping(base)


def test_steps_move_to_a_plan_of_their_own_and_may_take_each_others_places(base, ask, act):
    asked = ask(asked=[step("LAB-3", on(1, 9, 11)), step("LAB-3", on(1, 12, 14))])
    moved = act(commands.MoveCampaign, "ann", asked, version=1, steps=[
        {"step": 1, "starts_at": at(1, 12).isoformat()}, {"step": 2, "starts_at": at(1, 15).isoformat()}])
    assert [each["starts_at"] for each in moved["steps"]] == [at(1, 12), at(1, 15)]
    assert not overlapping(base)


def test_a_move_that_one_step_cannot_make_moves_none(base, ask, act, members):
    base.run(handlers.request_reservation, request("cyd", span=on(2, 12, 14)), now=NOW)
    asked = ask()
    with pytest.raises(StepsClash) as refusal:
        act(commands.MoveCampaign, "ann", asked, version=1, shift_minutes=24 * 60)
    assert [each["ok"] for each in refusal.value.facts["steps"]] == [True, False, True]
    assert [each.span for each in members(asked)] == [on(1, 9, 11), on(1, 12, 14), on(1, 16, 40)]
    assert refusal.value.facts["plans"]
    with pytest.raises(StepsClash) as refusal:
        act(commands.MoveCampaign, "ann", asked, version=1, steps=[
            {"step": 3, "starts_at": at(4, 16).isoformat()}])
    assert violations(refusal) == {3: {"gap_too_long"}}


@pytest.mark.parametrize(("fields", "errors"), [
    ({}, {"steps"}),
    ({"shift_minutes": 60, "steps": [{"step": 1, "starts_at": at(1, 9).isoformat()}]}, {"shift_minutes"}),
    ({"steps": [{"step": 4, "starts_at": at(1, 9).isoformat()}]}, {"steps.0.step"}),
    ({"steps": [{"step": 1, "starts_at": at(1, 9).isoformat(), "facility": "NOPE"}]}, {"steps.0.facility"}),
])
def test_a_move_says_all_that_is_wrong(ask, act, fields, errors):
    asked = ask()
    with pytest.raises(InvalidInput) as refusal:
        act(commands.MoveCampaign, "ann", asked, version=1, **fields)
    assert set(refusal.value.facts["errors"]) == errors


def test_one_step_moves_by_itself_while_the_order_and_gaps_hold(base, ask, act):
    asked = ask(asked=steps(least_gap_minutes=60))
    member = asked["steps"][1]
    move = {"reservation": member["id"], "version": 1}
    for span, rule in ((on(1, 11.5, 13.5), "gap_too_short"), (on(1, 8, 10), "campaign_order"),
                       (on(1, 14, 16), "gap_too_short")):
        with pytest.raises(RuleBroken) as refusal:
            base.run(handlers.move_reservation, command(
                commands.MoveReservation, "ann", **move, **span._asdict()), now=NOW)
        assert rule in {each["rule"] for each in refusal.value.facts["violations"]}
        assert all(at(1, 12) <= each["starts_at"] and each["ends_at"] <= at(1, 15)
                   for each in refusal.value.facts["alternatives"])
    moved = base.run(handlers.move_reservation, command(
        commands.MoveReservation, "ann", **move, **on(1, 12.5, 14.5)._asdict()), now=NOW)
    assert moved["starts_at"] == at(1, 12.5)


def test_a_running_step_goes_on_only_up_to_the_gap_before_the_next(base, ask, act):
    asked = ask(asked=[step("PLAT-05", on(1, 9, 11)), step("LAB-3", on(1, 12, 14), least_gap_minutes=30)])
    approve_all(act, asked)
    first = asked["steps"][0]["id"]
    check_in = command(commands.CheckInReservation, "ann", reservation=first)
    base.run(handlers.check_in_reservation, check_in, now=at(1, 9))
    with pytest.raises(RuleBroken) as refusal:
        base.run(handlers.extend_reservation, command(
            commands.ExtendReservation, "ann", reservation=first, ends_at=at(1, 12)), now=at(1, 10))
    assert [each["rule"] for each in refusal.value.facts["violations"]] == ["gap_too_short"]
    assert [each["ends_at"] for each in refusal.value.facts["alternatives"]] == [at(1, 11.5)]
    base.run(handlers.extend_reservation, command(
        commands.ExtendReservation, "ann", reservation=first, ends_at=at(1, 11.5)), now=at(1, 10))
