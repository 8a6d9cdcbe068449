"""Deciding about a whole series at once, and giving up its members."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from services.booking.domain.choices import day_of
from services.booking.domain.reservation import Reservation, is_possible, may_take
from services.booking.domain.rights import Person
from services.booking.domain.series import Series
from services.booking.domain.states import Action
from services.booking.handlers.deciding import approved, decided
from services.booking.handlers.placing import refuse
from services.booking.handlers.series.recording import is_to_come, opened, tell
from services.contracts.commands import ApproveSeries, CancelSeries, RejectSeries
from services.contracts.errors import NotAllowed, WrongState
from services.contracts.events import (
    ReservationCancelled,
    ReservationRejected,
    ReservationWithdrawn,
    SeriesCancelled,
    SeriesDecided,
)

KINDS = {
    Action.REJECT: ReservationRejected, Action.CANCEL: ReservationCancelled, Action.WITHDRAW: ReservationWithdrawn,
}


class Step(NamedTuple):
    """What is done with one member."""

    member: Reservation
    action: Action


def approve_series(message: ApproveSeries, uow: Any, now: datetime) -> dict[str, Any]:
    """Agree to every member that waits for this person: each goes on to its next stage, or is granted.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    series, person, members = opened(message, uow)
    steps = steps_of(members, (Action.APPROVE,), person, now)
    return take(steps, series, person, uow, now, "", SeriesDecided, approved=True)


def reject_series(message: RejectSeries, uow: Any, now: datetime) -> dict[str, Any]:
    """Refuse every member that waits for this person. Raises like approve_series."""
    series, person, members = opened(message, uow)
    steps = steps_of(members, (Action.REJECT,), person, now)
    return take(steps, series, person, uow, now, message.reason, SeriesDecided, approved=False)


def cancel_series(message: CancelSeries, uow: Any, now: datetime) -> dict[str, Any]:
    """Give up the members from a date on, or all that are to come: requests are taken back, approved time is cancelled.

    Raises like approve_series; InvalidInput when the base gives no reason.
    """
    series, person, members = opened(message, uow)
    first = day_of(message.from_date) if message.from_date else date.min
    if first is None:
        refuse({"from_date": ["not_a_date"]})
    coming = [each for each in members if is_to_come(each, now) and each.series_date >= first]
    if not coming:
        refuse({"from_date": ["no_dates_left"]})
    steps = steps_of(coming, (Action.WITHDRAW, Action.CANCEL, Action.REJECT), person, now)
    if series.team not in person.teams and not message.reason.strip():
        refuse({"reason": ["required"]})
    return take(steps, series, person, uow, now, message.reason, SeriesCancelled)


def steps_of(
    members: Iterable[Reservation], actions: Iterable[Action], person: Person, now: datetime,
) -> list[Step]:
    """The first of ``actions`` that each member is open to and the person may take.

    Raises WrongState when no member is open to any, NotAllowed when the person may take none of them.
    """
    possible = [Step(each, action) for each in members for action in actions if is_possible(each, action, now)]
    if not possible:
        raise WrongState(action=str(next(iter(actions))))
    allowed = [step for step in possible if may_take(person, step.action, step.member)]
    if not allowed:
        raise NotAllowed
    first: dict[str, Step] = {}
    for step in allowed:
        first.setdefault(step.member.id, step)
    return list(first.values())


def take(
    steps: Iterable[Step], series: Series, person: Person, uow: Any, now: datetime, reason: str, kind: Any, **more: Any,
) -> dict[str, Any]:
    """Take the steps by the same function as single ones, and tell of them once."""
    touched = []
    for member, action in steps:
        if action is Action.APPROVE:
            touched.append(approved(member, person, uow, now, of_series=True))
        else:
            touched.append(decided(member, person, action, KINDS[action], uow, now, reason, of_series=True))
    changed = replace(series, version=series.version + 1)
    uow.series.change(changed)
    return tell(uow, kind, changed, touched, person.person, reason, **more)
