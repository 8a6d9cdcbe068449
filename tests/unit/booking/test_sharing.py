"""Chambers that compatible runs share: never more than there are places, never beside what does not go with it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.held import Held
from services.booking.domain.run import ORDINARY, Run
from services.booking.domain.sharing import crowded, go_together, numbered, stretches_of
from services.booking.domain.spans import Span
from services.booking.domain.units import choose_unit, room_on
from services.booking.domain.wish import Wish
from services.contracts.commands import CancelReservation, MoveReservation
from services.contracts.errors import InvalidInput, RuleBroken, SlotTaken
from tests.strategies import MONDAY, QUARTER
from tests.unit.booking.capacity_examples import SHARING, lab_9, profile, shared, shared_run
from tests.unit.booking.examples import HOUR, NOW, at, command, on, request
from tests.unit.booking.test_rules import facility

LAB = facility(lab_9())
profiles = st.builds(
    profile, st.sampled_from([60, 80, 85, 90]), st.sampled_from([1, 3, 5]), st.sampled_from(["clean", "solder", "salt"])
)
periods = st.builds(
    lambda start, length: Span(MONDAY + start * QUARTER, MONDAY + (start + length) * QUARTER),
    st.integers(0, 20), st.integers(1, 8),
)


def claims_of(*runs, unit="A"):
    """Claims of runs that were placed one after the other: (span, run)."""
    claims = {}
    for span, run in runs:
        found = room_on(Wish(span=span, run=run), LAB, unit, claims).claims
        claims["LAB-9", unit] = sorted([*claims.get(("LAB-9", unit), []), *found], key=lambda held: held[:3])
    return claims


def chosen(span, run, claims, unit=None):
    return choose_unit(Wish(span=span, run=run, unit=unit), LAB, claims)


@pytest.mark.parametrize(("other", "expected"), [
    (profile(90), True), (profile(91), False), (profile(80), True), (profile(ramp=5), True), (profile(ramp=6), False),
    (profile(contamination="solder"), True), (profile(contamination="salt"), False),
])
def test_what_goes_together(other, expected):
    assert go_together(profile(), other, SHARING) is expected
    assert go_together(other, profile(), SHARING) is expected


def test_without_bounds_only_the_same_goes_together():
    assert go_together(profile(), profile(), {})
    assert not go_together(profile(), profile(86), {})


def test_a_run_joins_one_that_goes_with_it_before_it_opens_another_chamber():
    taken = claims_of((on(1, 10, 12), shared_run(1)), unit="B")
    assert chosen(on(1, 11, 13), shared_run(1), taken) == "B"
    assert chosen(on(1, 11, 13), shared_run(1, temperature=60), taken) == "A"
    assert chosen(on(1, 11, 13), shared_run(2), taken) == "A"
    assert chosen(on(1, 11, 13), ORDINARY, taken) == "A"


def test_a_chamber_takes_no_more_than_its_places():
    taken = claims_of(*[(on(1, 10, 12), shared_run(1))] * 4)
    assert chosen(on(1, 11, 13), shared_run(1), taken, "A") == "A"
    assert chosen(on(1, 11, 13), shared_run(2), taken, "A") is None
    assert chosen(on(1, 12.5, 13), shared_run(5), taken, "A") == "A"


def test_a_run_that_shares_with_nobody_takes_the_whole_chamber():
    taken = claims_of((on(1, 10, 12), ORDINARY))
    assert chosen(on(1, 11, 13), shared_run(1), taken, "A") is None
    for alone in (ORDINARY, Run(places=1), Run(profile=profile())):
        assert room_on(Wish(span=on(1, 10, 12), run=alone), LAB, "A", {}).claims == (Held(*on(1, 10, 12.5)),)


def test_room_at_every_instant_is_enough_though_no_single_place_is_free_throughout():
    taken = [Held(*on(1, 10, 12), 1, 2), Held(*on(1, 11, 13), 2, 3), Held(*on(1, 13, 15), 1, 2)]
    assert list(numbered(on(1, 12, 14), 1, 2, taken)) == [(on(1, 12, 13), 1, 2), (on(1, 13, 14), 2, 3)]


def test_numbers_that_touch_are_one_claim():
    assert stretches_of([1, 2, 4, 6, 7]) == [(1, 3), (4, 5), (6, 8)]


@given(st.lists(st.tuples(periods, st.integers(1, 3)), max_size=12), periods, st.integers(1, 5))
def test_numbers_are_given_exactly_where_there_is_room(others, wished, needed):
    """Against counting at every quarter of an hour; runs that do not fit are left out."""
    places, held = 5, []

    def used_at(instant, claims):
        return sum(each.beyond - each.first for each in claims if each.starts_at <= instant < each.ends_at)

    def instants(span):
        return [span.starts_at + count * QUARTER for count in range(int(span.length / QUARTER))]

    for span, count in [*others, (wished, needed)]:
        fits = all(used_at(instant, held) + count <= places for instant in instants(span))
        assert fits != any(each.overlaps(span) for each in crowded(count, places, held))
        if not fits:
            continue
        new = [Held(*piece, first, beyond) for piece, first, beyond in numbered(span, count, places, held)]
        assert all(used_at(instant, new) == count for instant in instants(span))
        assert all(1 <= each.first < each.beyond <= places + 1 for each in new)
        assert not any(
            one.period.overlaps(other.period) and max(one.first, other.first) < min(one.beyond, other.beyond)
            for one in new for other in held
        )
        held += new
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(crowded(1, places, held)))


@given(st.lists(st.tuples(periods, profiles, st.integers(1, 5) | st.none()), max_size=6), periods, profiles,
       st.integers(1, 5) | st.none())
def test_granted_means_that_all_at_once_go_together_and_fit(others, span, own, places):
    """Against the definition, instant by instant, on a chamber of five."""
    placed, wish = [], (span, Run(places=places, profile=own))
    for period, their, count in others:
        run = Run(places=count, profile=their)
        if chosen(period, run, claims_of(*placed), "A"):
            placed.append((period, run))

    def fits():
        period = LAB.period(span)
        beside = [(LAB.period(other), run) for other, run in placed if LAB.period(other).overlaps(period)]
        if places is None or any(run.places is None for _, run in beside):
            return not beside
        if not all(go_together(run.profile, own, SHARING) for _, run in beside):
            return False
        starts = [period.starts_at, *(other.starts_at for other, _ in beside if period.starts_at < other.starts_at)]
        return all(
            sum(run.places for other, run in beside if other.starts_at <= instant < other.ends_at) + places <= 5
            for instant in starts
        )

    assert (chosen(*wish, claims_of(*placed), "A") == "A") == fits()


@pytest.fixture
def ask(base):
    base.run(handlers.take_fact, lab_9(), now=NOW)
    return lambda *arguments, **fields: base.run(handlers.request_reservation, shared(*arguments, **fields), now=NOW)


def test_equal_intervals_fill_a_chamber_and_the_rest_are_offered_other_ways(base, ask):
    for _ in range(5):
        assert ask(unit="A")["state"] == "approved"
    with pytest.raises(SlotTaken) as refusal:
        ask("cyd", unit="A")
    assert ("other_unit", "B") in [(each["why"], each["unit"]) for each in refusal.value.facts["alternatives"]]
    assert [held.first for key in base.pieces for held in base.pieces[key]] == [1, 2, 3, 4, 5]


def test_a_refusal_offers_to_join_a_run(base, ask):
    ask(unit="B", span=on(1, 8, 20))
    base.run(handlers.request_reservation, request("ann", on(1, 8, 20), "LAB-9", unit="A"), now=NOW)
    with pytest.raises(SlotTaken) as refusal:
        ask("cyd", on(1, 10, 12), unit="A")
    joined = [each for each in refusal.value.facts["alternatives"] if each["why"] == "shared_run"]
    assert [(each["unit"], each["starts_at"]) for each in joined] == [("B", at(1, 10))]


def test_fewer_places_break_nothing_that_is_held_and_take_nothing_more(base, ask):
    first, second = ask(unit="A", places=3), ask(unit="A", places=2)
    base.run(handlers.take_fact, lab_9({"A": 2, "B": 2}, version=2), now=NOW)
    assert base.claims[first["id"]][2]
    with pytest.raises(SlotTaken):
        ask("cyd", unit="A")
    base.run(handlers.cancel_reservation, command(CancelReservation, "ann", reservation=first["id"]), now=NOW)
    assert base.claims[second["id"]][2]
    with pytest.raises(SlotTaken):
        ask("cyd", unit="A")
    base.run(handlers.cancel_reservation, command(CancelReservation, "ann", reservation=second["id"]), now=NOW)
    assert ask("cyd", unit="A", places=2)["unit"] == "A"


def test_a_move_takes_other_places_and_the_whole_unit_where_nothing_is_shared(base, ask):
    ask(unit="B")
    mine = ask(unit="B")
    ask(unit="B", span=on(2, 10, 12))

    def move(version, **fields):
        message = command(MoveReservation, "ann", reservation=mine["id"], version=version, **fields)
        base.run(handlers.move_reservation, message, now=NOW)
        return [(held.starts_at, held.first, held.beyond) for held in base.pieces[mine["id"]]]

    assert move(1, starts_at=at(2, 10), ends_at=at(2, 12)) == [(at(2, 10), 2, 3)]
    assert move(2, facility="LAB-4") == [(at(2, 9.5), 1, None)]


@pytest.mark.parametrize(("fields", "rule", "facts"), [
    ({"places": 6}, "too_many_places", {"places": 5}),
    ({"places": 3, "unit": "B"}, "too_many_places", {"places": 5}),
    ({"contamination": None}, "profile_missing", {"missing": ["contamination"]}),
    ({"contamination": "oil"}, "unknown_contamination", {"classes": ["clean", "salt", "solder"]}),
])
def test_rules_of_sharing(ask, fields, rule, facts):
    with pytest.raises(RuleBroken) as refusal:
        ask(**fields)
    assert [(each["rule"], each["facts"]) for each in refusal.value.facts["violations"]] == [(rule, facts)]


@pytest.mark.parametrize(("wrong", "errors"), [
    ({"temperature": "hot"}, {"profile.temperature": ["not_a_number"]}),
    ({"ramp": -1, "colour": 1}, {"profile.ramp": ["out_of_range"], "profile.colour": ["unknown_field"]}),
])
def test_a_profile_has_its_own_fields(base, ask, wrong, errors):
    with pytest.raises(InvalidInput) as refusal:
        base.run(handlers.request_reservation, request(facility="LAB-9", profile=wrong), now=NOW)
    assert refusal.value.facts["errors"] == errors


def test_what_is_shared_is_no_matter_elsewhere(base, ask):
    answer = base.run(handlers.request_reservation, request(places=2, profile={"temperature": 85}), now=NOW)
    assert base.pieces[answer["id"]] == (Held(at(1, 9.5), at(1, 12) + HOUR / 2),)
