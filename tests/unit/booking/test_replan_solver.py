"""Plans against brute force, against the checker, and against themselves."""

from dataclasses import replace
from itertools import product

import pytest

from services.booking.domain.replan.checker import faults
from services.booking.domain.replan.greedy import greedy, looked_at, placement
from services.booking.domain.replan.instance import Link
from services.booking.domain.replan.plan import Plan
from services.booking.domain.replan.solver import solve
from services.booking.domain.units import room_on
from services.booking.domain.wish import Wish
from tests.unit.booking.examples import HOUR
from tests.unit.booking.replan_instances import KINDS, a_tight_one, an_instance

FEW = 5


def solved(instance, choices=None, obstacles=None):
    if choices is None:
        choices, obstacles = looked_at(instance)
    return solve(instance, choices, obstacles, greedy(instance, choices, obstacles))


def least(instance, choices):
    """The goals of the best plan among all that the checker lets pass."""
    best = None
    for chosen in product(*([*choices[hit.id], None] for hit in instance.hits)):
        plan = Plan(placements=tuple(
            placement(hit, place, ()) for hit, place in zip(instance.hits, chosen, strict=True)))
        if (best is None or plan.goals < best) and not faults(instance, plan):
            best = plan.goals
    return best


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(8))
def test_no_plan_of_the_same_places_costs_less(seed, kind):
    instance = a_tight_one(seed, kind)
    if instance is None:
        return
    choices, obstacles = looked_at(instance)
    choices = {id: places[seed % 3::3][:FEW] for id, places in choices.items()}
    plan = solved(instance, choices, obstacles)
    assert faults(instance, plan) == []
    assert (plan.optimal or plan.method == "greedy", plan.goals) == (True, least(instance, choices))


def test_no_plan_of_linked_steps_costs_less():
    for seed in range(8):
        instance = a_tight_one(seed, "plain")
        if instance is None or len(instance.hits) < 2:
            continue
        first, second, *_ = sorted(instance.hits, key=lambda hit: hit.reservation.span)
        hits = tuple(
            replace(hit, reservation=replace(hit.reservation, campaign="c", campaign_step=step)) if step else hit
            for hit in instance.hits for step in [{first.id: 1, second.id: 2}.get(hit.id)]
        )
        linked = replace(instance, hits=hits, links=(
            Link(former=first.id, following=second.id, least=HOUR, most=30 * HOUR),))
        choices, obstacles = looked_at(linked)
        choices = {id: places[::4][:FEW + 2] for id, places in choices.items()}
        plan = solved(linked, choices, obstacles)
        assert faults(linked, plan) == []
        assert plan.goals == least(linked, choices)


@pytest.mark.parametrize("seed", range(160))
def test_a_plan_at_once_breaks_no_rule(seed):
    if seed % 2:
        instance = a_tight_one(seed, list(KINDS)[seed // 2 % len(KINDS)], hit=6)
    else:
        instance = an_instance(seed, reservations=30, hit=4, facilities=6)
    if instance is not None:
        plan = greedy(instance)
        assert faults(instance, plan) == []
        assert {each.reservation for each in plan.placements} == {hit.id for hit in instance.hits}


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_of_the_solver_breaks_no_rule_and_costs_no_more_than_the_one_at_once(seed):
    kind = list(KINDS)[seed % len(KINDS)]
    instance = a_tight_one(seed, kind, hit=5) if seed % 2 else an_instance(seed, 24, 5, 6)
    if instance is not None:
        choices, obstacles = looked_at(instance)
        plan = solve(instance, choices, obstacles, greedy(instance, choices, obstacles))
        assert faults(instance, plan) == []
        assert plan.goals <= greedy(instance, choices, obstacles).goals


@pytest.mark.parametrize("seed", range(2))
def test_the_same_instance_gives_the_same_plan(seed):
    plans = {repr(solved(an_instance(seed, 40, 8, 6))) for _ in range(2)}
    assert len(plans) == 1


@pytest.mark.parametrize("seed", range(12))
def test_a_smaller_outage_never_costs_more(seed):
    """One of those who were hit is so no more, and stands where it stood."""
    instance = a_tight_one(seed, "plain", hit=4)
    if instance is None:
        return
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


@pytest.mark.parametrize("seed", range(10))
def test_with_room_enough_nobody_is_cancelled(seed):
    instance = an_instance(seed, reservations=12, hit=4, facilities=9)
    assert solved(instance).goals.cancelled == 0


def test_a_search_that_nobody_wants_keeps_the_plan_there_is():
    instance = an_instance(3, 40, 8, 6)
    choices, obstacles = looked_at(instance)
    first = greedy(instance, choices, obstacles)
    assert solve(instance, choices, obstacles, first, lambda told: False).goals == first.goals
