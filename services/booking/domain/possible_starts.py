"""Which starts the rules leave that change with the time, so that a search need not try them one by one.

A quota of six hours a week, five of them used this week, and a wish of three hours:

    |<------- this week ------->|<---- next week ----
    |×××××××××××××××××××××××××|·|···················    × is no start, · may be one

What is left here may still be refused; what is taken away would be.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from services.booking.domain.facility import Facility
from services.booking.domain.quotas import MINUTE, Entitlement, applying
from services.booking.domain.rules.answers import crowded
from services.booking.domain.spans import Span, gaps, shared
from services.booking.domain.wish import Wish

NOTHING = timedelta(0)


def starts_in(
    spans: Iterable[Span], length: timedelta, before: timedelta = NOTHING, after: timedelta = NOTHING,
) -> list[Span]:
    """From when until when something of this length may start, with room beside it; the last instant is included."""
    behind = length + after
    room = before + behind
    return [Span(starts_at + before, ends_at - behind) for starts_at, ends_at in spans if ends_at - starts_at >= room]


def limits(wish: Wish, facility: Facility, window: Span) -> Iterator[list[Span]]:
    """For each rule that takes starts away in ``window``, those that it leaves."""
    if full := crowded(wish, facility):
        yield starts_in(gaps(window, full), wish.span.length)
    if wish.party is None:
        return
    if facility.qualifications and wish.former is None:
        yield while_qualified(wish, facility, window)
    for each in applying(wish.party.entitlements, facility.kind):
        yield within_quota(each, wish, window)


def within_gaps(wish: Wish, window: Span) -> list[Span]:
    """A step of a campaign keeps its gaps to the ones before and after it."""
    before, after = wish.chain.before, wish.chain.after
    found = [window]
    if before:
        found = shared(found, [before.starts_after()])
    if after:
        earliest_end, latest_end = after.ends_before()
        found = shared(found, [Span(earliest_end - wish.span.length, latest_end - wish.span.length)])
    return found


def while_qualified(wish: Wish, facility: Facility, window: Span) -> list[Span]:
    """The run ends before the first training of the operator does."""
    held = wish.party.qualifications
    if any(code not in held for code in facility.qualifications):
        return []
    latest = min(held[code] for code in facility.qualifications) - wish.span.length
    return [Span(window.starts_at, min(window.ends_at, latest))] if latest >= window.starts_at else []


def within_quota(each: Entitlement, wish: Wish, window: Span) -> list[Span]:
    """A start is gone when even at the lowest weight too much of the run would lie in one period."""
    if each.quota.per == "open":
        is_full = each.used(None) >= each.quota.limit and wish.former is None
        return [] if is_full else [window]
    length, gone = wish.span.length, []
    for period in each.periods(window.widened(length, length)):
        most = most_in(each, period, wish)
        if most is not None and most < length:
            gone.append(Span(period.starts_at + most - length, period.ends_at - most))
    return outside(window, sorted(span for span in gone if span.starts_at < span.ends_at))


def outside(window: Span, gone: Iterable[Span]) -> list[Span]:
    """What spans in order leave of a window, their own ends included: where two meet is a start."""
    found, left_from = [], window.starts_at
    for starts_at, ends_at in gone:
        if starts_at >= left_from:
            found.append(Span(left_from, starts_at))
        left_from = max(left_from, ends_at)
    return [*found, Span(left_from, window.ends_at)] if left_from <= window.ends_at else found


def most_in(each: Entitlement, period: Span, wish: Wish) -> timedelta | None:
    """The longest time in a period that may keep within what is left; None where time costs nothing."""
    left = each.quota.limit - each.used(period)
    if wish.former:
        left = max(left, each.asked(wish.former, period))
    percent = min(each.quota.off_peak_percent, 100)
    if percent == 0:
        return None
    # Begun minutes are dropped from what is asked: the least that is too much is a hundredth less than the next one.
    return (-(-(max(left, 0) + 1) * 100 // percent) - 1) * MINUTE
