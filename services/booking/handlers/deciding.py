"""Steps that end the waiting or give the time up: no claim is touched but its own."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from services.booking.domain import approval
from services.booking.domain.reservation import Reservation, require, step
from services.booking.domain.rights import Person, decides, standings
from services.booking.domain.rules.notice import cancel_rules
from services.booking.domain.rules.violation import Violation
from services.booking.domain.states import Action, State
from services.booking.handlers.answers import answered, may_answer
from services.booking.handlers.campaigns.ending import KINDS, ended_with
from services.booking.handlers.placing import refuse
from services.booking.handlers.recording import opened, role_taken, standing, write
from services.contracts.commands import (
    ApproveReservation,
    CancelReservation,
    RejectReservation,
    ReservationCommand,
    WithdrawReservation,
)
from services.contracts.errors import RuleBroken
from services.contracts.events import (
    ReservationApproved,
    ReservationCancelled,
    ReservationEscalated,
    ReservationEvent,
    ReservationExpired,
    ReservationForwarded,
    ReservationRejected,
    ReservationWithdrawn,
)

BATCH = 100


def approve_reservation(message: ApproveReservation, uow: Any, now: datetime) -> dict[str, Any]:
    """Agree to a request: it goes on to the next stage, or is granted.

    Raises NotFound, NotAllowed (also for one's own, and for who is to decide later), StaleVersion, WrongState.
    """
    former, person = opened(message, Action.APPROVE, uow)
    return approved(former, person, uow, now)


def approved(former: Reservation, person: Person, uow: Any, now: datetime, **told: Any) -> dict[str, Any]:
    """Take the step with a request that is locked, by a person who may. ``told`` goes into the fact."""
    require(former, Action.APPROVE, now)
    (facility,) = uow.copies.facilities([former.facility])
    if facility.attachments == "required" and not uow.attachments.of(former.id):
        raise RuleBroken(violations=[Violation("attachment_missing").to_dict()], alternatives=[])
    standing = decides(person, former.awaits, former.team, former.facility)
    reservation = approval.agreed_to(former, standing.role, facility, now, uow.time_scale)
    if reservation.state is State.APPROVED:
        kind, more = ReservationApproved, {"automatic": False}
    else:
        kind, more = ReservationForwarded, {"decide_by": reservation.decide_by, "awaits": reservation.awaits}
    basis = role_taken(standing) | {"stage": former.awaits}
    return write(uow, Action.APPROVE, former, reservation, kind, now, actor=person.person, basis=basis, **more, **told)


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
    reason: str = "",
) -> dict[str, Any]:
    former, person = opened(message, action, uow)
    if former.campaign is None:
        return decided(former, person, action, kind, uow, now, reason)
    answer, _ = ended_with(former, action, partial(
        decided_in_campaign, person=person, uow=uow, now=now, reason=reason), uow, now, person=person, reason=reason)
    return answer


def decided_in_campaign(
    former: Reservation, action: Action, *, person: Person, uow: Any, now: datetime, reason: str,
) -> dict[str, Any]:
    """Take a step that ends a member, of which the campaign's fact tells."""
    return decided(former, person, action, KINDS[action], uow, now, reason, of_campaign=True)


def decided(
    former: Reservation, person: Person, action: Action, kind: type[ReservationEvent], uow: Any, now: datetime,
    reason: str = "", because: Mapping[str, Any] | None = None, **told: Any,
) -> dict[str, Any]:
    """Take the step with a reservation that is locked, by a person who may.

    ``because`` goes into history, ``told`` into the fact.
    """
    reservation = step(former, action, now)
    basis = standing(person, former)
    if action is Action.REJECT:
        standing_taken = decides(person, former.awaits, former.team, former.facility)
        basis = role_taken(standing_taken) | {"stage": former.awaits}
    if action is Action.CANCEL:
        basis = may_still_cancel(former, person, reason, uow, now) or basis
        if basis["role"] != "team" and not reason.strip():
            refuse({"reason": ["required"]})
    basis = basis | dict(because or {})
    answered(former, person, "declined", uow, now)
    return write(uow, action, former, reservation, kind, now, actor=person.person, reason=reason, basis=basis, **told)


def may_still_cancel(
    former: Reservation, person: Person, reason: str, uow: Any, now: datetime,
) -> dict[str, Any] | None:
    """The base may cancel until the end, with a reason; a team in time. Raises RuleBroken when it is too late.

    Who is of the team and of the base at once acts for the base then, which is what is returned.
    """
    if former.team not in person.teams or may_answer(former, person, uow, now):
        return None
    (facility,) = uow.copies.facilities([former.facility])
    violations = cancel_rules(former.span, facility, now)
    manager = next(standings(person, former.facility), None)
    if violations and manager is None:
        raise RuleBroken(violations=[each.to_dict() for each in violations], alternatives=[])
    return role_taken(manager) if violations else None


def expire_due(uow: Any, now: datetime) -> int:
    """Pass on to base management, or end, the requests that nobody decided in time. Returns how many.

    A batch at once; those that another worker or a manager holds locked are left to them.
    """
    due = uow.reservations.due(now, BATCH)
    facilities = {each.code: each for each in uow.copies.facilities({former.facility for former in due})}
    for former in due:
        overdue(former, facilities[former.facility], uow, now)
    return len(due)


def overdue(former: Reservation, facility: Any, uow: Any, now: datetime, **told: Any) -> dict[str, Any]:
    """``told`` goes into the fact."""
    basis = {"decide_by": former.decide_by, "stage": former.awaits}
    if approval.may_escalate(former, facility, now):
        later = approval.escalated(former, facility, now, uow.time_scale)
        more = {"decide_by": later.decide_by, "awaits": later.awaits}
        return write(
            uow, Action.ESCALATE, former, later, ReservationEscalated, now, actor="", basis=basis, **more, **told)
    expired = step(former, Action.EXPIRE, now)
    return write(uow, Action.EXPIRE, former, expired, ReservationExpired, now, actor="", basis=basis, **told)
