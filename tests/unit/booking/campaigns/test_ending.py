"""A campaign is given up, or has begun."""

import pytest

from services.booking import handlers
from services.contracts import commands
from services.contracts.errors import InvalidInput, RuleBroken
from tests.unit.booking.campaign_examples import approve_all
from tests.unit.booking.examples import HOUR, NOW, at, command, lab_3


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
