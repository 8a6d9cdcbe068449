"""A run goes on after its end, asked for or not: until when, and who is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.spans import Span
from services.contracts.errors import InvalidInput, RuleBroken, SlotTaken, WrongState
from tests.unit.booking.examples import BASE, HOUR, NOW, at, lab_1, on
from tests.unit.booking.fakes import FakeBase
from tests.unit.booking.use_examples import MINUTE, approved, come, extend, facts, leave


def test_a_run_goes_on_while_the_time_after_it_is_free(base):
    reservation = approved(base)
    come(base, reservation, at(1, 10))
    answer = extend(base, reservation, at(1, 13.5), at(1, 11.9))
    assert (answer["state"], answer["ends_at"]) == ("in_use", at(1, 13.5))
    fact = base.events[-1]
    assert (type(fact).__name__, fact.former_ends_at, fact.ends_at) == ("ReservationExtended", at(1, 12), at(1, 13.5))
    assert base.claims[reservation][1] == Span(at(1, 9.5), at(1, 14))


def test_a_run_that_was_not_checked_in_goes_on_as_well_once_it_has_begun(base):
    reservation = approved(base)
    with pytest.raises(WrongState):
        extend(base, reservation, at(1, 13), at(1, 9))
    assert extend(base, reservation, at(1, 13), at(1, 11))["state"] == "approved"


def test_a_taken_time_ends_what_is_possible_and_says_until_when(base):
    reservation = approved(base)
    approved(base, "cyd", on(1, 15, 17))
    come(base, reservation, at(1, 10))
    with pytest.raises(SlotTaken) as refusal:
        extend(base, reservation, at(1, 15), at(1, 11))
    (only,) = refusal.value.facts["alternatives"]
    assert (only["why"], only["starts_at"], only["ends_at"]) == ("shorter", at(1, 10), at(1, 14))
    assert extend(base, reservation, only["ends_at"], at(1, 11))["ends_at"] == at(1, 14)
    with pytest.raises(SlotTaken) as refusal:
        extend(base, reservation, at(1, 14.5), at(1, 11))
    assert refusal.value.facts["alternatives"] == []


def test_the_rules_are_those_of_a_move(base):
    reservation = approved(base, span=on(1, 16, 18))
    come(base, reservation, at(1, 16))
    with pytest.raises(RuleBroken) as refusal:
        extend(base, reservation, at(1, 20.25), at(1, 17))
    told = {violation["rule"] for violation in refusal.value.facts["violations"]}
    assert told == {"not_whole_grid", "outside_opening_hours"}
    assert refusal.value.facts["alternatives"][0]["ends_at"] == at(1, 20)
    with pytest.raises(InvalidInput) as wrong:
        extend(base, reservation, at(1, 18), at(1, 17))
    assert wrong.value.facts == {"errors": {"ends_at": ["not_later"]}}


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 3))
def test_each_later_end_that_is_offered_is_granted_and_the_next_is_not(gap, length, elastic):
    base = FakeBase()
    for fact in (*BASE, lab_1(version=2, elastic_minutes=180, granularity_minutes=30)):
        base.run(handlers.take_fact, fact, now=NOW)
    reservation = approved(base, span=on(0, 10, 12), facility="LAB-1", unit="A", elastic_minutes=60 * elastic)
    begins = at(0, 13) + (gap / 2 + elastic) * HOUR
    approved(base, "cyd", Span(begins, begins + length * HOUR), "LAB-1", unit="A")
    come(base, reservation, at(0, 10))
    with pytest.raises(SlotTaken) as refusal:
        extend(base, reservation, begins + HOUR, at(0, 11))
    latest = begins - HOUR - elastic * HOUR
    if latest > at(0, 12):
        (only,) = refusal.value.facts["alternatives"]
        assert only["ends_at"] == latest
        assert extend(base, reservation, latest, at(0, 11))["ends_at"] == latest
    else:
        assert refusal.value.facts["alternatives"] == []


def test_an_elastic_run_holds_what_it_may_take_and_gives_it_back_when_it_ends(base):
    base.run(handlers.take_fact, lab_1(version=2, elastic_minutes=600), now=NOW)
    with pytest.raises(RuleBroken) as refusal:
        approved(base, span=on(1, 8, 32), facility="LAB-1", unit="A", elastic_minutes=660)
    assert [each["rule"] for each in refusal.value.facts["violations"]] == ["too_elastic"]
    run = approved(base, span=on(1, 8, 32), facility="LAB-1", unit="A", elastic_minutes=600)
    with pytest.raises(SlotTaken):
        approved(base, "cyd", on(2, 12, 14), "LAB-1", unit="A")
    come(base, run, at(1, 8))
    base.run(handlers.tell_overruns, now=at(2, 17))
    assert "ReservationOverran" not in facts(base, run)
    leave(base, run, at(2, 10))
    approved(base, "cyd", on(2, 12, 14), "LAB-1", unit="A")


def test_an_end_that_is_overrun_is_told_once_and_the_next_team_is_named_for_its_warning(base):
    reservation = approved(base)
    following = approved(base, "cyd", on(1, 13, 14))
    come(base, reservation, at(1, 10))
    assert base.run(handlers.tell_overruns, now=at(1, 12) - MINUTE) == 0
    assert [base.run(handlers.tell_overruns, now=at(1, 12) + step * MINUTE) for step in range(3)] == [1, 0, 0]
    told = base.events[-1]
    assert (told.next_reservation, told.next_team, told.next_requester) == (following, "blue", "cyd")
    assert (told.next_starts_at, told.version, told.state) == (at(1, 13), 4, "in_use")


def test_an_extension_makes_a_new_end_that_may_be_overrun(base):
    reservation = approved(base)
    come(base, reservation, at(1, 10))
    base.run(handlers.tell_overruns, now=at(1, 12))
    extend(base, reservation, at(1, 13), at(1, 12.2))
    assert [base.run(handlers.tell_overruns, now=at(1, 13)) for _ in range(2)] == [1, 0]
    assert base.events[-1].next_reservation is None
