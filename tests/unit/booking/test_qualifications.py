"""Facilities that require a training: who may run there until when, on every road into a reservation."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.rules import broken_rules
from services.booking.domain.spans import Span
from services.booking.domain.wish import Party, Wish
from services.booking.storage.rows import facility_in, snapshot_of
from services.contracts.commands import MoveReservation
from services.contracts.errors import RuleBroken
from services.contracts.messaging import encoding
from tests.unit.booking.examples import DAY, HOUR, NOW, at, command, holder, lab_3, on, qualification, request

EMC = facility_in(encoding.dumps(snapshot_of(lab_3(qualifications=["EMC"]))).decode())
RULES = ("not_qualified", "qualification_ends")
hours = st.integers(-100, 400).map(lambda count: at(0, 12) + count * HOUR)


@pytest.fixture
def trained(base):
    """LAB-3 requires EMC, which Bob has until Wednesday noon."""
    for event in (lab_3(version=2, qualifications=["EMC"]), qualification("EMC"), holder("bob", EMC=at(2, 12))):
        base.run(handlers.take_fact, event, now=NOW)
    return base


def refused(base, *arguments, **fields):
    with pytest.raises(RuleBroken) as refusal:
        base.run(handlers.request_reservation, request(*arguments, **fields), now=NOW)
    return {each["rule"]: each for each in refusal.value.facts["violations"]}


def told(party, span, former=None):
    return [each.rule for each in broken_rules(Wish(span=span, former=former, party=party), EMC, NOW)
            if each.rule in RULES]


@given(until=st.none() | hours, starts=hours, length=st.integers(1, 9))
def test_it_holds_until_the_run_ends_or_not_at_all(until, starts, length):
    span = Span(starts, starts + length * HOUR)
    party = Party(team="red", operator="bob", qualifications={"EMC": until} if until else {})
    expected = ["not_qualified"] if until is None else ["qualification_ends"] if until < span.ends_at else []
    assert told(party, span) == expected


@given(former=hours, before=st.integers(0, 3), after=st.integers(0, 3))
def test_what_is_held_may_be_given_back_without_the_training(former, before, after):
    held = Span(former, former + 8 * HOUR)
    shorter = Span(held.starts_at + before * HOUR, held.ends_at - after * HOUR)
    assert told(Party(team="red"), shorter, former=held) == []
    assert told(Party(team="red"), Span(held.starts_at, held.ends_at + HOUR), former=held) == ["not_qualified"]


def test_others_see_free_time_without_being_asked_for_trainings():
    assert told(None, on(1, 10, 12)) == []


def test_who_is_not_trained_is_told_for_what_and_who_may_waive_it(trained):
    rule = refused(trained, "ann")["not_qualified"]
    assert rule["facts"]["names"] == {"zh-Hans": "EMC 1", "en": "EMC 1"}
    assert (rule["facts"]["qualification"], rule["facts"]["operator"]) == ("EMC", "ann")
    assert "facility_manager" in rule["waivable_by"]


def test_the_operator_counts_and_not_who_asks(trained):
    answer = trained.run(handlers.request_reservation, request("ann", operator="bob"), now=NOW)
    assert trained.reservations[answer["id"]].run.operator == "bob"
    assert "not_qualified" in refused(trained, "bob", on(1, 14, 16), operator="ann")


def test_it_must_hold_to_the_end(trained):
    rule = refused(trained, "bob", on(2, 11, 13))["qualification_ends"]
    assert rule["facts"]["until"] == at(2, 12)
    assert trained.run(handlers.request_reservation, request("bob", on(2, 10, 12)), now=NOW)["state"] == "requested"


def test_a_move_passes_the_same_rule(trained):
    asked = trained.run(handlers.request_reservation, request("bob", on(2, 10, 12)), now=NOW)
    later = command(MoveReservation, "bob", reservation=asked["id"], version=1, starts_at=at(3, 10), ends_at=at(3, 12))
    with pytest.raises(RuleBroken) as refusal:
        trained.run(handlers.move_reservation, later, now=NOW)
    assert [each["rule"] for each in refusal.value.facts["violations"]] == ["qualification_ends"]


def test_what_is_offered_instead_needs_no_training_that_is_missing(trained):
    with pytest.raises(RuleBroken) as refusal:
        trained.run(handlers.request_reservation, request("bob", on(2, 11, 13)), now=NOW)
    offered = refusal.value.facts["alternatives"]
    assert offered
    assert all(each["facility"] != "LAB-3" or each["ends_at"] <= at(2, 12) for each in offered)


def test_a_training_that_was_taken_away_counts_no_more(trained):
    trained.run(handlers.take_fact, holder("bob", version=2), now=NOW)
    assert "not_qualified" in refused(trained, "bob")
    trained.run(handlers.take_fact, holder("bob", version=3, EMC=NOW + timedelta(days=365)), now=NOW)
    assert trained.run(handlers.request_reservation, request("bob", on(1, 14, 16)), now=NOW + DAY / 24)
