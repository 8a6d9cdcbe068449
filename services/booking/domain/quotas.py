"""How much may be reserved: what binds those who ask, what they have used of it, and what a wish adds.

Minutes are counted in the week or month of the local calendar in which they lie: what spans two
counts in each. Those outside the peak hours of a working day count a part only; a public holiday is
none, a make-up working day (调休) is one.

    peak 8 to 20, off-peak 50 %      18:00 ──── 20:00 ──────── 24:00      2 h + 4 h × 50 % = 4 h
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from services.booking.domain.calendar import ORDINARY_WEEKS, Calendar
from services.booking.domain.days import BASE_ZONE, midnight_before, midnights
from services.booking.domain.spans import Span

MINUTE = timedelta(minutes=1)
NEARLY_PERCENT = 80
"""From here on a subject is warned, once in a period."""


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One version, with the fields of the command; ``peak_hours`` are pairs of minutes after local midnight.

    ``calendar`` is the base's, which tells the working days.
    """

    code: str
    scope: str
    per: str
    limit: int
    subject: str | None = None
    kind: str | None = None
    off_peak_percent: int = 100
    peak_hours: tuple[tuple[int, int], ...] = ()
    calendar: Calendar = field(default=ORDINARY_WEEKS, compare=False, repr=False)

    def covers(self, kind: str) -> bool:
        return self.kind in (None, kind)


class Use(NamedTuple):
    """A reservation as far as quotas look at it; ``is_open`` while its time is held."""

    starts_at: datetime
    ends_at: datetime
    kind: str
    is_open: bool
    company: str
    team: str
    person: str
    project: str | None

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)


@dataclass(frozen=True, kw_only=True)
class Entitlement:
    """A quota that binds a subject, and what counts on it; ``known`` remembers sums by period, in hundredths."""

    quota: Quota
    subject: str
    uses: tuple[Use, ...] = ()
    known: dict[Span, int] = field(default_factory=dict, compare=False, repr=False)

    def used(self, period: Span | None) -> int:
        """Weighted minutes in a period; reservations open at a time where the quota counts those."""
        if period is None:
            return sum(use.is_open for use in self.uses)
        if period not in self.known:
            self.known[period] = sum(hundredths(use.span, period, self.quota) for use in self.uses)
        return self.known[period] // 100

    def asked(self, span: Span, period: Span | None) -> int:
        return 1 if period is None else hundredths(span, period, self.quota) // 100

    def periods(self, span: Span) -> list[Span | None]:
        """The weeks or months that a span touches; None stands for now, where open reservations are counted."""
        if self.quota.per == "open":
            return [None]
        found = [period_of(span.starts_at, self.quota.per)]
        while found[-1].ends_at < span.ends_at:
            found.append(period_of(found[-1].ends_at, self.quota.per))
        return found

    def with_use(self, use: Use) -> "Entitlement":
        known = {period: sum_ + hundredths(use.span, period, self.quota) for period, sum_ in self.known.items()}
        return replace(self, uses=(*self.uses, use), known=known)


def hundredths(span: Span, period: Span, quota: Quota) -> int:
    """The minutes of a span that lie in a period, each at its weight in percent."""
    inside = Span(max(span.starts_at, period.starts_at), min(span.ends_at, period.ends_at))
    if inside.starts_at >= inside.ends_at:
        return 0
    minutes = inside.length // MINUTE
    if quota.off_peak_percent == 100:
        return 100 * minutes
    peak = peak_minutes(inside, quota.peak_hours, quota.calendar)
    return 100 * peak + quota.off_peak_percent * (minutes - peak)


def peak_minutes(span: Span, peak_hours: Sequence[tuple[int, int]], calendar: Calendar) -> int:
    """The minutes of a span within the peak hours of working days."""
    found = timedelta()
    for midnight in midnights(span):
        if calendar.is_worked(midnight.astimezone(BASE_ZONE).date()):
            for begins, ends in peak_hours:
                starts_at, ends_at = midnight + begins * MINUTE, midnight + ends * MINUTE
                found += max(min(span.ends_at, ends_at) - max(span.starts_at, starts_at), timedelta())
    return found // MINUTE


def period_of(instant: datetime, per: str) -> Span:
    """The local week (from Monday) or month in which an instant lies."""
    midnight = midnight_before(instant)
    day = midnight.astimezone(BASE_ZONE)
    if per == "week":
        first = midnight_before(midnight - timedelta(days=day.weekday()))
        return Span(first, midnight_before(first + timedelta(days=7, hours=12)))
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return Span(midnight_before(day.replace(day=1)), midnight_before(following))


def binding(quotas: Iterable[Quota], subjects: Mapping[str, str | None]) -> list[tuple[Quota, str]]:
    """The quotas that bind those who ask: ``subjects`` by scope. One's own replaces the one that is for each."""
    bound = [(quota, subjects[quota.scope]) for quota in quotas if subjects.get(quota.scope)]
    own = {alike(quota) for quota, subject in bound if quota.subject == subject}
    return [
        (quota, subject) for quota, subject in bound
        if quota.subject == subject or (quota.subject is None and alike(quota) not in own)
    ]


def alike(quota: Quota) -> tuple[str, str, str | None]:
    return quota.scope, quota.per, quota.kind


def own_projects(quotas: Iterable[Quota]) -> dict[str, list[Quota]]:
    """Projects that have a quota of their own: what they reserve counts on that alone."""
    found: dict[str, list[Quota]] = {}
    for quota in quotas:
        if quota.scope == "project" and quota.subject:
            found.setdefault(quota.subject, []).append(quota)
    return found


def counts(use: Use, quota: Quota, subject: str, own: Mapping[str, Sequence[Quota]]) -> bool:
    """Whether what somebody reserved counts on a quota of a subject."""
    if getattr(use, quota.scope) != subject or not quota.covers(use.kind):
        return False
    has_own = any(each.covers(use.kind) for each in own.get(use.project or "", ()))
    return quota.scope == "project" or not has_own


def entitlements(
    quotas: Sequence[Quota], subjects: Mapping[str, str | None], uses: Iterable[Use],
) -> tuple[Entitlement, ...]:
    """What binds those who ask, each with what has been used of it."""
    own, uses = own_projects(quotas), list(uses)
    return tuple(
        Entitlement(quota=quota, subject=subject, uses=tuple(use for use in uses if counts(use, quota, subject, own)))
        for quota, subject in binding(quotas, subjects)
    )


def applying(found: Iterable[Entitlement], kind: str) -> list[Entitlement]:
    """Those that count time on a kind of facility; a project's own stands alone."""
    covering = [each for each in found if each.quota.covers(kind)]
    own = [each for each in covering if each.quota.scope == "project" and each.quota.subject]
    return [each for each in covering if each.quota.scope == "project"] if own else covering


def figures(each: Entitlement, span: Span) -> Iterator[dict[str, Any]]:
    """What a span takes of a quota, period by period."""
    for period in each.periods(span):
        yield {
            "quota": each.quota.code, "scope": each.quota.scope, "subject": each.subject, "kind": each.quota.kind,
            "per": each.quota.per, "limit": each.quota.limit, "used": each.used(period),
            "asked": each.asked(span, period), "starts_at": period and period.starts_at,
            "ends_at": period and period.ends_at,
        }


def is_nearly_used(told: Mapping[str, Any]) -> bool:
    """Whether a period's use passes the point of warning with what is asked."""
    least = told["limit"] * NEARLY_PERCENT
    return told["per"] != "open" and told["used"] * 100 < least <= (told["used"] + told["asked"]) * 100
