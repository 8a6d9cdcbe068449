"""A reservation and the steps of its life. Each step is a new value with the next version."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.rights import Person, may
from services.booking.domain.run import ORDINARY, Run
from services.booking.domain.spans import Span
from services.booking.domain.states import HELD, TRANSITIONS, WHILE_IT_LASTS, Action, State
from services.contracts.errors import WrongState

OFFERED = (Action.APPROVE, Action.REJECT, Action.MOVE, Action.WITHDRAW, Action.CANCEL)
"""What a person may be offered to do, in this order."""


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """One version. ``span`` is without buffers; ``decide_by`` is set while it waits for a decision.

    A member of a ``series`` is known there by its ``series_date``, also when it has moved to another day.
    """

    id: str
    version: int
    state: State
    facility: str
    unit: str
    span: Span
    team: str
    project: str | None
    purpose: str
    requester: str
    decide_by: datetime | None = None
    run: Run = ORDINARY
    series: str | None = None
    series_date: date | None = None

    @property
    def is_held(self) -> bool:
        return self.state in HELD


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of a reservation's history: who took which step when and why, and what it changed.

    ``basis`` names what the decision rested on: the version of the rules, the role of the person.
    """

    action: Action
    actor: str
    at: datetime
    reason: str = ""
    former: Mapping[str, Any] = field(default_factory=dict)
    changed: Mapping[str, Any] = field(default_factory=dict)
    basis: Mapping[str, Any] = field(default_factory=dict)


def require(reservation: Reservation, action: Action, now: datetime) -> None:
    """Raises WrongState when the step is not possible now."""
    if not is_possible(reservation, action, now):
        raise WrongState(state=str(reservation.state), action=str(action))


def is_possible(reservation: Reservation, action: Action, now: datetime) -> bool:
    is_over = reservation.span.ends_at <= now
    return (reservation.state, action) in TRANSITIONS and not (is_over and action in WHILE_IT_LASTS)


def allowed_actions(person: Person, reservation: Reservation, now: datetime) -> list[str]:
    """What a person may do with a reservation as it is."""
    whose = (reservation.team, reservation.facility, reservation.requester)
    return [str(action) for action in OFFERED if is_possible(reservation, action, now) and may(person, action, *whose)]


def decision_deadline(facility: Facility, starts_at: datetime, now: datetime, time_scale: float) -> datetime:
    """Until when a request waits: the facility's hours, but never beyond its own start."""
    return min(now + timedelta(hours=facility.decision_hours) / time_scale, starts_at)


def step(reservation: Reservation, action: Action, now: datetime) -> Reservation:
    """The reservation after a step that leads to one state only. Raises WrongState."""
    require(reservation, action, now)
    (state,) = TRANSITIONS[reservation.state, action]
    return replace(reservation, version=reservation.version + 1, state=state, decide_by=None)


def granted(reservation: Reservation, is_granted: bool, deadline: datetime) -> Reservation:
    """A request, or one that moved, as it begins to wait or is approved at once."""
    if is_granted:
        return replace(reservation, state=State.APPROVED, decide_by=None)
    return replace(reservation, state=State.REQUESTED, decide_by=deadline)


def moved(
    reservation: Reservation, facility: Facility, unit: str, span: Span, *, is_granted: bool, deadline: datetime,
) -> Reservation:
    """The reservation at another time or place; it waits again unless ``is_granted``."""
    there = replace(reservation, version=reservation.version + 1, facility=facility.code, unit=unit, span=span)
    return granted(there, is_granted, deadline)


def is_only_shorter(reservation: Reservation, facility: str, unit: str, span: Span) -> bool:
    return (reservation.facility, reservation.unit) == (facility, unit) and reservation.span.contains(span)


def values_of(reservation: Reservation) -> dict[str, Any]:
    """What a step may change."""
    return {
        "state": reservation.state, "facility": reservation.facility, "unit": reservation.unit,
        **reservation.span._asdict(), "decide_by": reservation.decide_by,
    }


def differences(former: Reservation | None, changed: Reservation) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a step changed: the former values and the new ones. Without a former one all are new."""
    new = values_of(changed)
    if former is None:
        return {}, new
    old = values_of(former)
    names = [name for name in new if new[name] != old[name]]
    return {name: old[name] for name in names}, {name: new[name] for name in names}
