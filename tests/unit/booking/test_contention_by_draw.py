"""Rivals among whom a draw decides, which everybody can check."""

import pytest

from services.booking import handlers
from services.booking.domain.states import State
from services.contracts import events
from services.contracts.commands import WithdrawReservation
from services.contracts.errors import WrongState
from tests.unit.booking.examples import NOW, command, on
from tests.unit.booking.rival_examples import (
    DECISION,
    OTHERS,
    allocate,
    ask,
    basis_of,
    collecting,
    decide,
    facts_of,
    state_of,
    told,
)


@pytest.fixture
def base(base):
    return told(base, collecting("draw"), *OTHERS)


def test_a_fingerprint_is_told_at_once_and_every_company_has_one_number(base):
    answers = [ask(base, who) for who in ("ann", "dan", "bob")]
    told_of = facts_of(base, events.ReservationCollected)
    assert len({each.fingerprint for each in told_of}) == 1
    assert [base.contenders[each["id"]].entry for each in answers] == [1, 2, 1]


def test_asking_again_keeps_the_number(base):
    first, second = ask(base, "ann"), ask(base, "dan")
    base.run(handlers.withdraw_reservation, command(WithdrawReservation, "ann", reservation=first["id"]), now=NOW)
    again = ask(base, "bob", on(3, 11, 13))
    assert base.contenders[again["id"]].entry == 1
    assert base.contenders[again["id"]].draw == base.contenders[second["id"]].draw


def test_a_manager_does_not_decide_against_it(base):
    with pytest.raises(WrongState):
        allocate(base, "mia", ask(base, "ann"))


def test_one_wins_and_what_was_drawn_is_kept_for_all_to_check(base):
    answers = [ask(base, who) for who in ("ann", "dan", "eve")]
    decide(base, DECISION)
    states = [state_of(base, each) for each in answers]
    assert sorted(states) == [State.REJECTED, State.REJECTED, State.REQUESTED]
    drawn = sorted(base.draw_entries.values(), key=lambda each: -each[2])
    assert [each[3] for each in drawn] == [True, False, False]
    loser = answers[states.index(State.REJECTED)]
    kept = basis_of(base, loser)
    assert kept["by"] == "draw"
    assert kept["winner"]["draw"]["key"] > kept["draw"]["key"]
    assert "parts" not in kept
    assert "parts" not in kept["winner"]
