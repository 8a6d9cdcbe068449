"""How late what is held may still be changed or given up."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.booking.domain.facility import Facility
from services.booking.domain.rules.violation import Violation
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish


def change_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    """Time may be given back until the end, and what has begun may go on for longer; all else needs its notice."""
    left = wish.left
    if left is None or wish.gives_back or (wish.keeps_start and left.span.starts_at <= now):
        return
    yield from too_late("too_late_to_change", left.span, left.notice_minutes, now)


def cancel_rules(span: Span, facility: Facility, now: datetime) -> list[Violation]:
    """Whether a team may still give up what is approved for it."""
    return list(too_late("too_late_to_cancel", span, facility.cancel_notice_minutes, now))


def too_late(rule: str, span: Span, notice_minutes: int, now: datetime) -> Iterator[Violation]:
    until = span.starts_at - timedelta(minutes=notice_minutes)
    if notice_minutes and now > until:
        yield Violation(rule, {"notice_minutes": notice_minutes, "until": until})
