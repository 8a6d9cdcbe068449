"""A campaign is asked for: held as one, or refused as one with all that stands in its way."""

from collections import Counter

import pytest

from services.booking import handlers
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.contracts.errors import InvalidInput, StepsClash
from services.contracts.events import CampaignRequested, QuotaChanged
from tests.unit.booking.campaign_examples import campaign_facts, step, violations
from tests.unit.booking.examples import NOW, lab_3, on, request
from tests.unit.booking.fakes import overlapping


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


def test_the_quota_counts_all_steps_together(base, ask):
    base.run(handlers.take_fact, QuotaChanged(
        version=1, quota="Q", scope="team", subject=None, kind="lab", per="week", limit=25 * 60), now=NOW)
    with pytest.raises(StepsClash) as refusal:
        ask()
    assert violations(refusal) == {1: set(), 2: set(), 3: {"quota_exceeded"}}
    assert State.REQUESTED not in {each.state for each in base.reservations.values()}
