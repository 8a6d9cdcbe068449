"""The table of transitions is complete, and says what the design says."""

import itertools

import pytest

from services.booking.domain.reservation import Reservation, is_possible, require, step
from services.booking.domain.states import HELD, SHOWN, TRANSITIONS, WHILE_IT_LASTS, Action, State
from services.contracts.errors import WrongState
from tests.unit.booking.examples import DAY, at, on

EXPECTED = {
    "requested": {"describe", "attach", "detach", "approve", "reject", "withdraw", "expire", "escalate", "move",
                  "swap", "replan", "confirm"},
    "approved": {"attach", "move", "cancel", "check_in", "extend", "mark_no_show", "swap", "replan", "confirm"},
    "in_use": {"extend", "overrun", "check_out"},
    "competing": {"allocate", "pass_over", "withdraw", "expire"},
    "offered": {"accept", "decline", "expire"},
}
EVERY_PAIR = list(itertools.product(State, Action))
BEFORE, AFTER = at(0, 9), at(1, 12)


def reservation(state):
    return Reservation(
        id="r", version=3, state=state, facility="LAB-3", unit="A", span=on(1, 10, 12), team="red", project=None,
        purpose="p", requester="ann", decide_by=at(1, 9) if state is State.REQUESTED else None,
    )


@pytest.mark.parametrize(("state", "action"), EVERY_PAIR)
def test_every_pair_is_decided(state, action):
    assert is_possible(reservation(state), action, BEFORE) == (action in EXPECTED.get(state, ()))


@pytest.mark.parametrize(("state", "action"), sorted(set(EVERY_PAIR) - set(TRANSITIONS)))
def test_what_is_not_in_the_table_is_refused_with_its_names(state, action):
    with pytest.raises(WrongState) as refusal:
        require(reservation(state), action, BEFORE)
    assert refusal.value.facts == {"state": str(state), "action": str(action)}


@pytest.mark.parametrize(("state", "action"), [pair for pair, states in TRANSITIONS.items() if len(states) == 1])
def test_a_step_raises_the_version_by_one_and_ends_the_waiting(state, action):
    after = step(reservation(state), action, BEFORE)
    assert {after.state} == TRANSITIONS[state, action]
    assert (after.version, after.decide_by, after.awaits) == (4, None, None)


def test_every_state_is_reached_and_every_end_releases_the_claim():
    reached = set().union(*TRANSITIONS.values())
    ends = set(State) - {state for state, _ in TRANSITIONS}
    begins = {State.COMPETING, State.OFFERED}
    assert reached == set(State) - begins
    assert not ends & HELD
    assert set(State) - ends == HELD | {State.COMPETING}, "rivals that compete hold nothing"
    assert SHOWN > HELD


@pytest.mark.parametrize("action", sorted(WHILE_IT_LASTS))
def test_what_is_over_stays_as_it_was(action):
    states = [state for state, possible in TRANSITIONS if possible is action]
    assert states
    for state in states:
        assert is_possible(reservation(state), action, AFTER - DAY)
        assert not is_possible(reservation(state), action, AFTER)
