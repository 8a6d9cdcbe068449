"""Asking for campaigns, acting on them and looking at their steps."""

import pytest

from services.booking import handlers
from services.contracts import commands
from tests.unit.booking.campaign_examples import HANDLERS, campaign
from tests.unit.booking.examples import NOW, command

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
