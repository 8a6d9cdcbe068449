"""Campaigns on the small base in memory: held as one, decided, moved and given up as one."""

from collections import Counter

import pytest

from services.booking import handlers
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.handlers.replan.computing import plan_at_once
from services.contracts import commands
from services.contracts.errors import (
    InvalidInput,
    NotAllowed,
    NotFound,
    RuleBroken,
    StaleVersion,
    StepsClash,
    WrongState,
)
from services.contracts.events import (
    CampaignCancelled,
    CampaignDecided,
    CampaignEvent,
    CampaignMoved,
    CampaignRequested,
    QuotaChanged,
)
from tests.unit.booking.campaign_examples import HANDLERS, campaign, step, steps
from tests.unit.booking.examples import DAY, HOUR, NOW, at, command, lab_3, on, plat_05, request
from tests.unit.booking.fakes import overlapping
from tests.unit.booking.test_interruptions import interruption

ENDS = {
    "reject": (commands.RejectReservation, handlers.reject_reservation, {"reason": "no"}),
    "withdraw": (commands.WithdrawReservation, handlers.withdraw_reservation, {}),
    "cancel": (commands.CancelReservation, handlers.cancel_reservation, {}),
}


@pytest.fixture
def ask(base):
    return lambda *arguments, now=NOW, **fields: base.run(
        handlers.request_campaign, campaign(*arguments, **fields), now=now)


@pytest.fixture
def act(base):
    def act(kind, actor, asked, now=NOW, **fields):
        return base.run(HANDLERS[kind], command(kind, actor, campaign=asked["id"], **fields), now=now)

    return act


@pytest.fixture
def single(base):
    def single(name, actor, asked, number, now=NOW, **more):
        kind, handler, fields = ENDS[name]
        member = asked["steps"][number - 1]["id"]
        return base.run(handler, command(kind, actor, reservation=member, **fields | more), now=now)

    return single


@pytest.fixture
def members(base):
    """The members of a campaign in order."""
    def members(asked):
        found = [each for each in base.reservations.values() if each.campaign == asked["id"]]
        return sorted(found, key=lambda each: each.campaign_step)

    return members


@pytest.fixture
def states(members):
    return lambda asked: [str(each.state) for each in members(asked)]


def campaign_facts(base):
    return [fact for fact in base.events if isinstance(fact, CampaignEvent)]


def violations(refusal):
    return {each["step"]: {broken["rule"] for broken in each["violations"]} for each in refusal.value.facts["steps"]}


def approve_all(act, asked):
    act(commands.ApproveCampaign, "mia", asked)


def test_every_step_is_held_and_told_of_once(base, ask, states):
    asked = ask(project="red-p")
    assert [(each["step"], each["facility"]) for each in asked["steps"]] == [(1, "PLAT-05"), (2, "LAB-3"), (3, "LAB-1")]
    assert states(asked) == ["approved", "requested", "requested"]
    (fact,) = campaign_facts(base)
    assert isinstance(fact, CampaignRequested)
    assert (fact.version, fact.state, fact.actor, fact.project) == (1, "waiting", "ann", "red-p")
    assert [(each["reservation"], each["state"], each["awaits"]) for each in fact.members] == [
        (each["id"], each["state"], each["awaits"]) for each in asked["steps"]]
    own = [(fact.reservation, fact.campaign) for fact in base.events if getattr(fact, "of_campaign", False)]
    assert own == [(each["id"], asked["id"]) for each in asked["steps"]]


def test_a_step_that_is_taken_refuses_the_whole_and_offers_whole_plans(base, ask, members):
    base.run(handlers.request_reservation, request("cyd", span=on(1, 12, 14)), now=NOW)
    before = Counter(each.state for each in base.reservations.values())
    with pytest.raises(StepsClash) as refusal:
        ask()
    told = refusal.value.facts
    assert [(each["step"], each["ok"], each["taken"]) for each in told["steps"]] == [
        (1, True, False), (2, False, True), (3, True, False)]
    assert Counter(each.state for each in base.reservations.values()) == before
    assert not campaign_facts(base)
    plan = told["plans"][0]
    taken = ask(asked=[
        step(each["facility"], Span(each["starts_at"], each["ends_at"]), **gaps)
        for each, gaps in zip(plan["steps"], ({}, {"least_gap_minutes": 60}, {"most_gap_minutes": 2880}), strict=True)
    ])
    assert [each["starts_at"] for each in taken["steps"]] == [each["starts_at"] for each in plan["steps"]]
    assert not overlapping(base)


@pytest.mark.parametrize(("asked", "number", "rule"), [
    ([step("PLAT-05", on(1, 9, 11)), step("LAB-3", on(1, 10, 12))], 2, "campaign_order"),
    ([step("PLAT-05", on(1, 9, 11)), step("LAB-3", on(1, 11.5, 12.5), least_gap_minutes=60)], 2, "gap_too_short"),
    ([step("PLAT-05", on(1, 9, 11)), step("LAB-3", on(2, 12, 14), most_gap_minutes=24 * 60)], 2, "gap_too_long"),
])
def test_order_and_gaps_are_rules(ask, asked, number, rule):
    with pytest.raises(StepsClash) as refusal:
        ask(asked=asked)
    assert rule in violations(refusal)[number]


