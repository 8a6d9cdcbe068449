"""What stands on a unit, as the checker of plans sees it: runs with their buffers, families, profiles and places."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from services.booking.domain.facility import Facility
from services.booking.domain.held import Held
from services.booking.domain.replan.plan import Place
from services.booking.domain.run import Run
from services.booking.domain.spans import Span

PROFILE = ("temperature", "ramp", "contamination")


class Occupation(NamedTuple):
    """``places`` is None for the whole unit; ``is_run`` is not true of what only takes the unit away."""

    id: str
    period: Span
    run: Span
    family: str | None
    profile: Mapping[str, Any] | None
    places: int | None
    is_run: bool = True


def run_there(id: str, run: Run, place: Place, facility: Facility) -> Occupation:
    whole = Span(place.span.starts_at, place.span.ends_at + timedelta(minutes=run.elastic_minutes))
    buffered = Span(
        whole.starts_at - timedelta(minutes=facility.setup_minutes),
        whole.ends_at + timedelta(minutes=facility.cleardown_minutes),
    )
    is_shared = (
        bool(facility.sharing) and facility.places.get(place.unit, 1) > 1 and run.places is not None
        and all(run.profile.get(name) is not None for name in PROFILE)
    )
    return Occupation(
        id, buffered, whole, run.family, run.profile if is_shared else None, run.places if is_shared else None)


def held_there(held: Held, facility: Facility) -> Occupation:
    places = None if held.beyond is None else held.beyond - held.first
    run = Span(held.runs_from or held.starts_at, held.runs_to or held.ends_at)
    return Occupation("", held.period, run, held.family, held.profile, places, held.first > 0)


def meets(one: Occupation, other: Occupation, facility: Facility) -> bool:
    """Whether two may not be on one unit as they are."""
    if one.places and other.places and one.profile and other.profile:
        return one.period.overlaps(other.period) and not are_alike(one.profile, other.profile, facility.sharing)
    if one.period.overlaps(other.period):
        return True
    if not facility.families or not (one.is_run and other.is_run):
        return False
    first, second = sorted((one, other), key=lambda each: each.run)
    return second.run.starts_at - first.run.ends_at < changeover(facility, first.family, second.family)


def are_alike(one: Mapping[str, Any], other: Mapping[str, Any], sharing: Mapping[str, Any]) -> bool:
    """Whether what two runs do to each other is within what the facility allows."""
    for name in ("temperature", "ramp"):
        if abs(one[name] - other[name]) > sharing.get(f"{name}_within", 0):
            return False
    pair = {one["contamination"], other["contamination"]}
    return len(pair) == 1 or any(pair <= set(group) for group in sharing.get("contamination", ()))


def changeover(facility: Facility, former: str | None, following: str | None) -> timedelta:
    """The least time between two runs; a family that is not known may be any."""
    codes = {family["code"] for family in facility.families}
    known = former in codes and following in codes
    minutes = [
        each["minutes"] for each in facility.changeover
        if (former not in codes or each["former"] == former) and (following not in codes or each["next"] == following)
    ]
    return timedelta(minutes=(minutes[-1] if known else max(minutes)) if minutes else 0)
