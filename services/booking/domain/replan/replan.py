"""A re-plan and the steps of its life.

    computing ──► proposed ──► accepted
        │  ▲          │
        │  └─ revised ┤
        ▼             ▼
      empty       discarded, superseded (the cause has changed, and has a plan of its own)

While it is computing, the plan that was found at once may be accepted already.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from services.booking.domain.replan.plan import Place, Plan
from services.booking.domain.rights import Person, managed, sees_all
from services.contracts.errors import WrongState

ANSWER_TIME = timedelta(hours=24)
"""So long a team may answer, but never beyond the start of its new place."""


class ReplanState(StrEnum):
    COMPUTING = "computing"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DISCARDED = "discarded"
    SUPERSEDED = "superseded"
    EMPTY = "empty"


OPEN = frozenset({ReplanState.COMPUTING, ReplanState.PROPOSED})


@dataclass(frozen=True, kw_only=True)
class Replan:
    """One version.

    cause = {kind: outage | maintenance | closure | hours | priority, interruption, facility, reason, ...}: what the
    plan is for; ``key`` names it, so that a later plan for the same replaces this one. ``places`` are the
    facilities of those who were hit, ``hits`` those reservations as they were found. ``progress`` =
    {stage, of, elapsed_ms, best} of the search for a better plan. ``pins`` are places that stay as they are.
    Until it ``is_planned`` the plan, if any, is the one from before it was revised.
    """

    id: str
    version: int
    state: ReplanState
    key: str
    cause: Mapping[str, Any]
    hits: tuple[str, ...]
    places: tuple[str, ...]
    created_at: datetime
    plan: Plan | None = None
    is_planned: bool = False
    progress: Mapping[str, Any] = field(default_factory=dict)
    pins: Mapping[str, Place] = field(default_factory=dict)
    excluded_reservations: frozenset[str] = frozenset()
    excluded_facilities: frozenset[str] = frozenset()
    decided_by: str = ""
    decided_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def facilities(self) -> frozenset[str]:
        """Those that the plan touches: where reservations are, and where they go."""
        moved = [each for each in self.plan.placements if each.is_moved] if self.plan else []
        targets = {place.facility for each in moved for place in (each.before, each.after)}
        named = {self.cause["facility"]} if self.cause.get("kind") == "priority" else set()
        return frozenset({*self.places, *targets, *named})

    def require_open(self, action: str) -> None:
        """Raises WrongState."""
        if not self.is_open:
            raise WrongState(state=str(self.state), action=action)

    def with_plan(self, plan: Plan, state: ReplanState) -> "Replan":
        """The next version, with another plan; one for nobody is empty."""
        if not plan.placements:
            state = ReplanState.EMPTY
        return replace(self, version=self.version + 1, plan=plan, state=state, is_planned=True)

    def revised(
        self, pins: Iterable[str], excluded_reservations: Iterable[str], excluded_facilities: Iterable[str],
    ) -> "Replan":
        """The next version, to be computed again. What is pinned keeps its place; nothing else of the plan stays."""
        left_out = frozenset(excluded_reservations)
        pinned = {each: place for each, place in self.pinnable.items() if each in set(pins) - left_out}
        return replace(
            self, version=self.version + 1, state=ReplanState.COMPUTING, pins=pinned, progress={}, is_planned=False,
            excluded_reservations=left_out, excluded_facilities=frozenset(excluded_facilities),
        )

    @property
    def pinnable(self) -> dict[str, Place]:
        """The places that the plan has found, by reservation."""
        placements = self.plan.placements if self.plan else ()
        return {each.reservation: each.after for each in placements if each.is_moved}

    def ended(self, state: ReplanState, actor: str, now: datetime) -> "Replan":
        return replace(self, version=self.version + 1, state=state, decided_by=actor, decided_at=now)


def may_see(person: Person, replan: Replan) -> bool:
    """Base management, and whoever manages one of the facilities that were hit."""
    return sees_all(person) or bool(managed(person) & set(replan.places))


def may_revise(person: Person, replan: Replan) -> bool:
    """Base management, and whoever manages all facilities that were hit."""
    return sees_all(person) or set(replan.places) <= managed(person)


def may_accept(person: Person, replan: Replan) -> bool:
    """The same, and all facilities to which somebody is taken; but nobody takes time from others for the own team."""
    if replan.cause.get("team") in person.teams:
        return False
    return sees_all(person) or replan.facilities <= managed(person)


def answer_until(now: datetime, starts_at: datetime, time_scale: float) -> datetime:
    """Until when a team may answer that was moved to a start."""
    return max(now, min(now + ANSWER_TIME / time_scale, starts_at))
