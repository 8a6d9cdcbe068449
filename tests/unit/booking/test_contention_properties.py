"""What holds of ranking, placing and drawing whoever asks: against other ways to compute the same."""

import hashlib
import itertools
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking.domain.alternatives import Alternative
from services.booking.domain.contention.drawing import (
    LEAST_WEIGHT,
    drawn,
    fingerprint_of,
    key_of,
    number_of,
    tickets,
    weight_of,
)
from services.booking.domain.contention.fair_share import HALF_LIFE, Past, Share, decayed, shares
from services.booking.domain.contention.rivals import groups, have_room, in_turn, settled
from services.booking.domain.contention.scoring import CLASSES, WEIGHTS, ranked, scored
from services.booking.domain.quotas import Quota
from services.booking.domain.spans import Span
from services.booking.domain.units import choose_unit
from tests.unit.booking.examples import DAY, HOUR, NOW, on
from tests.unit.booking.rival_examples import collecting, domain, rival

LAB = domain(collecting())
TWO = domain(collecting(units="AB"))

hours = st.integers(0, 2000).map(lambda number: number * HOUR)
share = st.builds(Share, used=st.floats(0, 1e5), entitled=st.floats(0, 1e5))
deadline = st.sampled_from([None, *(f"2026-11-{day}" for day in range(26, 31)), "2026-12-15"])


def best(shift):
    span = on(3, 10, 12)
    return Alternative(
        facility="LAB-3", unit="A", starts_at=span.starts_at + shift, ends_at=span.ends_at + shift, why="later")


instead = st.none() | hours.map(best)


@st.composite
def rivals(draw, most=6):
    found = []
    for number in range(draw(st.integers(1, most))):
        start = draw(st.integers(16, 36)) / 2
        span = on(3, start, start + draw(st.integers(2, 8)) / 2)
        found.append(rival(
            number, span, draw(st.sampled_from(list(CLASSES))), draw(hours), f"company:{draw(st.integers(1, 3))}",
            unit=draw(st.sampled_from([None, None, "A"])),
        ))
    return found


# the sum


@given(share, deadline, hours, instead)
def test_every_part_is_within_its_weight_and_they_make_the_sum(share, deadline, waited, instead):
    score = scored(rival(1, waited=waited, needed_by=deadline), share, instead, NOW)
    assert [part.name for part in score.parts] == list(WEIGHTS)
    assert sum(WEIGHTS.values()) == 100
    assert all(0 <= part.points <= WEIGHTS[part.name] for part in score.parts)
    assert score.total == pytest.approx(sum(part.points for part in score.parts))


@given(share, share, deadline, instead)
def test_more_past_use_never_ranks_higher(one, other, deadline, instead):
    less, more = sorted((one.used, other.used))
    totals = [
        scored(rival(1, needed_by=deadline), Share(used=used, entitled=one.entitled), instead, NOW).total
        for used in (less, more)
    ]
    assert totals[0] >= totals[1]


@given(share, deadline, deadline, hours, hours, st.sampled_from(list(CLASSES)), hours, hours)
def test_each_part_only_ever_helps(share, one, other, waited, longer, named, near, further):
    def total(**changed):
        usual = {"needed_by": one, "waited": waited, "priority": "normal", "shift": near}
        values = usual | changed
        return scored(rival(
            1, waited=values["waited"], needed_by=values["needed_by"], priority=values["priority"],
        ), share, values["shift"] if values["shift"] is None else best(values["shift"]), NOW).total

    assert total(priority=named) >= total()
    assert total(waited=waited + longer) >= total()
    assert total(shift=near + further) >= total()
    assert total(shift=None) >= total()
    sooner, later = sorted((one or "2099-01-01", other or "2099-01-01"))
    assert total(needed_by=sooner) >= total(needed_by=later)


