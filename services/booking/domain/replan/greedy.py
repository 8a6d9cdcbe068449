"""A plan at once: the weightiest first, each at the best place that is left."""

from collections.abc import Mapping, Sequence

from services.booking.domain.replan.candidates import Candidate, candidates
from services.booking.domain.replan.instance import Hit, Instance
from services.booking.domain.replan.plan import Placement, Plan
from services.booking.domain.replan.settling import Settled

Choices = Mapping[str, Sequence[Candidate]]
Obstacles = Mapping[str, tuple[str, ...]]


def looked_at(instance: Instance) -> tuple[Choices, Obstacles]:
    """The places that each reservation might have, and what kept it from others."""
    found = {hit.id: candidates(hit, instance) for hit in instance.hits}
    return {id: places for id, (places, _) in found.items()}, {id: rules for id, (_, rules) in found.items()}


def greedy(instance: Instance, choices: Choices | None = None, obstacles: Obstacles | None = None) -> Plan:
    """First fit by the least shift, in the order of the instance; what is pinned has its place first."""
    if choices is None:
        choices, obstacles = looked_at(instance)
    return planned(instance, choices, obstacles or {}, {})


def planned(
    instance: Instance, choices: Choices, obstacles: Obstacles, wanted: Mapping[str, Candidate | None],
    method: str = "greedy", optimal: bool = False,
) -> Plan:
    """The plan in which those have the place ``wanted`` for them who are named, and then the others the best left.

    Who is named with a place that cannot be had after all, has none.
    """
    settled, found = Settled(instance), {}
    first = [hit for hit in instance.hits if hit.id in instance.pins or hit.is_neighbour or wanted.get(hit.id)]
    for hit in (*first, *(each for each in instance.hits if each not in first)):
        named = wanted.get(hit.id)
        options = [named] if named else choices[hit.id] if hit.id not in wanted else ()
        taken = next((each for each in options if settled.take(hit, each.place)), None)
        found[hit.id] = placement(hit, taken, obstacles.get(hit.id, ()))
    untouched = [kept(hit, instance) for hit in instance.kept]
    return Plan(
        placements=(*(each for each in found.values() if is_told(each)), *untouched), method=method, optimal=optimal,
    )


def is_told(placement: Placement) -> bool:
    """A neighbour that stays where it is, is no part of the plan."""
    return placement.after != placement.before or placement.reason != "made_room"


def placement(hit: Hit, taken: Candidate | None, obstacles: tuple[str, ...]) -> Placement:
    return Placement(
        reservation=hit.id, version=hit.reservation.version, team=hit.reservation.team, before=hit.before,
        after=taken and taken.place, reason=taken.reason if taken else "no_place", weight=hit.weight,
        obstacles=() if taken else obstacles,
    )


def kept(hit: Hit, instance: Instance) -> Placement:
    """One that was hit and is left alone."""
    return Placement(
        reservation=hit.id, version=hit.reservation.version, team=hit.reservation.team, before=hit.before,
        after=hit.before, reason="left_out" if hit.id in instance.left_out else "begun", weight=hit.weight,
    )
