"""Re-plans and campaigns: the order and the gaps are kept, and a campaign of which a step is lost ends as a whole."""

from dataclasses import replace

import pytest

from services.booking import handlers
from services.booking.domain.states import State
from services.contracts.events import CampaignCancelled
from tests.unit.booking.campaign_examples import campaign
from tests.unit.booking.examples import on
from tests.unit.booking.test_interruptions import interruption
from tests.unit.booking.test_replans import desk

__all__ = ["desk"]


@pytest.fixture
def steps(desk):
    """Nine to eleven on PLAT-05, twelve to fourteen in LAB-3, from sixteen on in LAB-1, within 48 hours."""
    made = desk.base.run(handlers.request_campaign, campaign(), now=desk.now)["steps"]
    return [each["id"] for each in made]


def test_a_step_goes_only_where_it_keeps_its_gaps(desk, steps):
    desk.tell(interruption(on(1, 12, 14)))
    (placement,) = desk.plan().plan.placements
    assert (placement.reservation, placement.reason) == (steps[1], "same_time_elsewhere")
    desk.tell(interruption(on(1, 0, 24), code="I-2", facility="LAB-4"))
    desk.tell(interruption(on(1, 12, 14), version=2))
    replan = desk.plan()
    told = {each.reservation: each for each in replan.plan.placements}
    assert told[steps[1]].after is None, "neither earlier nor later would it fit between the others"
    assert told.keys() == set(steps), "the others go with it"
    assert [told[each].reason for each in steps] == ["goes_along", "no_place", "goes_along"]
    assert [told[each].before.facility for each in steps] == ["PLAT-05", "LAB-3", "LAB-1"]
    assert replan.plan.goals[:3] == (3, 3, 0)
    answer = desk.accept(replan, "bea")
    assert answer["state"] == "accepted"
    assert not [each for each in steps if desk.base.reservations[each].is_held]
    assert desk.base.reservations[steps[1]].state is State.CANCELLED
    (ended,) = [each for each in desk.base.events if isinstance(each, CampaignCancelled)]
    assert [(each["reservation"], each["touched"]) for each in ended.members] == [(each, True) for each in steps]


def test_two_steps_that_are_hit_keep_their_order(desk, steps):
    desk.tell(interruption(on(1, 0, 24), kind="closure", facility=None))
    replan = desk.plan()
    placed = {each.reservation: each.after for each in replan.plan.placements}
    assert set(placed) == set(steps)
    if all(placed.values()):
        first, second, third = (placed[each].span for each in steps)
        assert first.ends_at <= second.starts_at
        assert second.ends_at <= third.starts_at
        desk.accept(replan, "bea")
    else:
        assert not any(placed.values())


@pytest.fixture
def lost(desk, steps):
    """The step in the middle has no place."""
    desk.tell(interruption(on(1, 0, 24), code="I-2", facility="LAB-4"))
    desk.tell(interruption(on(1, 12, 14)))
    return desk.plan()


def test_it_is_planned_anew_when_a_step_that_would_go_along_has_changed_or_has_gone(desk, steps, lost):
    former = desk.base.reservations[steps[2]]
    desk.base.reservations[steps[2]] = replace(former, version=former.version + 1)
    answer = desk.accept(lost, "bea")
    assert answer["state"] == "proposed"
    assert desk.base.reservations[steps[0]].is_held
    again, _ = desk.base.replans[lost.id]
    assert again.plan.of(steps[2]).version == former.version + 1
    assert desk.accept(again, "bea")["state"] == "accepted"


def test_a_step_that_is_left_out_goes_along_all_the_same(desk, steps):
    desk.tell(interruption(on(1, 0, 24 * 60), kind="closure", facility=None))
    replan = desk.revise(desk.plan(), "bea", excluded_reservations=[steps[0]])
    told = {each.reservation: (each.after, each.reason) for each in replan.plan.placements}
    assert told[steps[0]] == (None, "goes_along")
    assert replan.plan.goals.cancelled == 3
    assert desk.accept(replan, "bea")["state"] == "accepted"
    assert not [each for each in steps if desk.base.reservations[each].is_held]


def test_what_has_begun_is_counted_more_and_stays(desk, steps):
    desk.base.reservations[steps[0]] = replace(desk.base.reservations[steps[0]], state=State.FINISHED)
    desk.tell(interruption(on(1, 0, 24), code="I-2", facility="LAB-4"))
    desk.tell(interruption(on(1, 12, 14)))
    plan = desk.plan().plan
    assert {each.reservation for each in plan.placements} == set(steps[1:])
    assert plan.goals[:2] == (4, 2)
