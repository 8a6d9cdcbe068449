"""A campaign is agreed to step by step, and ends as one."""

import pytest

from services.booking import handlers
from services.booking.handlers.replan.computing import plan_at_once
from services.contracts import commands
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, StaleVersion, WrongState
from services.contracts.events import CampaignCancelled, CampaignDecided, CampaignRequested
from tests.unit.booking.campaign_examples import campaign_facts, step, steps
from tests.unit.booking.examples import DAY, HOUR, NOW, command, lab_3, on, plat_05
from tests.unit.booking.test_interruptions import interruption


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
