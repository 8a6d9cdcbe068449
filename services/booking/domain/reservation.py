"""A reservation and the steps of its life. Each step is a new value with the next version."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from services.booking.domain.rights import Person, may
from services.booking.domain.run import ORDINARY, Run
from services.booking.domain.spans import Span
from services.booking.domain.states import HELD, TRANSITIONS, WHILE_IT_LASTS, Action, State
from services.contracts.errors import WrongState

OFFERED = (
    Action.APPROVE, Action.REJECT, Action.MOVE, Action.DESCRIBE, Action.ATTACH, Action.DETACH, Action.WITHDRAW,
    Action.CANCEL, Action.ACCEPT, Action.DECLINE,
)
"""What a person may be offered to do, in this order."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """The stages of approval that a reservation passes or has passed (approval.py).

    ``skipped`` are those that a lead who asks (``by_lead``) need not pass; at ``unanswered`` nobody decided in
    time, so that base management was asked.
    """

    stages: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    by_lead: bool = False
    unanswered: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """What differs from a route without stages, as it is kept."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """One version. ``span`` is without buffers.

    ``decide_by`` and ``awaits`` (the stage of approval that has to decide) are set while it waits.
    ``waivers`` = ({rule, facts}, ...) are the rules that it breaks, by an ``exception`` asked for with a reason.
    A member of a ``series`` is known there by its ``series_date``, also when it has moved to another day.
    A step of a ``campaign`` is known there by its number, ``campaign_step``, from 1 on.
    ``decide_by`` is also until when an offer is held, and when it is decided among rivals.
    ``overran`` is the end past which the run was in use when it was last told.
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
    awaits: str | None = None
    route: Route = Route()
    waivers: tuple[Mapping[str, Any], ...] = ()
    exception: str = ""
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    overran: datetime | None = None
    campaign: str | None = None
    campaign_step: int | None = None

    @property
    def latest_end(self) -> datetime:
        """Until when it may go on: its end, or what an elastic run may take on top."""
        return self.span.ends_at + timedelta(minutes=self.run.elastic_minutes)

    @property
    def whole(self) -> Span:
        """The time with what an elastic run may take on top: this is what it holds, beside the buffers."""
        return Span(self.span.starts_at, self.latest_end)

    @property
    def used_minutes(self) -> int | None:
        """How long it was really used, once it is over: whole minutes from check-in to check-out."""
        if self.checked_in_at is None or self.checked_out_at is None:
            return None
        return int((self.checked_out_at - self.checked_in_at).total_seconds()) // 60

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
    possible = [action for action in OFFERED if is_possible(reservation, action, now)]
    return [str(action) for action in possible if may_take(person, action, reservation)]


def may_take(person: Person, action: Action, reservation: Reservation) -> bool:
    whose = (reservation.team, reservation.facility, reservation.requester)
    return may(person, action, *whose, awaits=reservation.awaits or "manager")


def step(reservation: Reservation, action: Action, now: datetime) -> Reservation:
    """The reservation after a step that leads to one state only. Raises WrongState."""
    require(reservation, action, now)
    (state,) = TRANSITIONS[reservation.state, action]
    return replace(reservation, version=reservation.version + 1, state=state, decide_by=None, awaits=None)


def is_only_shorter(reservation: Reservation, facility: str, unit: str, span: Span) -> bool:
    return (reservation.facility, reservation.unit) == (facility, unit) and reservation.span.contains(span)


def gives_up(former: Reservation, changed: Reservation) -> bool:
    """Whether somebody else may have what was held before a step: all of it, or a part."""
    if not former.is_held:
        return False
    kept = (changed.facility, changed.unit, changed.run) == (former.facility, former.unit, former.run)
    return not changed.is_held or not kept or not changed.whole.contains(former.whole)


def values_of(reservation: Reservation) -> dict[str, Any]:
    """What a step may change."""
    return {
        "state": reservation.state, "facility": reservation.facility, "unit": reservation.unit,
        **reservation.span._asdict(), "decide_by": reservation.decide_by, "awaits": reservation.awaits,
        "waivers": [waiver["rule"] for waiver in reservation.waivers], "purpose": reservation.purpose,
        "run": reservation.run.to_dict(),
    }


def differences(former: Reservation | None, changed: Reservation) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a step changed: the former values and the new ones. Without a former one all are new."""
    new = values_of(changed)
    if former is None:
        return {}, new
    old = values_of(former)
    names = [name for name in new if new[name] != old[name]]
    return {name: old[name] for name in names}, {name: new[name] for name in names}
