"""A plan at once: the weightiest first, each at the best place that is left."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.booking.domain.replan.candidates import Candidate, candidates
from services.booking.domain.replan.instance import Hit, Instance
from services.booking.domain.replan.plan import Placement, Plan
from services.booking.domain.replan.settling import Settled, settle

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
    settled = Settled(instance)
    taken = named(instance, wanted, settled)
    first = [hit for hit in instance.hits if hit.id in instance.pins or hit.is_neighbour]
    for hit in (*first, *(each for each in instance.hits if each not in first)):
        if hit.id not in wanted:
            taken[hit.id] = next((each for each in choices[hit.id] if settled.take(hit, each.place)), None)
            if taken[hit.id] is None:
                settled.drop(hit)
    found = {hit.id: placement(hit, taken.get(hit.id), obstacles.get(hit.id, ())) for hit in instance.hits}
    end_campaigns(instance, found)
    untouched = [kept(hit, instance) for hit in instance.kept if hit.id not in found]
    return Plan(
        placements=(*(each for each in found.values() if is_told(each)), *untouched), method=method, optimal=optimal,
    )


def named(
    instance: Instance, wanted: Mapping[str, Candidate | None], settled: Settled,
) -> dict[str, Candidate | None]:
    """Those who have the place that was named for them."""
    for hit in instance.hits:
        if hit.id in wanted and wanted[hit.id] is None:
            settled.drop(hit)
    rooms = settle(settled, [(hit, wanted[hit.id].place) for hit in instance.hits if wanted.get(hit.id)])
    return {id: wanted[id] for id in rooms}


def end_campaigns(instance: Instance, found: dict[str, Placement]) -> None:
    """All steps of a campaign find a place, or none does, and those that were to stay end, too."""
    lost = {
        hit.reservation.campaign for hit in instance.hits
        if hit.reservation.campaign and found[hit.id].is_cancelled
    }
    for hit in instance.hits:
        if hit.reservation.campaign in lost and not found[hit.id].is_cancelled:
            found[hit.id] = replace(found[hit.id], after=None, reason="campaign_ends")
    for hit in instance.along(lost):
        found[hit.id] = replace(placement(hit, None, ()), reason="goes_along")


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
