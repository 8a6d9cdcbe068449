"""Runs of different families keep the matrix's distance, in either order; the buffers stay the least."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.changeover import minutes_between
from services.booking.domain.held import Held
from services.booking.domain.run import Run
from services.booking.domain.spans import Span
from services.booking.domain.units import choose_unit, room_on
from services.booking.domain.wish import Wish
from services.contracts.commands import MoveReservation
from services.contracts.errors import RuleBroken, SlotTaken
from tests.strategies import MONDAY, QUARTER
from tests.unit.booking.capacity_examples import FAMILIES, line_1
from tests.unit.booking.examples import NOW, at, command, on, request
from tests.unit.booking.test_rules import facility

LINE = facility(line_1())
family = st.sampled_from((*FAMILIES, None))
spans = st.builds(
    lambda start, length: Span(MONDAY + start * QUARTER, MONDAY + (start + length) * QUARTER),
    st.integers(0, 60), st.integers(1, 12),
)


def held(span, family, rules=LINE):
    return room_on(Wish(span=span, run=Run(family=family)), rules, "A", {}).claims[0]


def chosen(span, family, *taken, rules=LINE):
    claims = {("LINE-1", "A"): sorted(taken, key=lambda each: each.period)}
    return choose_unit(Wish(span=span, run=Run(family=family)), rules, claims)


@pytest.mark.parametrize(("former", "following", "minutes"), [
    ("board", "module", 120), ("module", "board", 60), ("board", "board", 0), ("board", "sensor", 0),
    (None, "board", 60), ("board", None, 120), (None, None, 120), ("gone", "module", 120), ("sensor", "gone", 20),
])
def test_a_family_that_is_not_known_keeps_the_greatest_distance(former, following, minutes):
    assert minutes_between(LINE, former, following) == minutes


def test_the_time_counts_between_the_runs_and_the_buffers_are_part_of_it():
    board = held(on(1, 9, 11), "board")
    assert chosen(on(1, 12.75, 14), "module", board) is None
    assert chosen(on(1, 13, 14), "module", board) == "A"
    assert chosen(on(1, 11.25, 12), "board", board) is None
    assert chosen(on(1, 11.5, 12), "board", board) == "A"
    assert chosen(on(1, 11.5, 12), "sensor", board) == "A"


def test_a_run_that_comes_before_keeps_its_distance_too():
    board = held(on(1, 13, 15), "board")
    assert chosen(on(1, 10, 12), "module", board) == "A"
    assert chosen(on(1, 10, 12.25), "module", board) is None


def test_buffers_that_grew_since_do_not_shrink_the_distance():
    board = held(on(1, 9, 11), "board")
    grown = facility(line_1(setup_minutes=30, cleardown_minutes=30))
    assert chosen(on(1, 12.75, 14), "module", board, rules=grown) is None
    assert chosen(on(1, 13, 14), "module", board, rules=grown) == "A"


def test_what_was_held_before_there_were_families_may_have_been_any():
    assert chosen(on(1, 12.75, 14), "module", Held(*on(1, 9, 11))) is None
    assert chosen(on(1, 13, 14), "module", Held(*on(1, 9, 11))) == "A"


def test_the_unit_is_chosen_where_no_changeover_is_lost():
    rules = facility(line_1(units="AB"))
    taken = {("LINE-1", "A"): [held(on(1, 8, 9), "module")], ("LINE-1", "B"): [held(on(1, 8, 9.5), "board")]}
    assert choose_unit(Wish(span=on(1, 10, 12), run=Run(family="board")), rules, taken) == "B"


@given(spans, family, st.lists(st.tuples(spans, family), max_size=4))
def test_granted_means_that_every_pair_keeps_its_distance(span, own, others):
    """Against the definition, run by run."""
    def far_enough(first, then, before, after):
        least = max(30, minutes_between(LINE, before, after))
        return then.starts_at - first.ends_at >= timedelta(minutes=least)

    fits = all(
        far_enough(other, span, name, own) or far_enough(span, other, own, name) for other, name in others
    )
    assert (chosen(span, own, *(held(*each) for each in others)) == "A") == fits


@pytest.fixture
def ask(base):
    base.run(handlers.take_fact, line_1(), now=NOW)
    return lambda family, span, actor="ann": base.run(
        handlers.request_reservation, request(actor, span, "LINE-1", family=family), now=NOW
    )


def test_the_nearest_alternative_of_ones_own_family_says_so(ask):
    ask("board", on(1, 10, 12))
    with pytest.raises(SlotTaken) as refusal:
        ask("board", on(1, 11, 13), "cyd")
    first = refusal.value.facts["alternatives"][0]
    assert (first["why"], first["starts_at"]) == ("similar_run", at(1, 12.5))
    with pytest.raises(SlotTaken) as refusal:
        ask("module", on(1, 11, 13), "cyd")
    assert ("later", at(1, 14)) in [(each["why"], each["starts_at"]) for each in refusal.value.facts["alternatives"]]


@pytest.mark.parametrize(("family", "rule"), [(None, "family_missing"), ("tile", "unknown_family")])
def test_a_request_names_a_family_of_the_line(ask, family, rule):
    with pytest.raises(RuleBroken) as refusal:
        ask(family, on(1, 10, 12))
    (violation,) = refusal.value.facts["violations"]
    assert violation["rule"] == rule
    assert tuple(each["code"] for each in violation["facts"]["families"]) == FAMILIES


def test_what_is_on_the_line_already_moves_there_without_its_family(base, ask):
    base.run(handlers.take_fact, line_1(version=2, families=[], changeover=[]), now=NOW)
    asked = ask(None, on(1, 10, 12))
    base.run(handlers.take_fact, line_1(version=3), now=NOW)
    moved = command(MoveReservation, "ann", reservation=asked["id"], version=1, ends_at=at(1, 13))
    assert base.run(handlers.move_reservation, moved, now=NOW)["version"] == 2
