"""A campaign: ordered steps over several facilities, all or nothing; each step is a reservation.

    film on the platform     ring on the line          ageing in the lab
    |======= 1 =======|------|==== 2 ====|-------------|========= 3 =========|
                       gap of step 2      gap of step 3

A gap reaches from the planned end of the step before to the start of the step. It is at least
``least_gap_minutes`` long, and at most ``most_gap_minutes`` where that matters.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from services.booking.domain.run import ORDINARY, Run
from services.booking.domain.spans import Span

MOST_STEPS = 12
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a step was asked as; where it is now, its reservation knows."""

    facility: str
    minutes: int
    unit: str | None = None
    run: Run = ORDINARY
    least_gap_minutes: int = 0
    most_gap_minutes: int | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"run": self.run.to_dict()}


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """One version. Steps are numbered from 1 on."""

    id: str
    version: int
    team: str
    project: str | None
    purpose: str
    requester: str
    steps: tuple[Step, ...]

    def chain(self, number: int, spans: Mapping[int, Span], kept: Span | None = None) -> "Chain":
        """What stands beside a step, where the steps are at ``spans``."""
        return chain_of(self.steps, number, spans, kept)


class Beside(NamedTuple):
    """A step beside another one, and the gap that is kept between the two."""

    step: int
    span: Span
    least_gap_minutes: int
    most_gap_minutes: int | None

    def starts_after(self) -> Span:
        """From when until when something may start that comes after it; the last instant is included."""
        return Span(self.span.ends_at + self.least, self.span.ends_at + self.most)

    def ends_before(self) -> Span:
        """From when until when something may end that comes before it; the last instant is included."""
        return Span(self.span.starts_at - self.most, self.span.starts_at - self.least)

    @property
    def least(self) -> timedelta:
        return self.least_gap_minutes * MINUTE

    @property
    def most(self) -> timedelta:
        return EVER if self.most_gap_minutes is None else self.most_gap_minutes * MINUTE


EVER = timedelta(days=3650)
"""Longer than anything is planned ahead."""


class Chain(NamedTuple):
    """The neighbours of a step. ``kept`` is its own time where it stays unless it is said otherwise.

    A start or an end that stays is not looked at anew: what is held already stays good.
    """

    before: Beside | None = None
    after: Beside | None = None
    kept: Span | None = None


def chain_of(steps: Sequence[Step], number: int, spans: Mapping[int, Span], kept: Span | None = None) -> Chain:
    """The neighbours of step ``number``, as far as their times are known."""
    def beside(other: int, following: int) -> Beside | None:
        if other not in spans:
            return None
        gap = steps[following - 1]
        return Beside(other, spans[other], gap.least_gap_minutes, gap.most_gap_minutes)

    before = beside(number - 1, number) if number > 1 else None
    after = beside(number + 1, number + 1) if number < len(steps) else None
    return Chain(before, after, kept)


def wrong_gaps(steps: Sequence[Any]) -> dict[str, list[str]]:
    """What is wrong with the number of steps and their gaps, by field."""
    if not steps:
        return {"steps": ["required"]}
    if len(steps) > MOST_STEPS:
        return {"steps": ["too_many_steps"]}
    return {
        f"steps.{number}.most_gap_minutes": ["below_least_gap"] for number, step in enumerate(steps)
        if number and step.most_gap_minutes is not None and step.most_gap_minutes < step.least_gap_minutes
    }


def state_of(states: Iterable[str]) -> str:
    """The state of the whole: waiting, granted, running (partly used), finished, or ended."""
    found = set(states)
    if found & {"rejected", "withdrawn", "expired", "cancelled", "declined"}:
        return "ended"
    if found <= {"finished", "no_show"}:
        return "finished"
    if found & {"requested", "offered", "competing"}:
        return "waiting"
    return "running" if found & {"in_use", "finished", "no_show"} else "granted"


def minutes_between(former: datetime, later: datetime) -> int:
    return int((later - former) // MINUTE)
