"""The wished length in pieces, where a facility allows that and one piece is not to be had.

    taken            |##########|     |########|
    wished       |=======================|
    offered      |==|           |=====|        |==========|     the same length, one piece after the other

From a start on the work goes on so that it ends as early as possible. Of all starts the one counts
from which it keeps nearest to the wished time: neither begins much earlier nor ends much later.
All pieces are judged together, as a campaign of them is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims
from services.booking.domain.judging import Wanted, judged, within
from services.booking.domain.nearby import Alternative, Piece, stretches
from services.booking.domain.spans import Span
from services.booking.domain.units import FITTING
from services.booking.domain.wish import Wish

MOST_TRIED = 24
"""Starts from which a split is looked for."""

MOST_STEPS = 20_000
"""Rooms that are looked at in all: with many and small ones the best of the nearest is taken."""

MOST_JUDGED = 6


class Room(NamedTuple):
    """Free and open time on a unit, as ``[starts_at, ends_at)`` on the grid."""

    starts_at: datetime
    ends_at: datetime
    unit: str


class Cut(NamedTuple):
    """One way to split: how far from the wish it reaches, and its pieces."""

    distance: timedelta
    pieces: tuple[Room, ...]


def split(wish: Wish, facility: Facility, claims: Claims, window: Span, now: datetime) -> list[Alternative]:
    """The split that keeps nearest to the wish and would be granted as it stands, if any."""
    shortest = timedelta(minutes=facility.shortest_minutes)
    if facility.most_pieces < 2 or wish.span.length < 2 * shortest:
        return []
    for cut in sorted(cuts(wish, facility, rooms(wish, facility, claims, window, now)))[:MOST_JUDGED]:
        pieces = tuple(
            Piece(each.unit if facility.unit_choice else None, each.starts_at, each.ends_at) for each in cut.pieces)
        if is_granted(pieces, wish, facility, claims, now):
            unit = pieces[0].unit if len({each.unit for each in pieces}) == 1 else None
            return [Alternative(
                facility=facility.code, unit=unit, starts_at=pieces[0].starts_at, ends_at=pieces[-1].ends_at,
                why="split", pieces=pieces,
            )]
    return []


def is_granted(pieces: Sequence[Piece], wish: Wish, facility: Facility, claims: Claims, now: datetime) -> bool:
    """Whether all of them would be, each beside the earlier ones."""
    wanted = [
        Wanted(step=number, facility=facility, wish=replace(
            wish, span=Span(*piece[1:]), unit=piece.unit, at_once=True))
        for number, piece in enumerate(pieces, 1)
    ]
    reach = facility.period(Span(pieces[0].starts_at, pieces[-1].ends_at)).widened(2 * FITTING, 2 * FITTING)
    return all(verdict.is_fine for verdict in judged(wanted, within(claims, reach), now))


def rooms(wish: Wish, facility: Facility, claims: Claims, window: Span, now: datetime) -> list[Room]:
    """Where a piece may be, in the order of their starts."""
    shortest = timedelta(minutes=facility.shortest_minutes)
    small = replace(wish, span=Span(wish.span.starts_at, wish.span.starts_at + shortest))
    found = []
    for starts, _, unit in stretches(small, facility, claims, window, now):
        room = Room(facility.grid_after(starts.starts_at), facility.grid_before(starts.ends_at + shortest), unit)
        if room.ends_at - room.starts_at >= shortest:
            found.append(room)
    return sorted(found)


def cuts(wish: Wish, facility: Facility, free: Sequence[Room]) -> Iterator[Cut]:
    """The earliest end from each of the likely starts, the nearest starts first."""
    best: timedelta | None = None
    filling = Filling(facility, free, wish.span.length)
    for begins in likely_starts(wish, facility, free)[:MOST_TRIED]:
        early = wish.span.starts_at - begins
        if best is not None and abs(early) >= best:
            return
        if pieces := filling.earliest(begins):
            distance = max(abs(early), pieces[-1].ends_at - wish.span.ends_at)
            best = distance if best is None else min(best, distance)
            yield Cut(distance, pieces)


def likely_starts(wish: Wish, facility: Facility, free: Sequence[Room]) -> list[datetime]:
    """The wished start where it is free, and where each room begins, nearest first."""
    wished = wish.span.starts_at
    found = {room.starts_at for room in free}
    if facility.grid_before(wished) == wished:
        found.add(wished)
    return sorted(found, key=lambda start: (abs(start - wished), start))


class Filling:
    """A search for the pieces that end earliest, of a length in all, behind one start after the other."""

    def __init__(self, facility: Facility, free: Sequence[Room], length: timedelta):
        self.facility, self.free, self.length = facility, free, length
        self.shortest = timedelta(minutes=facility.shortest_minutes)
        self.between = timedelta(minutes=facility.setup_minutes + facility.cleardown_minutes)
        largest = max((room.ends_at - room.starts_at for room in free), default=timedelta())
        self.longest = min(timedelta(minutes=facility.longest_minutes), largest)
        self.best: tuple[Room, ...] = ()
        self.left_to_try = MOST_STEPS

    def earliest(self, begins: datetime) -> tuple[Room, ...]:
        """The pieces, or none; the first begins there. What can be had in one piece is not split."""
        self.best = ()
        here = [room for room in self.free if room.starts_at <= begins and room.ends_at - begins >= self.shortest]
        if any(min(room.ends_at - begins, self.longest) >= self.length for room in here):
            return ()
        for room in here:
            self.put((), room, begins, self.length)
        return self.best

    def put(self, before: tuple[Room, ...], room: Room, starts_at: datetime, left: timedelta) -> None:
        """As much as possible of what is left into a room, so that enough stays for a piece, and the rest behind it."""
        taken = min(room.ends_at - starts_at, self.longest, left)
        if taken < left:
            taken = min(taken, left - self.shortest)
        ends_at, further = starts_at + taken, self.facility.most_pieces - len(before) - 1
        if taken < self.shortest or left - taken > further * self.longest:
            return
        if self.facility.grid_before(ends_at) != ends_at or (self.best and ends_at >= self.best[-1].ends_at):
            return
        pieces = (*before, Room(starts_at, ends_at, room.unit))
        if taken < left:
            self.put_behind(pieces, left - taken)
        else:
            self.best = pieces

    def put_behind(self, pieces: tuple[Room, ...], left: timedelta) -> None:
        ends_at, unit = pieces[-1].ends_at, pieces[-1].unit
        for room in self.free:
            self.left_to_try -= 1
            starts_at = max(room.starts_at, ends_at + self.between if room.unit == unit else ends_at)
            if self.left_to_try < 0 or (self.best and starts_at + self.shortest > self.best[-1].ends_at):
                return
            if room.ends_at - starts_at >= self.shortest:
                self.put(pieces, room, self.facility.grid_after(starts_at), left)
