"""The sum by which rivals are ranked: five parts, each from 0 to 1, times its weight in points.

After Slurm's multifactor priority (slurm.schedmd.com/priority_multifactor.html): a weighted sum of factors between 0
and 1, of which quality of service, fair share and age are the greatest. Here that is the class of the project, the
fair share of the company and the time waited; a deadline and regret come with what a base allocates. The class weighs
most, and never more than everything else together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from services.booking.domain.alternatives import Alternative
from services.booking.domain.contention.fair_share import Share
from services.booking.domain.contention.rivals import Rival
from services.booking.domain.days import midnight_of

WEIGHTS: Mapping[str, int] = {"priority": 40, "fair_share": 25, "deadline": 15, "waiting": 10, "regret": 10}
"""Points at most; a hundred together."""

CLASSES: Mapping[str, float] = {"normal": 0.0, "key": 0.75, "urgent": 1.0}
FAR_DEADLINE = timedelta(days=30)
"""A deadline so long after the end of the time asked for, or longer, hurries nobody."""

LONG_WAIT = timedelta(days=14)
FAR_AWAY = timedelta(days=7)
"""An alternative so far from the time asked for is as bad as none."""

ELSEWHERE = 0.25
"""How much worse another facility at the same time is than the one asked for."""


class Part(NamedTuple):
    """``value`` is from 0 to 1; ``facts`` are the figures that a sentence about it needs."""

    name: str
    value: float
    facts: Mapping[str, Any]

    @property
    def points(self) -> float:
        return round(WEIGHTS[self.name] * self.value, 1)

    def to_dict(self) -> dict[str, Any]:
        return {"part": self.name, "points": self.points, "of": WEIGHTS[self.name], "facts": dict(self.facts)}


@dataclass(frozen=True, kw_only=True)
class Score:
    """The parts in the order of the weights."""

    rival: Rival
    parts: tuple[Part, ...]
    share: Share

    @property
    def total(self) -> float:
        return round(sum(part.points for part in self.parts), 1)

    @property
    def place(self) -> tuple[Any, ...]:
        """Sorts the highest first; among equals who came first."""
        return -self.total, *self.rival.age


def scored(rival: Rival, share: Share, best: Alternative | None, now: datetime) -> Score:
    """``best`` is the best that the rival could have instead."""
    return Score(rival=rival, share=share, parts=(
        priority(rival), fair_share(share), deadline(rival), waiting(rival, now), regret(rival, best),
    ))


def ranked(scores: Iterable[Score]) -> list[Score]:
    return sorted(scores, key=lambda score: score.place)


def priority(rival: Rival) -> Part:
    named = rival.wish.party.priority if rival.wish.party else "normal"
    return Part("priority", CLASSES.get(named, 0.0), {"class": named})


def fair_share(share: Share) -> Part:
    facts = {"used_minutes": round(share.used), "entitled_minutes": round(share.entitled)}
    return Part("fair_share", share.factor, facts)


def deadline(rival: Rival) -> Part:
    """The nearer the deadline is to the end of the time asked for, the more it weighs; without one nothing."""
    if rival.needed_by is None:
        return Part("deadline", 0.0, {"needed_by": None})
    left = max(midnight_of(rival.needed_by) + timedelta(days=1) - rival.wish.span.ends_at, timedelta())
    return Part("deadline", 1 - min(left / FAR_DEADLINE, 1.0), {"needed_by": rival.needed_by})


def waiting(rival: Rival, now: datetime) -> Part:
    waited = max(now - rival.since, timedelta())
    return Part("waiting", min(waited / LONG_WAIT, 1.0), {"since": rival.since.isoformat()})


def regret(rival: Rival, best: Alternative | None) -> Part:
    """How much worse off who does not get it is: the further away the best other time, the more."""
    if best is None:
        return Part("regret", 1.0, {"shift_minutes": None, "elsewhere": False})
    shift, is_elsewhere = abs(best.starts_at - rival.wish.span.starts_at), best.facility != rival.reservation.facility
    value = min(shift / FAR_AWAY + (ELSEWHERE if is_elsewhere else 0.0), 1.0)
    return Part("regret", value, {"shift_minutes": shift // timedelta(minutes=1), "elsewhere": is_elsewhere})
