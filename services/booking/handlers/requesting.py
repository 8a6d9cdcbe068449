"""Asking for time."""

import uuid
from datetime import datetime
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.reservation import Reservation, decision_deadline, granted
from services.booking.domain.rights import Person, known, may_request_for
from services.booking.domain.rules import Wish
from services.booking.domain.spans import Span
from services.booking.domain.states import Action, State
from services.booking.handlers.placing import check_place, check_times, placed, refuse
from services.booking.handlers.recording import rules_used, write
from services.contracts.commands import RequestReservation
from services.contracts.events import ReservationApproved, ReservationRequested


def request_reservation(message: RequestReservation, uow: Any, now: datetime) -> dict[str, Any]:
    """Hold the time until a manager decides, or grant it at once where the facility says so.

    Raises InvalidInput, RuleBroken, SlotTaken, NotAllowed.
    """
    person, projects, facility = uow.copies.asking(message.actor, message.team, message.facility)
    refuse(wrong_fields(message, known(person), projects, facility))
    wish = Wish(span=Span(message.starts_at, message.ends_at), unit=message.unit)
    with placed(wish, facility, uow, now, locking=[facility.code]) as unit:
        asked = new_reservation(message, wish.span, unit)
        reservation = granted(
            asked, facility.is_automatic, decision_deadline(facility, wish.span.starts_at, now, uow.time_scale)
        )
        if facility.is_automatic:
            kind, more = ReservationApproved, {"automatic": True}
        else:
            kind, more = ReservationRequested, {"decide_by": reservation.decide_by}
        return write(
            uow, Action.REQUEST, None, reservation, kind, now, actor=message.actor, period=facility.period(wish.span),
            basis=rules_used(facility), **more,
        )


def new_reservation(message: RequestReservation, span: Span, unit: str) -> Reservation:
    return Reservation(
        id=str(uuid.uuid4()), version=1, state=State.REQUESTED, facility=message.facility, unit=unit, span=span,
        team=message.team, project=message.project, purpose=message.purpose, requester=message.actor,
    )


def wrong_fields(
    message: RequestReservation, person: Person, projects: list[str] | None, facility: Facility | None,
) -> dict[str, list[str]]:
    """Everything that is wrong. ``projects`` is None where the team is not known; a foreign one looks the same."""
    errors = check_times(message.starts_at, message.ends_at)
    if projects is None or not may_request_for(person, message.team):
        errors["team"] = ["unknown_team"]
    elif message.project is not None and message.project not in projects:
        errors["project"] = ["unknown_project"]
    return errors | check_place(message.unit, facility)
