"""The order of a campaign's steps, and the gaps between them."""

from collections.abc import Iterator
from datetime import datetime

from services.booking.domain.campaign import Beside, minutes_between
from services.booking.domain.facility import Facility
from services.booking.domain.rules.violation import Violation
from services.booking.domain.wish import Wish


def campaign_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    """A step keeps its gap to the one before it and to the one after it."""
    if wish.chain is None:
        return
    before, after, kept = wish.chain
    starts_at, ends_at = wish.span
    if before and (kept is None or starts_at != kept.starts_at):
        yield from gap_rules(before, before.span.ends_at, starts_at)
    if after and (kept is None or ends_at != kept.ends_at):
        yield from gap_rules(after, ends_at, after.span.starts_at)


def gap_rules(beside: Beside, former_end: datetime, later_start: datetime) -> Iterator[Violation]:
    """Whether what ends at one time and what starts at another keep their gap; told with the other step's number."""
    minutes = minutes_between(former_end, later_start)
    told = {"step": beside.step, "gap_minutes": minutes, **beside.span._asdict()}
    if later_start < former_end:
        yield Violation("campaign_order", told)
    elif minutes < beside.least_gap_minutes:
        yield Violation("gap_too_short", told | {"least_gap_minutes": beside.least_gap_minutes})
    elif later_start - former_end > beside.most:
        yield Violation("gap_too_long", told | {"most_gap_minutes": beside.most_gap_minutes})