def test_gaps_are_met_exactly(ask):
    assert ask(asked=[
        step("PLAT-05", on(1, 9, 11)),
        step("LAB-3", on(1, 12, 14), least_gap_minutes=60, most_gap_minutes=60),
    ])["state"] == "waiting"


def test_steps_of_one_facility_see_each_other(base, ask):
    base.run(handlers.take_fact, lab_3(version=2, setup_minutes=30, cleardown_minutes=30), now=NOW)
    with pytest.raises(StepsClash) as refusal:
        ask(asked=[step("LAB-3", on(1, 9, 11)), step("LAB-3", on(1, 11, 13))])
    assert [each["taken"] for each in refusal.value.facts["steps"]] == [False, True]
    assert ask(asked=[step("LAB-3", on(1, 9, 11)), step("LAB-3", on(1, 12, 14))])


@pytest.mark.parametrize(("fields", "errors"), [
    ({"asked": []}, {"steps"}),
    ({"asked": [step("PLAT-05", on(1, 9, 10))] * 13}, {"steps"}),
    ({"team": "blue"}, {"team"}),
    ({"project": "nope"}, {"project"}),
    ({"asked": [step("NOPE", on(1, 9, 11)), step("LAB-3", on(1, 12, 11), unit="Z")]},
     {"steps.0.facility", "steps.1.ends_at", "steps.1.unit"}),
    ({"asked": [step("PLAT-05", on(1, 9, 11), colour="red")]}, {"steps.0.colour"}),
    ({"asked": [step("PLAT-05", on(1, 9, 11)),
                step("LAB-3", on(1, 12, 14), least_gap_minutes=90, most_gap_minutes=60)]},
     {"steps.1.most_gap_minutes"}),
    ({"asked": [step("PLAT-05", on(1, 9, 11), operator="cyd")]}, {"steps.0.operator"}),
])
def test_everything_that_is_wrong_is_told_at_once(ask, fields, errors):
    with pytest.raises(InvalidInput) as refusal:
        ask(**fields)
    assert set(refusal.value.facts["errors"]) == errors


def test_each_manager_agrees_to_their_steps_and_the_last_one_grants_it(base, ask, act, states):
    base.run(handlers.take_fact, plat_05(version=2, approval="manager"), now=NOW)
    asked = ask()
    assert act(commands.ApproveCampaign, "mia", asked)["state"] == "waiting"
    assert states(asked) == ["requested", "approved", "approved"]
    assert act(commands.ApproveCampaign, "max", asked)["state"] == "granted"
    decided = [fact for fact in campaign_facts(base) if isinstance(fact, CampaignDecided)]
    assert [(fact.version, fact.approved, fact.state) for fact in decided] == [
        (2, True, "waiting"), (3, True, "granted")]
    with pytest.raises(WrongState):
        act(commands.ApproveCampaign, "max", asked)


def test_one_manager_who_rejects_ends_it_all(base, ask, act, states):
    base.run(handlers.take_fact, plat_05(version=2, approval="manager"), now=NOW)
    asked = ask()
    act(commands.ApproveCampaign, "max", asked)
    answer = act(commands.RejectCampaign, "mia", asked, reason="the chamber is full")
    assert answer["state"] == "ended"
    assert states(asked) == ["cancelled", "rejected", "rejected"]
    assert not any(held for _, _, held in base.claims.values())
    fact = campaign_facts(base)[-1]
    assert isinstance(fact, CampaignDecided)
    assert (fact.approved, fact.reason, fact.actor) == (False, "the chamber is full", "mia")


@pytest.mark.parametrize(("name", "actor", "number", "left", "kind"), [
    ("reject", "mia", 2, ["cancelled", "rejected", "rejected"], CampaignDecided),
    ("withdraw", "bob", 3, ["cancelled", "withdrawn", "withdrawn"], CampaignCancelled),
    ("cancel", "ann", 1, ["cancelled", "withdrawn", "withdrawn"], CampaignCancelled),
])
def test_what_ends_one_step_ends_the_rest_with_it(base, ask, single, states, name, actor, number, left, kind):
    asked = ask()
    answer = single(name, actor, asked, number)
    assert answer["id"] == asked["steps"][number - 1]["id"]
    assert states(asked) == left
    assert [type(fact) for fact in campaign_facts(base)] == [CampaignRequested, kind]
    ended = [fact for fact in base.events if getattr(fact, "of_campaign", False) and fact.state in left]
    assert len({fact.reservation for fact in ended if fact.version > 1}) == 3


def test_the_base_needs_a_reason_to_cancel_one_step(ask, act, single, states):
    asked = ask()
    with pytest.raises(InvalidInput):
        single("cancel", "max", asked, 1)
    single("cancel", "max", asked, 1, reason="the station is broken")
    assert states(asked) == ["cancelled", "withdrawn", "withdrawn"]


