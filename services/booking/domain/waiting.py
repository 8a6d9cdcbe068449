"""The wait list of a facility: who waits for which time, in which order, and where a place is found.

    waiting ─┬─► offered ─┬─► served     accepted
             │      ▲     ├─► left       declined
             │      ├─────┼─► waiting    not answered: once more, at the end of the list
             │      │     │              or lapsed when it was not answered again
             │      └─────┴─► waiting    taken back: where it was in the list
             ├─► left
             └─► lapsed                  its window is over

The order is that of the rank, then of the time of joining. The first for whom there is room under
all rules gets the earliest such time of the window; those behind see what is held for those before.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import Any

from services.booking.domain.alternatives import stretches
from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims
from services.booking.domain.rules import broken_rules
from services.booking.domain.run import ORDINARY, Run
from services.booking.domain.spans import Span
from services.booking.domain.units import Room, choose_unit, room_on
from services.booking.domain.wish import Party, Wish

ORDINARY_RANK = 1000
"""Of those who joined by themselves. Who lost a contention comes before them, by the place in its ranking."""

LEAST_TO_ANSWER = timedelta(minutes=15)
"""What begins so soon that nobody could answer in time is not offered."""

MOST_MISSED = 2
"""After so many offers without an answer somebody waits no longer."""

MOST_TRIED = 400
"""Starts in one window that the rules refuse although unit and opening hours allow them."""

MAY_PASS = frozenset({"quota_exceeded", "too_many_people", "interrupted", "still_collected"})
"""What stands in the way now and may be gone when time comes free; all other rules are told at once."""


class EntryState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    SERVED = "served"
    LEFT = "left"
    LAPSED = "lapsed"


OPEN = frozenset({EntryState.WAITING, EntryState.OFFERED})


@dataclass(frozen=True, kw_only=True)
class WaitEntry:
    """One version. ``minutes`` anywhere within ``window``, which for a fixed slot is the slot itself.

    ``unit`` is the one asked for, if any; ``reservation`` is the last offer, ``missed`` counts those that were
    not answered.
    """

    id: str
    version: int = 1
    state: EntryState = EntryState.WAITING
    facility: str
    team: str
    project: str | None
    purpose: str
    requester: str
    run: Run = field(default=ORDINARY)
    minutes: int
    window: Span
    unit: str | None
    joined_at: datetime
    rank: int = ORDINARY_RANK
    reservation: str | None = None
    missed: int = 0

    @property
    def order(self) -> tuple[int, datetime, str]:
        return self.rank, self.joined_at, self.id

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def latest_start(self) -> datetime:
        return self.window.ends_at - self.length

    @property
    def is_fixed(self) -> bool:
        """Whether it waits for one certain time."""
        return self.window.length == self.length

    def changed(self, state: EntryState, **changes: Any) -> "WaitEntry":
        return replace(self, version=self.version + 1, state=state, **changes)


def wish_of(entry: WaitEntry, party: Party | None, starts_at: datetime | None = None) -> Wish:
    """What an entry wants, at a start, or at the first of its window.

    Who has competed in vain may have at once what others have to compete for.
    """
    first = starts_at or entry.window.starts_at
    return Wish(
        span=Span(first, first + entry.length), unit=entry.unit, run=entry.run, party=party,
        at_once=entry.rank == ORDINARY_RANK,
    )


def is_before(one: WaitEntry, other: WaitEntry) -> bool:
    """Whether somebody before another on the list might get the same time."""
    units = {one.unit, other.unit}
    return one.order < other.order and one.window.overlaps(other.window) and (None in units or len(units) == 1)


def places(wish: Wish, facility: Facility, claims: Claims, window: Span, now: datetime, least: timedelta) -> Iterator[
    tuple[Wish, str]
]:
    """Where ``wish`` may be within ``window`` under all rules, as a wish and its unit; the earliest first.

    ``least`` is what must be left to answer before it is too late to ask for the time. ``claims`` reaches over
    the window and what is next to it.
    """
    whole = facility.period(Span(window.starts_at, window.ends_at + timedelta(minutes=wish.run.elastic_minutes)))
    possible = stretches(wish, facility, claims, whole, now + least)
    starts = merge(*(grid(facility, each[0]) for each in possible))
    for starts_at in islice(once(starts), MOST_TRIED):
        there = replace(wish, span=Span(starts_at, starts_at + wish.span.length))
        unit = choose_unit(there, facility, claims)
        if unit and not broken_rules(there, facility, now):
            yield there, unit


def grid(facility: Facility, starts: Span) -> Iterator[datetime]:
    """The starts of the grid in a stretch, whose last instant is included."""
    starts_at = facility.grid_after(starts.starts_at)
    while starts_at <= starts.ends_at:
        yield starts_at
        starts_at = facility.grid_after(starts_at + timedelta(minutes=1))


def once(instants: Iterable[datetime]) -> Iterator[datetime]:
    """Instants in order, each once."""
    last = None
    for each in instants:
        if each != last:
            yield each
        last = each


def first_place(
    entry: WaitEntry, wish: Wish, facility: Facility, claims: Claims, now: datetime, least: timedelta,
) -> tuple[Wish, Room] | None:
    """The earliest place for an entry, if there is one."""
    found = next(places(wish, facility, claims, entry.window, now, least), None)
    return found and (found[0], room_on(found[0], facility, found[1], claims))


def is_over(entry: WaitEntry, facility: Facility, now: datetime, least: timedelta) -> bool:
    """Whether nothing in the window can be offered any more, as the facility's notice is."""
    return entry.latest_start < facility.bookable(now).starts_at + least


def answer_by(starts_at: datetime, facility: Facility, now: datetime, time_scale: float) -> datetime:
    """Until when an offer is held: as long as the facility says, or until it would be too late to ask for the time."""
    latest = starts_at - timedelta(minutes=facility.notice_minutes)
    return min(now + timedelta(minutes=facility.offer_minutes) / time_scale, latest)


def missed(entry: WaitEntry, facility: Facility, now: datetime, least: timedelta) -> WaitEntry:
    """After an offer was not answered: at the end of the list, or no longer on it."""
    count = entry.missed + 1
    if count >= MOST_MISSED or is_over(entry, facility, now, least):
        return entry.changed(EntryState.LAPSED, missed=count)
    return entry.changed(EntryState.WAITING, missed=count, joined_at=now, rank=ORDINARY_RANK)


def taken_back(entry: WaitEntry, facility: Facility, now: datetime, least: timedelta) -> WaitEntry:
    """After what was offered cannot be used any more: where it was in the list, unless its window is over."""
    state = EntryState.LAPSED if is_over(entry, facility, now, least) else EntryState.WAITING
    return entry.changed(state)


def told(entry: WaitEntry, passed: Iterable[WaitEntry], waiting: int) -> Mapping[str, Any]:
    """On what an offer rests, as history keeps it, of so many ``waiting``; nobody is named.

    ``before`` counts those before it whose turn it would have been, and for whom there was no room.
    """
    before = sum(is_before(each, entry) for each in passed)
    return {
        "joined_at": entry.joined_at, "starts_at": entry.window.starts_at, "ends_at": entry.window.ends_at,
        "minutes": entry.minutes, "before": before, "waiting": waiting,
    }
