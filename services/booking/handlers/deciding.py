"""Steps that end the waiting or give the time up: no rule and no claim is touched but its own."""

from datetime import datetime
from typing import Any

from services.booking.domain.reservation import Reservation, step
from services.booking.domain.rights import Person
from services.booking.domain.states import Action
from services.booking.handlers.placing import refuse
from services.booking.handlers.recording import opened, standing, write
from services.contracts.commands import (
    ApproveReservation,
    CancelReservation,
    RejectReservation,
    ReservationCommand,
    WithdrawReservation,
)
from services.contracts.events import (
    ReservationApproved,
    ReservationCancelled,
    ReservationEvent,
    ReservationExpired,
    ReservationRejected,
    ReservationWithdrawn,
)

BATCH = 100


def approve_reservation(message: ApproveReservation, uow: Any, now: datetime) -> dict[str, Any]:
    """Grant a request. Raises NotFound, NotAllowed (also for one's own), StaleVersion, WrongState."""
    return decide(message, Action.APPROVE, ReservationApproved, uow, now, automatic=False)


def reject_reservation(message: RejectReservation, uow: Any, now: datetime) -> dict[str, Any]:
    """Refuse a request; the slot is free again. Raises like approve_reservation."""
    return decide(message, Action.REJECT, ReservationRejected, uow, now, reason=message.reason)


def withdraw_reservation(message: WithdrawReservation, uow: Any, now: datetime) -> dict[str, Any]:
    """Take a request back before it is decided. Raises like approve_reservation."""
    return decide(message, Action.WITHDRAW, ReservationWithdrawn, uow, now)


def cancel_reservation(message: CancelReservation, uow: Any, now: datetime) -> dict[str, Any]:
    """Give approved time up. Raises like approve_reservation; InvalidInput when the base gives no reason."""
    return decide(message, Action.CANCEL, ReservationCancelled, uow, now, reason=message.reason)


def decide(
    message: ReservationCommand, action: Action, kind: type[ReservationEvent], uow: Any, now: datetime,
    reason: str = "", **more: Any,
) -> dict[str, Any]:
    former, person = opened(message, action, uow)
    return decided(former, person, action, kind, uow, now, reason, **more)


def decided(
    former: Reservation, person: Person, action: Action, kind: type[ReservationEvent], uow: Any, now: datetime,
    reason: str = "", **more: Any,
) -> dict[str, Any]:
    """Take the step with a reservation that is locked, by a person who may. ``more`` goes into the fact."""
    reservation = step(former, action, now)
    basis = standing(person, former)
    if action is Action.CANCEL and basis["role"] != "team" and not reason.strip():
        refuse({"reason": ["required"]})
    return write(uow, action, former, reservation, kind, now, actor=person.person, reason=reason, basis=basis, **more)


def expire_due(uow: Any, now: datetime) -> int:
    """End the requests that nobody decided in time, a batch at once. Returns how many.

    Those that another worker or a manager holds locked are left to them.
    """
    due = uow.reservations.due(now, BATCH)
    for former in due:
        expired = step(former, Action.EXPIRE, now)
        basis = {"decide_by": former.decide_by}
        write(uow, Action.EXPIRE, former, expired, ReservationExpired, now, actor="", basis=basis)
    return len(due)
