"""Where there is room for a wish on one facility, nearest first, and what is offered there.

Only what would be granted is offered: each candidate is free and passes the one rule function.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any, NamedTuple

from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims
from services.booking.domain.possible_starts import limits, starts_in, within_gaps
from services.booking.domain.rules import FORM, FORM_OF_MOVES, broken_rules
from services.booking.domain.spans import Span, gaps, shared
from services.booking.domain.units import choose_unit, follows_similar, joins, obstacles, possible_units
from services.booking.domain.wish import Wish

MOST_TRIED = 100
"""Starts that the rules refuse although unit and opening hours allow them: the rest would fare the same."""


class Piece(NamedTuple):
    """A part of a run that is split, on the facility of its offer."""

    unit: str | None
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """A time that may be asked for as it stands. No unit where the system chooses it.

    ``partner`` says that it goes well with what another runs there. What is split has ``pieces``, in
    their order, and reaches from the first to the last of them.
    """

    facility: str
    unit: str | None
    starts_at: datetime
    ends_at: datetime
    why: str
    partner: str | None = None
    pieces: tuple[Piece, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        told = asdict(self) | {"pieces": [piece._asdict() for piece in self.pieces]}
        told |= {"why": told.pop("partner") or self.why}
        return told if self.pieces else {name: value for name, value in told.items() if name != "pieces"}


def nearby(
    wish: Wish, facility: Facility, claims: Claims, window: Span, now: datetime, allowed: Sequence[Span] | None = None,
) -> Iterator[Alternative]:
    """What is free on the facility in ``window``, nearest to the wished start first, each start once.

    ``allowed`` says from when until when it may begin, where not everywhere in the window.
    """
    wished, length = wish.span.starts_at, wish.span.length
    tried: set[datetime] = set()
    if wish.chain:
        kept = within_gaps(wish, window)
        allowed = kept if allowed is None else shared(kept, allowed)
    possible = stretches(wish, facility, claims, window, now, allowed)
    for starts_at, unit in nearest_starts(wished, facility, possible):
        span = Span(starts_at, starts_at + length)
        if starts_at in tried:
            continue
        if len(tried) == MOST_TRIED:
            return
        tried.add(starts_at)
        if facility.sharing or facility.families:
            unit = choose_unit(replace(wish, span=span), facility, claims) or unit
        if passes(wish, facility, span, unit, now):
            why = "earlier" if starts_at < wished else "later" if starts_at > wished else "other_unit"
            yield offer(wish, facility, unit, span, why, claims)


def stretches(
    wish: Wish, facility: Facility, claims: Claims, window: Span, now: datetime, allowed: Sequence[Span] | None = None,
) -> Iterator[tuple[Span, int, str]]:
    """From when until when the wished length may start, for each unit, as (starts, order of the unit, unit).

    That is where the facility is open and the unit is free for the whole length: the sweep
    shortens every opening and every gap by it and takes what they share, with ``allowed`` where that is given.
    """
    length = wish.whole.length
    setup, cleardown = timedelta(minutes=facility.setup_minutes), timedelta(minutes=facility.cleardown_minutes)
    openings = shared(starts_in(facility.opening_spans(window), length), [facility.bookable(now, wish.party)])
    for possible in (*limits(wish, facility, window), *(() if allowed is None else (allowed,))):
        openings = shared(openings, possible)
    for order, unit in enumerate(possible_units(wish, facility)):
        free = starts_in(gaps(window, obstacles(wish, facility, unit, claims)), length, setup, cleardown)
        for starts in shared(openings, free):
            yield starts, order, unit


def nearest_starts(
    wished: datetime, facility: Facility, possible: Iterable[tuple[Span, int, str]],
) -> Iterator[tuple[datetime, str]]:
    """The start on the grid nearest to ``wished`` on either side in each stretch, over all nearest first.

    Rounding to the grid costs more than all the rest, so a stretch is looked at when its turn
    comes: nothing in it is nearer than its nearest end.
    """
    turns = sorted((max(each[0].starts_at - wished, wished - each[0].ends_at), *each) for each in possible)
    found: list[tuple[timedelta, datetime, int, str]] = []
    for distance, starts, order, unit in turns:
        while found and found[0][0] < distance:
            yield heappop(found)[1::2]
        before, after = min(wished, starts.ends_at), max(wished, starts.starts_at)
        for start in {facility.grid_before(before), facility.grid_after(after)}:
            if starts.starts_at <= start <= starts.ends_at:
                heappush(found, (abs(start - wished), start, order, unit))
    while found:
        yield heappop(found)[1::2]


def passes(wish: Wish, facility: Facility, span: Span, unit: str, now: datetime) -> bool:
    """Whether it would be granted there, but for what is missing in the form, which is told beside the offers."""
    there = replace(wish, span=span, unit=unit if facility.unit_choice else None)
    told = FORM_OF_MOVES if wish.left else FORM
    return all(violation.rule in told for violation in broken_rules(there, facility, now))


def offer(wish: Wish, facility: Facility, unit: str, span: Span, why: str, claims: Claims) -> Alternative:
    there = replace(wish, span=span)
    partner = "shared_run" if joins(there, facility, unit, claims) else None
    if follows_similar(there, facility, unit, claims):
        partner = "similar_run"
    return Alternative(
        facility=facility.code, unit=unit if facility.unit_choice else None, why=why, partner=partner, **span._asdict()
    )
