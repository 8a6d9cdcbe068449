"""Runs that share a unit: which go together, and which of the numbered places each of them takes.

A run that says how many places it needs, and its profile, shares a unit that has several; any other
run takes the whole unit. Places are alike: a long run may take one number now and another later, so
that a run fits wherever there is room at every instant.

    place 1  |--- a ---|- c -|
    place 2     |--- b ---|- c -|       c needs one place, and takes the one that is free
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Annotated, Any

from services.booking.domain.facility import Facility
from services.booking.domain.held import Held
from services.booking.domain.run import Run
from services.booking.domain.spans import Span
from services.contracts.values import Between, Text


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a run does to those beside it: ℃, ℃ a minute, and the class of what its samples may give off."""

    temperature: Annotated[int, Between(-200, 1500)] | None = None
    ramp: Annotated[int, Between(0, 200)] | None = None
    contamination: Annotated[str, Text(40, shortest=1)] | None = None


PROFILE = tuple(each.name for each in fields(Profile))


def is_complete(profile: Mapping[str, Any]) -> bool:
    return all(profile.get(name) is not None for name in PROFILE)


def shares(run: Run, facility: Facility, unit: str) -> bool:
    """Whether a run leaves room for others on this unit."""
    is_shared = bool(facility.sharing) and facility.places_on(unit) > 1
    return is_shared and run.places is not None and is_complete(run.profile)


def has_places(run: Run, facility: Facility, unit: str) -> bool:
    """Whether a unit has as many places as a run needs, be they free or not."""
    return not facility.sharing or run.places is None or run.places <= facility.places_on(unit)


def go_together(one: Mapping[str, Any], other: Mapping[str, Any], sharing: Mapping[str, Any]) -> bool:
    """Whether two profiles may be in one unit at once; the same answer from either side."""
    classes = {one["contamination"], other["contamination"]}
    return (
        abs(one["temperature"] - other["temperature"]) <= sharing.get("temperature_within", 0)
        and abs(one["ramp"] - other["ramp"]) <= sharing.get("ramp_within", 0)
        and (len(classes) == 1 or any(classes <= set(group) for group in sharing.get("contamination", ())))
    )


def partners(run: Run, facility: Facility, unit: str, taken: Iterable[Held]) -> list[Held]:
    """What is held by runs with which this one may share the unit."""
    if not shares(run, facility, unit):
        return []
    return [
        held for held in taken
        if held.beyond is not None and held.profile and go_together(run.profile, held.profile, facility.sharing)
    ]


def crowded(needed: int, places: int, taken: Sequence[Held]) -> Iterator[Span]:
    """When fewer than ``needed`` of the ``places`` are left beside the runs that share; in order."""
    changes = sorted(
        (instant, step) for held in taken if held.beyond is not None
        for instant, step in ((held.starts_at, held.beyond - held.first), (held.ends_at, held.first - held.beyond))
    )
    used = 0
    for (instant, step), (until, _) in pairwise(changes):
        used += step
        if used + needed > places and instant < until:
            yield Span(instant, until)


def numbered(period: Span, needed: int, places: int, taken: Sequence[Held]) -> Iterator[tuple[Span, int, int]]:
    """Which places a run takes when, as (span, first, beyond); there is room for it at every instant.

    It stays on its numbers as long as it can.
    """
    cuts = {instant for held in taken for instant in held.period if period.starts_at < instant < period.ends_at}
    found: list[tuple[Span, tuple[int, ...]]] = []
    for starts_at, ends_at in pairwise(sorted({*period, *cuts})):
        piece, present = Span(starts_at, ends_at), found[-1][1] if found else ()
        free = sorted(free_places(piece, places, taken), key=lambda place: (place not in present, place))
        chosen = tuple(sorted(free[:needed]))
        if chosen == present:
            found[-1] = (Span(found[-1][0].starts_at, ends_at), chosen)
        else:
            found.append((piece, chosen))
    for span, chosen in found:
        for first, beyond in stretches_of(chosen):
            yield span, first, beyond


def free_places(span: Span, places: int, taken: Iterable[Held]) -> set[int]:
    """The numbers that nothing holds in any part of ``span``."""
    used = [(held.first, held.beyond or places + 1) for held in taken if held.period.overlaps(span)]
    return {place for place in range(1, places + 1) if not any(first <= place < beyond for first, beyond in used)}


def stretches_of(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers in order as half-open stretches without gaps."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number:
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return found
