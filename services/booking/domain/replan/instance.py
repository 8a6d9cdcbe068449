"""What a plan is made from: those who have to go, what stands, and the rules of use; frozen as of one moment."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims
from services.booking.domain.replan.plan import Place
from services.booking.domain.reservation import Reservation
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.wish import Party, Wish

WEIGHTS = {"normal": 1, "key": 3, "urgent": 9}
"""How much more it counts to cancel work of a class of priority."""

BEGUN_WORK = 2
"""By how much cancelling counts more where earlier steps of the same campaign are done."""

REACH = timedelta(days=28)
"""How far from its time another place is looked for."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A reservation that is looked at, for whom, and what cancelling it counts.

    A neighbour was not hit: it may stay, or go ``reach`` aside at most so that others find room.
    """

    reservation: Reservation
    party: Party | None
    weight: int = 1
    is_neighbour: bool = False
    reach: timedelta = REACH

    @property
    def id(self) -> str:
        return self.reservation.id

    @property
    def before(self) -> Place:
        return Place(self.reservation.facility, self.reservation.unit, self.reservation.span)

    def is_begun(self, now: datetime) -> bool:
        return self.reservation.state is State.IN_USE or self.reservation.span.starts_at <= now


@dataclass(frozen=True, kw_only=True)
class Link:
    """Two steps of a campaign that follow each other: the gap from the end of one to the start of the next.

    A step that is not hit stands where it is; its time is in ``Instance.standing``.
    """

    former: str
    following: str
    least: timedelta = timedelta(0)
    most: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Instance:
    """``claims`` and ``others`` (people on site) are without those who have to go.

    ``pins`` are places that a manager wants kept, by reservation; ``left_out`` those who are left alone, who
    still stand in ``claims`` like those that have begun. ``order`` of ``hits`` is by importance: it settles ties.
    ``following`` are steps to come, not hit themselves, of campaigns of those who are: they stand, or end with them.
    """

    now: datetime
    hits: tuple[Hit, ...]
    facilities: Mapping[str, Facility]
    claims: Claims
    others: Mapping[str, tuple[tuple[Span, int], ...]] = field(default_factory=dict)
    kept: tuple[Hit, ...] = ()
    left_out: frozenset[str] = frozenset()
    pins: Mapping[str, Place] = field(default_factory=dict)
    excluded_facilities: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()
    standing: Mapping[str, Span] = field(default_factory=dict)
    following: tuple[Hit, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Hit]:
        return {each.id: each for each in self.hits}

    def along(self, campaigns: Collection[str]) -> list[Hit]:
        """Those who are not moved, and end when no place is found for another step of their campaign."""
        return [
            each for each in (*self.following, *self.kept)
            if each.reservation.campaign in campaigns and not each.is_begun(self.now)
        ]

    def targets(self, hit: Hit) -> Sequence[Facility]:
        """Where it may go: its own facility, then the equal ones that are in use and not excluded."""
        own = self.facilities[hit.reservation.facility]
        codes = [own.code, *sorted(set(own.equivalents) - {own.code})]
        known = [self.facilities[code] for code in codes if code in self.facilities]
        return [each for each in known if each.active and each.code not in self.excluded_facilities]


def in_order(hits: Sequence[Hit], following: Sequence[Hit] = ()) -> tuple[Hit, ...]:
    """The weightiest first, with what would end with them, then by start, so that campaigns keep theirs, then by id."""
    along = Counter()
    for each in following:
        along[each.reservation.campaign] += each.weight
    return tuple(sorted(hits, key=lambda hit: (
        -hit.weight - along[hit.reservation.campaign], hit.reservation.span, hit.id)))


def wish_at(hit: Hit, facility: Facility, span: Span, unit: str | None) -> Wish:
    """What a reservation wants there, as the rules see it.

    The base moves it, so it needs no notice for what it gives up. On its own facility it stays excused from what
    it was excused from.
    """
    kept = hit.reservation
    wish = Wish(span=span, unit=unit if facility.unit_choice else None, run=kept.run, party=hit.party, at_once=True)
    if kept.facility == facility.code:
        waived = frozenset(waiver["rule"] for waiver in kept.waivers)
        wish = replace(wish, former=kept.span, former_unit=kept.unit, waived=waived)
    return wish