def test_what_nobody_decides_in_time_ends_it_all(base, ask, states):
    asked = ask(asked=steps(2))
    assert base.run(handlers.expire_due, now=NOW + DAY) == 0
    assert base.run(handlers.expire_campaigns, now=NOW + DAY) == 1
    assert states(asked) == ["cancelled", "expired", "expired"]
    fact = campaign_facts(base)[-1]
    assert (type(fact), fact.because, fact.actor) == (CampaignCancelled, "expire", "")
    assert base.run(handlers.expire_campaigns, now=NOW + DAY) == 0


def test_what_may_go_higher_is_escalated_first(base, ask, states, members):
    base.run(handlers.take_fact, lab_3(version=2, escalation_hours=4), now=NOW)
    asked = ask(asked=[step("PLAT-05", on(5, 9, 11)), step("LAB-3", on(7, 12, 14))])
    base.run(handlers.expire_campaigns, now=NOW + DAY)
    assert [each.awaits for each in members(asked)] == [None, "base"]
    base.run(handlers.expire_campaigns, now=NOW + DAY + 4 * HOUR)
    assert states(asked) == ["cancelled", "expired"]


def test_a_no_show_ends_nothing(base, ask, act, states):
    asked = ask()
    approve_all(act, asked)
    base.run(handlers.mark_no_show, command(
        commands.MarkNoShow, "max", reservation=asked["steps"][0]["id"]), now=at(1, 9.5))
    assert states(asked) == ["no_show", "approved", "approved"]


def test_what_has_begun_stays_when_the_rest_is_given_up(base, ask, act, states):
    asked = ask()
    approve_all(act, asked)
    base.run(handlers.check_in_reservation, command(
        commands.CheckInReservation, "ann", reservation=asked["steps"][0]["id"]), now=at(1, 9))
    assert act(commands.CancelCampaign, "ann", asked, now=at(1, 9.5))["state"] == "ended"
    assert states(asked) == ["in_use", "cancelled", "cancelled"]


def test_a_team_gives_it_up_only_where_it_is_in_time_for_each_step(base, ask, act, states):
    base.run(handlers.take_fact, lab_3(version=2, cancel_notice_minutes=24 * 60), now=NOW)
    asked = ask()
    approve_all(act, asked)
    with pytest.raises(RuleBroken):
        act(commands.CancelCampaign, "ann", asked, now=NOW + 5 * HOUR)
    assert states(asked) == ["approved"] * 3
    with pytest.raises(InvalidInput):
        act(commands.CancelCampaign, "max", asked, now=NOW + 5 * HOUR)
    act(commands.CancelCampaign, "max", asked, now=NOW + 5 * HOUR, reason="the line is down")
    assert states(asked) == ["cancelled"] * 3


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


def test_others_do_not_see_it_and_colleagues_of_the_base_act_within_their_rights(ask, act):
    asked = ask()
    with pytest.raises(NotFound):
        act(commands.CancelCampaign, "cyd", asked)
    with pytest.raises(NotAllowed):
        act(commands.ApproveCampaign, "ann", asked)
    with pytest.raises(StaleVersion):
        act(commands.CancelCampaign, "ann", asked, version=2)
    with pytest.raises(NotAllowed):
        act(commands.MoveCampaign, "max", asked, version=1, shift_minutes=60)


def test_the_quota_counts_all_steps_together(base, ask):
    base.run(handlers.take_fact, QuotaChanged(
        version=1, quota="Q", scope="team", subject=None, kind="lab", per="week", limit=25 * 60), now=NOW)
    with pytest.raises(StepsClash) as refusal:
        ask()
    assert violations(refusal) == {1: set(), 2: set(), 3: {"quota_exceeded"}}
    assert State.REQUESTED not in {each.state for each in base.reservations.values()}


def test_a_re_plan_that_finds_no_place_for_one_step_ends_the_rest_with_it(base, ask, states):
    """The gap to the ageing leaves no other time, and the equal lab is closed too."""
    asked = ask(asked=[step("PLAT-05", on(1, 9, 11)), step("LAB-3", on(1, 12, 14), most_gap_minutes=120)])
    base.run(handlers.take_fact, interruption(on(1, 0, 48)), now=NOW)
    base.run(handlers.take_fact, interruption(on(1, 0, 48), code="I-2", facility="LAB-4"), now=NOW)
    base.run(plan_at_once, now=NOW)
    replan = next(each for each, _ in base.replans.values() if each.is_open and "LAB-3" in each.places)
    base.run(handlers.accept_replan, command(
        commands.AcceptReplan, "bea", replan=replan.id, version=replan.version), now=NOW)
    assert states(asked) == ["cancelled", "cancelled"]
    fact = campaign_facts(base)[-1]
    assert (type(fact), fact.state, fact.actor) == (CampaignCancelled, "ended", "bea")
