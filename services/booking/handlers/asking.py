"""Asking for time: at once, or among others who ask for it."""

from datetime import datetime
from typing import Any

from services.booking.domain.rights import known
from services.booking.domain.run import run_of
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish
from services.booking.handlers.contention.collecting import competing
from services.booking.handlers.placing import placed, refuse, wrong_in_run
from services.booking.handlers.requesting import begun, new_reservation, wrong_fields
from services.contracts.commands import RequestReservation


def asked_for(message: RequestReservation, uow: Any) -> tuple[Any, Wish]:
    """Who asks, and for what. Raises InvalidInput, NotAllowed."""
    asking = uow.copies.asking(message.actor, message.team, message.facility, message.operator)
    refuse(wrong_fields(message, known(asking.person), asking.team, asking.facility) | wrong_in_run(message, asking))
    return asking, Wish(
        span=Span(message.starts_at, message.ends_at), unit=message.unit, run=run_of(message),
        party=asking.party(message.project), exception=message.exception,
    )


def request_reservation(message: RequestReservation, uow: Any, now: datetime) -> dict[str, Any]:
    """Hold the time until a manager decides, or grant it at once where the facility says so.

    Where requests are collected, it competes for the time with the others.

    Raises InvalidInput, RuleBroken, SlotTaken, NotAllowed.
    """
    asking, wish = asked_for(message, uow)
    facility = asking.facility
    collected = competing(
        wish, facility, lambda unit: new_reservation(message, wish, unit, asking.person), message.needed_by, uow, now)
    if collected:
        return collected
    with placed(wish, facility, uow, now, locking=[facility.code]) as room:
        asked = new_reservation(message, wish, room.unit, asking.person)
        return begun(asked, room, facility, uow, now, message.actor)
