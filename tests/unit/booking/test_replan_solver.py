"""Plans against brute force, against the checker, and against themselves."""

import random
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking.domain.replan.checker import faults
from services.booking.domain.replan.greedy import greedy, is_told, looked_at, placement
from services.booking.domain.replan.plan import Plan
from services.booking.domain.replan.solver import solve
from services.booking.domain.units import room_on
from services.booking.domain.wish import Wish
from tests.unit.booking.examples import on
from tests.unit.booking.replan_instances import Base, an_instance, facility
from tests.unit.booking.replan_strategies import instances

FEW = 4
"""So many places for each are tried in all ways."""


def solved(instance, choices=None, obstacles=None):
    if choices is None:
        choices, obstacles = looked_at(instance)
    return solve(instance, choices, obstacles, greedy(instance, choices, obstacles))


def few(choices, first, step):
    """Some of the places for each; who was not hit may stay, too."""
    return {id: [*places[:1], *places[1:][first::step]][:FEW] for id, places in choices.items()}


def least(instance, choices):
    """The goals of the best plan among all that the checker lets pass."""
    best = None
    for chosen in product(*([*choices[hit.id], *([] if hit.is_neighbour else [None])] for hit in instance.hits)):
        placements = [placement(hit, place, ()) for hit, place in zip(instance.hits, chosen, strict=True)]
        lost = {hit.reservation.campaign for hit, place in zip(instance.hits, chosen, strict=True) if place is None}
        placements += [placement(hit, None, ()) for hit in instance.following if hit.reservation.campaign in lost]
        plan = Plan(placements=tuple(each for each in placements if is_told(each)))
        if (best is None or plan.goals < best) and not faults(instance, plan):
            best = plan.goals
    return best


@settings(max_examples=200)
@given(instance=instances(neighbours=1), first=st.integers(0, 2), step=st.integers(1, 4))
def test_no_plan_of_the_same_places_costs_less(instance, first, step):
    choices, obstacles = looked_at(instance)
    choices = few(choices, first, step)
    plan = solved(instance, choices, obstacles)
    assert faults(instance, plan) == []
    assert (plan.optimal or plan.method == "greedy", plan.goals) == (True, least(instance, choices))


def test_nobody_who_can_stay_goes_aside_so_that_another_goes_less_far():
    base = Base(random.Random(1), {
        code: facility(code, equivalents=[other], setup_minutes=0, cleardown_minutes=0, horizon_days=2)
        for code, other in (("F00", "F01"), ("F01", "F00"))
    })
    hit, beside, _ = (base.place(base.facilities[code], "A", span) for code, span in (
        ("F00", on(1, 9, 14)), ("F01", on(1, 13, 14)), ("F01", on(1, 8, 9))))
    instance = base.instance([hit], base.facilities, {"F00": on(1, 0, 24)}, [beside])
    (placement,) = solved(instance).placements
    assert (placement.reservation, placement.after.span) == (hit.id, on(1, 14, 19))


@settings(max_examples=80)
@given(instance=instances(most_hit=6))
def test_a_plan_at_once_breaks_no_rule_and_forgets_nobody(instance):
    plan = greedy(instance)
    assert faults(instance, plan) == []
    assert {each.reservation for each in plan.placements} - {hit.id for hit in instance.following} == {
        hit.id for hit in instance.hits}


@settings(max_examples=60)
@given(instance=instances(most_hit=5, neighbours=3))
def test_a_plan_of_the_solver_breaks_no_rule_and_costs_no_more_than_the_one_at_once(instance):
    choices, obstacles = looked_at(instance)
    first = greedy(instance, choices, obstacles)
    plan = solve(instance, choices, obstacles, first)
    assert faults(instance, plan) == []
    assert plan.goals <= first.goals


@settings(max_examples=20)
@given(instance=instances(most_hit=4, kinds=("plain",), campaigns=False))
def test_a_smaller_outage_never_costs_more(instance):
    """One of those who were hit is so no more, and stands where it stood."""
    spared = instance.hits[-1]
    place = (spared.reservation.facility, spared.reservation.unit)
    fewer = replace(instance, hits=instance.hits[:-1], claims={
        **instance.claims, place: sorted([*instance.claims.get(place, ()), *claim_of(instance, spared)])})
    whole, part = solved(instance), solved(fewer)
    assert whole.optimal or whole.method == "greedy"
    assert (part.goals.cost, part.goals.cancelled) <= (whole.goals.cost, whole.goals.cancelled)


def claim_of(instance, hit):
    facility = instance.facilities[hit.reservation.facility]
    return room_on(Wish(span=hit.reservation.span), facility, hit.reservation.unit, {}).claims


@pytest.mark.parametrize("seed", range(6))
def test_of_a_larger_base_no_plan_breaks_a_rule(seed):
    instance = an_instance(seed, reservations=30, hit=5, facilities=6)
    assert faults(instance, greedy(instance)) == []
    assert faults(instance, solved(instance)) == []


@pytest.mark.parametrize("seed", range(2))
def test_the_same_instance_gives_the_same_plan(seed):
    plans = {repr(solved(an_instance(seed, 40, 8, 6))) for _ in range(2)}
    assert len(plans) == 1


@pytest.mark.parametrize("seed", range(10))
def test_with_room_enough_nobody_is_cancelled(seed):
    instance = an_instance(seed, reservations=12, hit=4, facilities=9)
    assert solved(instance).goals.cancelled == 0


def test_a_search_that_nobody_wants_keeps_the_plan_there_is():
    instance = an_instance(3, 40, 8, 6)
    choices, obstacles = looked_at(instance)
    first = greedy(instance, choices, obstacles)
    assert solve(instance, choices, obstacles, first, lambda told: False).goals == first.goals
