"""Fair share: what a company has used of late against what it is entitled to.

Use counts for 90 days, and half as much with every 30 days that pass, as Slurm's multifactor priority has it
(PriorityDecayHalfLife): factor = 2 ** (-use / entitlement). Who has used nothing has 1, who has used just what
they are entitled to has a half, who has used more has less and never nothing.

A company is entitled to its own quota of hours for this kind of facility. Where no quota binds it, it is to what
companies use on average. Both are counted in minutes that decay.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from services.booking.domain.quotas import Quota, binding

HALF_LIFE = timedelta(days=30)
REMEMBERED = timedelta(days=90)
PERIODS = {"week": timedelta(days=7), "month": timedelta(days=30)}


class Past(NamedTuple):
    """Time that a party had on a facility."""

    party: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Share:
    """Decayed minutes."""

    used: float = 0.0
    entitled: float = 0.0

    @property
    def factor(self) -> float:
        if self.used <= 0:
            return 1.0
        return 2 ** (-self.used / self.entitled) if self.entitled > 0 else 0.0


def decayed(starts_at: datetime, ends_at: datetime, now: datetime) -> float:
    """The minutes of a stretch of the past as they still count now, exactly: cut in two it counts the same."""
    since = max(starts_at, now - REMEMBERED)
    until = min(ends_at, now)
    return kept(now - until, now - since) if since < until else 0.0


def kept(nearest: timedelta, furthest: timedelta) -> float:
    """What is left of the minutes from so long ago to so long ago."""
    scale = HALF_LIFE / timedelta(minutes=1) / math.log(2)
    return scale * (0.5 ** (nearest / HALF_LIFE) - 0.5 ** (furthest / HALF_LIFE))


def used_by_party(past: Iterable[Past], now: datetime) -> dict[str, float]:
    used: dict[str, float] = {}
    for each in past:
        used[each.party] = used.get(each.party, 0.0) + decayed(each.starts_at, each.ends_at, now)
    return used


def entitled_by(quotas: Iterable[Quota], company: str, kind: str) -> float | None:
    """What a company's quota comes to over the days that count; None where none binds it. The tightest counts."""
    bound = [
        quota for quota, _ in binding(quotas, {"company": company})
        if quota.covers(kind) and quota.per in PERIODS
    ]
    whole = kept(timedelta(0), REMEMBERED)
    return min((quota.limit * whole / (PERIODS[quota.per] / timedelta(minutes=1)) for quota in bound), default=None)


def shares(
    companies: Mapping[str, str], past: Iterable[Past], parties: int, quotas: Iterable[Quota], kind: str, now: datetime,
) -> dict[str, Share]:
    """The share of each party in ``companies`` = {party: company}; ``parties`` is how many there are on the base."""
    used, quotas = used_by_party(past, now), list(quotas)
    mean = sum(used.values()) / parties if parties else 0.0
    found = {}
    for party, company in companies.items():
        own = entitled_by(quotas, company, kind) if company else None
        found[party] = Share(used=used.get(party, 0.0), entitled=mean if own is None else own)
    return found
