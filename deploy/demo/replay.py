"""The plans' steps, taken through booking's own handlers, each at its own time, so that every rule holds."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from deploy.demo.lives import Step
from deploy.demo.plans import Plan
from services.booking import handlers
from services.booking.domain.states import Action
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.commands import (
    ApproveReservation,
    CancelReservation,
    CheckInReservation,
    CheckOutReservation,
    MarkNoShow,
    RejectReservation,
    RequestReservation,
    WithdrawReservation,
)
from services.contracts.messaging import tracing
from services.contracts.messaging.audit import Author
from services.contracts.messaging.unit_of_work import write_fact

BASE_MANAGER = "base-manager"
REQUEST_KEY = "demo"
"""Handlers do not look at it: only calls over the broker are recognised by their key."""


def replay(plans: Iterable[Plan], managers: Mapping[str, str], uow: BookingUnitOfWork, now: datetime) -> int:
    """Live each plan up to now. Returns how many steps that took."""
    count = 0
    for plan in plans:
        tracing.begin()
        reservation = ""
        for step in plan.until(now):
            reservation = take(step, plan, reservation, managers[plan.facility], uow)
            tell(uow, step.at)
            count += 1
    return count


def take(step: Step, plan: Plan, reservation: str, manager: str, uow: BookingUnitOfWork) -> str:
    """Take a step; returns the id of the reservation."""

    def command(kind: type, actor: str, **more: Any) -> Any:
        return kind(actor=actor, request_key=REQUEST_KEY, reservation=reservation, **more)

    match step.action:
        case Action.REQUEST:
            return handlers.request_reservation(request_of(plan), uow, step.at)["id"]
        case Action.APPROVE:
            while (decider := who_decides(reservation, plan, manager, uow)) is not None:
                handlers.approve_reservation(command(ApproveReservation, decider), uow, step.at)
        case Action.REJECT:
            decider = who_decides(reservation, plan, manager, uow)
            handlers.reject_reservation(command(RejectReservation, decider, reason=step.reason), uow, step.at)
        case Action.WITHDRAW:
            handlers.withdraw_reservation(command(WithdrawReservation, plan.requester), uow, step.at)
        case Action.CANCEL:
            message = command(CancelReservation, plan.requester, reason=step.reason)
            handlers.cancel_reservation(message, uow, step.at)
        case Action.EXPIRE:
            handlers.expire_due(uow, step.at)
        case Action.CHECK_IN:
            handlers.check_in_reservation(command(CheckInReservation, plan.requester), uow, step.at)
        case Action.CHECK_OUT:
            message = command(CheckOutReservation, plan.requester, fault=step.reason)
            handlers.check_out_reservation(message, uow, step.at)
        case Action.MARK_NO_SHOW:
            handlers.mark_no_show(command(MarkNoShow, manager), uow, step.at)
    return reservation


def who_decides(reservation: str, plan: Plan, manager: str, uow: BookingUnitOfWork) -> str | None:
    """Who is asked at the stage of approval at which it is; nobody once it is granted."""
    waiting, _person = uow.reservations.locked(reservation, manager)
    lead = f"lead{plan.team.removeprefix('team-')}"
    return {"lead": lead, "manager": manager, "base": BASE_MANAGER}.get(waiting.awaits)


def request_of(plan: Plan) -> RequestReservation:
    return RequestReservation(
        actor=plan.requester, request_key=REQUEST_KEY, facility=plan.facility, unit=plan.unit,
        starts_at=plan.span.starts_at, ends_at=plan.span.ends_at, team=plan.team, project=plan.project,
        purpose=plan.purpose, **plan.run,
    )  # fmt: skip


def tell(uow: BookingUnitOfWork, at: datetime) -> None:
    """Write the step's facts as of its own time; a usual transaction has only one time for all."""
    for event in uow.events:
        author = Author(actor=getattr(event, "actor", ""), action=type(event).__name__)
        write_fact(uow.connection, event, at, author)
    uow.events.clear()
