"""A plan: where each reservation goes, and what that costs.

The words for why a reservation has the place that it has:

    same_time_other_unit    the same time on another unit of its facility
    same_time_elsewhere     the same time on an equal facility
    earlier, later          the nearest free start on its facility
    earlier_elsewhere, later_elsewhere     the nearest free start on an equal facility
    made_room               it was not hit, but goes a little aside so that others can stay
    no_place                there is none within the rules: it would be cancelled
    campaign_ends           another step of its campaign would be cancelled, and so it is
    goes_along              the same, of a step that was not hit, or that a manager left out
    begun                   it has begun, and is left to its manager
    left_out                a manager left it out of the plan
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from services.booking.domain.spans import Span

MINUTE = timedelta(minutes=1)
KEPT = frozenset({"begun", "left_out"})
"""Reasons for which a reservation is left alone, although it was hit."""


class Place(NamedTuple):
    """A unit for a time, without buffers."""

    facility: str
    unit: str
    span: Span

    def to_dict(self) -> dict[str, Any]:
        return {"facility": self.facility, "unit": self.unit, **self.span._asdict()}


def place_in(told: Mapping[str, Any]) -> Place:
    """A place as it was kept; its times may have become texts."""
    starts_at, ends_at = (
        each if isinstance(each, datetime) else datetime.fromisoformat(each)
        for each in (told["starts_at"], told["ends_at"])
    )
    return Place(told["facility"], told["unit"], Span(starts_at, ends_at))


@dataclass(frozen=True, kw_only=True)
class Placement:
    """What becomes of one reservation, of which ``version`` was looked at. Without ``after`` it is cancelled.

    ``weight`` is what cancelling it would count. ``obstacles`` are the rules that kept it from other places,
    where it has none.
    """

    reservation: str
    version: int
    team: str
    before: Place
    after: Place | None
    reason: str
    weight: int = 1
    obstacles: tuple[str, ...] = ()

    @property
    def is_kept(self) -> bool:
        return self.reason in KEPT

    @property
    def is_moved(self) -> bool:
        return self.after is not None and not self.is_kept and self.after != self.before

    @property
    def is_cancelled(self) -> bool:
        return self.after is None

    @property
    def shift_minutes(self) -> int:
        return shift(self.before, self.after) if self.is_moved else 0

    def to_dict(self) -> dict[str, Any]:
        after = self.after and self.after.to_dict()
        return asdict(self) | {"before": self.before.to_dict(), "after": after, "obstacles": list(self.obstacles)}


def placement_in(told: Mapping[str, Any]) -> Placement:
    after = told["after"] and place_in(told["after"])
    return Placement(**{
        **told, "before": place_in(told["before"]), "after": after, "obstacles": tuple(told["obstacles"]),
    })


def shift(before: Place, after: Place) -> int:
    return abs(after.span.starts_at - before.span.starts_at) // MINUTE


class Goals(NamedTuple):
    """What a plan costs. Less is better; what comes first decides, and what follows only among equals.

    ``cost`` counts what is cancelled by its weight, ``shift_minutes`` how far starts are moved in all.
    """

    cost: int = 0
    cancelled: int = 0
    moved: int = 0
    teams: int = 0
    shift_minutes: int = 0
    unit_changes: int = 0


def goals_of(placements: Iterable[Placement]) -> Goals:
    placements = list(placements)
    cancelled = [each for each in placements if each.is_cancelled]
    moved = [each for each in placements if each.is_moved]
    return Goals(
        cost=sum(each.weight for each in cancelled), cancelled=len(cancelled), moved=len(moved),
        teams=len({each.team for each in (*cancelled, *moved)}),
        shift_minutes=sum(each.shift_minutes for each in moved),
        unit_changes=sum(each.before[:2] != each.after[:2] for each in moved),
    )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``method`` is greedy or solver; ``optimal``: it is proved that none costs less among the places looked at."""

    placements: tuple[Placement, ...]
    method: str = "greedy"
    optimal: bool = False
    goals: Goals = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "goals", goals_of(self.placements))

    def of(self, reservation: str) -> Placement | None:
        return next((each for each in self.placements if each.reservation == reservation), None)

    def to_dict(self) -> dict[str, Any]:
        return {
            "placements": [each.to_dict() for each in self.placements], "method": self.method, "optimal": self.optimal,
        }


def plan_in(told: Mapping[str, Any]) -> Plan:
    """A plan as it was kept."""
    placements = tuple(placement_in(each) for each in told["placements"])
    return Plan(placements=placements, method=told["method"], optimal=told["optimal"])
