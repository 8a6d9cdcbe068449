"""Re-plans and campaigns: the order and the gaps are kept, and a campaign of which a step is lost ends as a whole."""

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
    (placement,) = replan.plan.placements
    assert placement.after is None, "neither earlier nor later would it fit between the others"
    assert placement.weight == 3, "the others go with it"
    answer = desk.accept(replan, "bea")
    assert answer["state"] == "accepted"
    assert not [each for each in steps if desk.base.reservations[each].is_held]
    assert desk.base.reservations[steps[1]].state is State.CANCELLED
    assert [each.campaign for each in desk.base.events if isinstance(each, CampaignCancelled)]


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