@given(rivals(), st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_looked_at_does_not_matter(found, random):
    shuffled = random.sample(found, len(found))
    for some in (found, shuffled):
        assert [each.rival.id for each in ranked(scored(one, Share(), None, NOW) for one in some)] == [
            each.rival.id for each in ranked(scored(one, Share(), None, NOW) for one in found)]

    def members(some):
        return {frozenset(each.id for each in group) for group in groups(some, LAB)}

    assert members(shuffled) == members(found)


# fair share


@given(st.integers(0, 100), st.integers(1, 100), st.integers(1, 99))
def test_cut_in_two_it_counts_the_same_and_halves_with_every_half_life(before, length, cut):
    starts_at, ends_at = NOW - (before + length) * DAY, NOW - before * DAY
    middle = starts_at + (ends_at - starts_at) * cut / 100
    whole = decayed(starts_at, ends_at, NOW)
    assert whole == pytest.approx(decayed(starts_at, middle, NOW) + decayed(middle, ends_at, NOW))
    if before + length <= 60:
        assert decayed(starts_at, ends_at, NOW + HALF_LIFE) == pytest.approx(whole / 2)


def test_the_future_and_what_is_long_past_count_nothing():
    assert decayed(NOW, NOW + DAY, NOW) == 0
    assert decayed(NOW - 200 * DAY, NOW - 90 * DAY, NOW) == 0


def test_without_a_quota_one_is_entitled_to_what_companies_use_on_average():
    past = [Past("company:C1", NOW - 2 * HOUR, NOW), Past("company:C2", NOW - 2 * HOUR, NOW)]
    found = shares({"company:C1": "C1", "company:C3": "C3"}, past, 4, [], "lab", NOW)
    assert found["company:C1"].factor == pytest.approx(2**-2)
    assert found["company:C3"].factor == 1


def test_a_quota_of_its_own_is_what_a_company_is_entitled_to():
    quota = Quota(code="q", scope="company", per="week", limit=7 * 60, subject="C1")
    past = [Past("company:C1", NOW - 90 * DAY, NOW)]
    found = shares({"company:C1": "C1"}, past, 1, [quota], "lab", NOW)["company:C1"]
    assert found.used / found.entitled == pytest.approx(24), "it was there day and night, with an hour a day granted"


# who gets room


@settings(max_examples=150)
@given(rivals(), st.sampled_from([LAB, TWO]))
def test_nobody_with_room_is_passed_over_and_nobody_is_placed_on_another(found, facility):
    rooms = settled(found, facility, {})
    placed = [(each, rooms[each.id]) for each in found if rooms[each.id]]
    for (_, one), (_, other) in itertools.combinations(placed, 2):
        assert one.unit != other.unit or not one.claims[0].period.overlaps(other.claims[0].period)
    taken = {}
    for _, room in placed:
        taken.setdefault(("LAB-3", room.unit), []).extend(room.claims)
    taken = {place: sorted(held) for place, held in taken.items()}
    for each in found:
        if rooms[each.id] is None:
            assert choose_unit(each.wish, facility, taken) is None


@settings(max_examples=150)
@given(rivals(most=5), st.sampled_from([LAB, TWO]))
def test_whoever_comes_first_is_never_passed_over_and_all_get_it_if_an_order_by_start_allows(found, facility):
    order = in_turn(found, facility, {})
    rooms = settled(order, facility, {})
    assert {each.id for each in order} == {each.id for each in found}
    if not have_room(rooms):
        assert order == found
    assert rooms[found[0].id] is not None


@given(rivals())
def test_groups_keep_apart_those_whose_times_never_touch(found):
    """The same by merging the stretches of each unit: on one chamber all want that one."""
    periods = sorted(LAB.period(each.wish.whole) for each in found)
    merged: list[Span] = []
    for each in periods:
        if merged and each.starts_at < merged[-1].ends_at:
            merged[-1] = Span(merged[-1].starts_at, max(merged[-1].ends_at, each.ends_at))
        else:
            merged.append(each)
    assert len(groups(found, LAB)) == len(merged)


# the draw


def test_the_recipe_gives_the_published_numbers():
    seed = "5e" * 16
    assert fingerprint_of(seed) == hashlib.sha256(seed.encode()).hexdigest()
    number = (int(hashlib.sha256(f"{seed}:3".encode()).hexdigest()[:13], 16) + 1) / (16**13 + 1)
    assert number_of(seed, 3) == number
    assert key_of(seed, 3, 0.25) == pytest.approx(number**4)


@given(share)
def test_every_weight_leaves_a_chance(share):
    assert LEAST_WEIGHT <= weight_of(share) <= 1


def test_each_wins_in_proportion_to_its_weight():
    """4,000 draws with fixed seeds: the frequencies are always the same, and near the weights."""
    weights = {"company:1": 1.0, "company:2": 0.5, "company:3": 0.25}
    group = [rival(n, party=f"company:{n}", draw="d", entry=n) for n in (1, 2, 3)]
    won, second = Counter(), Counter()
    for number in range(4000):
        order = drawn(group, tickets(group, {"d": f"seed-{number}"}, weights))
        won[order[0].party] += 1
        if order[0].party == "company:1":
            second[order[1].party] += 1
    for party, weight in weights.items():
        assert won[party] / 4000 == pytest.approx(weight / 1.75, abs=0.02)
    assert second["company:2"] / sum(second.values()) == pytest.approx(2 / 3, abs=0.03), "without replacement"


@given(st.integers(1, 5), st.integers(0, 1000))
def test_many_requests_of_a_company_have_one_chance(times, seed):
    """The same company comes first with one request as with many."""
    weights = {"company:1": 1.0, "company:2": 0.5}
    other = rival(99, party="company:2", draw="d", entry=2)
    mine = [rival(n, party="company:1", draw="d", entry=1, waited=timedelta(hours=n)) for n in range(times)]
    seeds = {"d": f"s{seed}", "later": "x"}
    firsts = {
        drawn(some, tickets(some, seeds, weights))[0].party
        for some in ([mine[-1], other], [*mine, other], [other, *reversed(mine)])
    }
    assert len(firsts) == 1
    elsewhere = replace(mine[0], draw="later", entry=1, since=NOW + HOUR)
    assert tickets([*mine, elsewhere, other], seeds, weights)["company:1"].draw == "d", "the first request counts"
