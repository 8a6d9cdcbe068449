"""The longest part of a wished time that is left."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims
from services.booking.domain.nearby import Alternative, offer, passes, stretches
from services.booking.domain.quotas import MINUTE
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish


def shorter(wish: Wish, facility: Facility, claims: Claims, now: datetime) -> list[Alternative]:
    """The longest time within the wished one that would be granted, if any: then the earlier, then by unit."""
    best: tuple[Span, str] | None = None
    for room, unit in parts(wish, facility, claims, now):
        if best and room.length <= best[0].length:
            break
        span = longest_in(room, unit, wish, facility, now)
        if span and (best is None or span.length > best[0].length):
            best = span, unit
    return [offer(wish, facility, best[1], best[0], "shorter", claims)] if best else []


def parts(wish: Wish, facility: Facility, claims: Claims, now: datetime) -> Iterator[tuple[Span, str]]:
    """What is free of the wished time on each unit, the longest first; no longer than a reservation may be."""
    least = timedelta(minutes=facility.shortest_minutes)
    if wish.span.length <= least:
        return
    most = timedelta(minutes=facility.longest_minutes)
    small = replace(wish, span=Span(wish.span.starts_at, wish.span.starts_at + least))
    found = []
    for starts, order, unit in stretches(small, facility, claims, facility.period(wish.whole), now):
        starts_at, ends_at = facility.grid_after(starts.starts_at), starts.ends_at + least
        room = Span(starts_at, facility.grid_before(min(ends_at, starts_at + most)))
        if least <= room.length:
            found.append((wish.span.length - room.length, room.starts_at, order, room, unit))
    for *_, room, unit in sorted(found):
        yield room, unit


def longest_in(room: Span, unit: str, wish: Wish, facility: Facility, now: datetime) -> Span | None:
    """The longest from its start on that passes the rules, shorter than the wish; what is longer breaks no fewer."""
    least, most = facility.shortest_minutes, room.length // MINUTE
    if room.length == wish.span.length:
        most -= 1
    found = None
    while least <= most:
        middle = (least + most + 1) // 2
        span = Span(room.starts_at, facility.grid_before(room.starts_at + middle * MINUTE))
        is_long_enough = span.length >= facility.shortest_minutes * MINUTE
        if is_long_enough and passes(wish, facility, span, unit, now):
            found, least = span, middle + 1
        elif is_long_enough:
            most = span.length // MINUTE - 1
        else:
            least = middle + 1
    return found
