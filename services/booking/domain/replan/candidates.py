"""The places that a reservation might have, each judged by the one rule function beside what stands.

    a stretch in which it may start    |----------------------------|
    the start nearest to its time                ^
    starts at a distance of its own length  ^    ^    ^    ^             room for several, one after the other
    the first and the last             ^                           ^

They are bounded in number, the nearest first, and the same for the same instance.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import islice

from services.booking.domain.alternatives import search_window, stretches
from services.booking.domain.facility import Facility
from services.booking.domain.replan.instance import Hit, Instance, wish_at
from services.booking.domain.replan.plan import MINUTE, Place
from services.booking.domain.rules import FORM, broken_rules
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish

NOTHING = timedelta(0)
MOST = 120
"""So many places are looked at for one reservation."""

MOST_REFUSED = 60
"""So many starts that the rules refuse although unit and hours allow them: the rest would fare the same."""

STEPS = 4
"""So many starts are tried on each side of the nearest in one stretch."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A place for one reservation, and what it costs beside nothing being cancelled."""

    reservation: str
    place: Place
    reason: str
    shift_minutes: int
    is_other_unit: bool

    @property
    def span(self) -> Span:
        return self.place.span


def candidates(hit: Hit, instance: Instance) -> tuple[tuple[Candidate, ...], tuple[str, ...]]:
    """The places for a reservation, the best first; and the rules that stood in the way of others, most often first."""
    if hit.id in instance.pins:
        return (candidate_at(hit, instance.pins[hit.id]),), ()
    own = (candidate_at(hit, hit.before),) if hit.is_neighbour else ()
    found, refused = list(own), Counter()
    for start, facility, unit in islice(possible(hit, instance), MOST + MOST_REFUSED):
        place = Place(facility.code, unit, Span(start, start + hit.reservation.span.length))
        broken = broken_beside(hit, place, facility, instance)
        refused.update(broken)
        if not broken and place != hit.before:
            found.append(candidate_at(hit, place))
    return tuple(found[:MOST]), tuple(rule for rule, _ in refused.most_common())


def broken_beside(hit: Hit, place: Place, facility: Facility, instance: Instance) -> list[str]:
    """The rules that a place breaks; what is missing in a form is missing anywhere."""
    wish = replace(wish_at(hit, facility, place.span, place.unit), others=instance.others)
    broken = [each.rule for each in broken_rules(wish, facility, instance.now)]
    return [rule for rule in broken if rule not in FORM and rule not in wish.waived]


def candidate_at(hit: Hit, place: Place) -> Candidate:
    before = hit.before
    return Candidate(
        reservation=hit.id, place=place, reason=reason_for(hit, place),
        shift_minutes=abs(place.span.starts_at - before.span.starts_at) // MINUTE,
        is_other_unit=place[:2] != before[:2],
    )


def reason_for(hit: Hit, place: Place) -> str:
    """The word for a place, as in plan.py."""
    if hit.is_neighbour:
        return "made_room"
    is_here, wished = place.facility == hit.before.facility, hit.before.span.starts_at
    if place.span.starts_at == wished:
        return "same_time_other_unit" if is_here else "same_time_elsewhere"
    side = "earlier" if place.span.starts_at < wished else "later"
    return side if is_here else f"{side}_elsewhere"


def possible(hit: Hit, instance: Instance) -> Iterator[tuple[datetime, Facility, str]]:
    """Where unit and opening hours allow it, the nearest start first; its own facility before others.

    A stretch is looked into when its turn comes: nothing in it is nearer than its nearest end.
    """
    wished, turns = hit.reservation.span.starts_at, []
    targets = instance.targets(hit)
    for order, facility in enumerate(targets):
        anywhere = replace(wish_at(hit, facility, hit.reservation.span, None), others=instance.others)
        for starts, unit_order, unit in places_for(anywhere, facility, hit, instance):
            distance = max(starts.starts_at - wished, wished - starts.ends_at, NOTHING)
            turns.append((distance, order, unit_order, starts, unit, anywhere))
    found: list[tuple[timedelta, int, datetime, int, str]] = []
    for distance, order, unit_order, starts, unit, anywhere in sorted(turns, key=lambda turn: turn[:4]):
        while found and found[0][0] < distance:
            yield taken_out(found, targets)
        for start in starts_in(starts, wished, targets[order], anywhere):
            heappush(found, (abs(start - wished), order, start, unit_order, unit))
    while found:
        yield taken_out(found, targets)


def taken_out(
    found: list[tuple[timedelta, int, datetime, int, str]], targets: Sequence[Facility],
) -> tuple[datetime, Facility, str]:
    _, order, start, _, unit = heappop(found)
    return start, targets[order], unit


def places_for(
    wish: Wish, facility: Facility, hit: Hit, instance: Instance,
) -> Iterator[tuple[Span, int, str]]:
    """From when until when it may start on each unit, within its reach."""
    window = search_window(wish.span, facility, instance.now, hit.reach)
    anywhere = replace(wish, unit=None, former_unit=None)
    for starts, order, unit in stretches(anywhere, facility, instance.claims, window, instance.now):
        earliest = max(starts.starts_at, wish.span.starts_at - hit.reach)
        nearest = Span(earliest, min(starts.ends_at, wish.span.starts_at + hit.reach))
        if nearest.starts_at <= nearest.ends_at:
            yield nearest, order, unit


def starts_in(starts: Span, wished: datetime, facility: Facility, wish: Wish) -> list[datetime]:
    """Some starts on the grid in a stretch, as drawn above."""
    length = facility.period(wish.whole).length
    grid = timedelta(minutes=facility.granularity_minutes)
    step = -(-length // grid) * grid
    nearest = min(max(wished, starts.starts_at), starts.ends_at)
    tried = {starts.starts_at, starts.ends_at, nearest}
    for anchor in (starts.starts_at, nearest):
        tried |= {anchor + number * step for number in range(1, STEPS + 1)}
    for anchor in (starts.ends_at, nearest):
        tried |= {anchor - number * step for number in range(1, STEPS + 1)}
    on_grid = {rounded for each in tried for rounded in (facility.grid_before(each), facility.grid_after(each))}
    return sorted(each for each in on_grid if starts.starts_at <= each <= starts.ends_at)
