"""Whether a step of a team answers a re-plan that has moved its reservation."""

from datetime import datetime
from typing import Any

from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person


def may_answer(reservation: Reservation, person: Person, uow: Any, now: datetime) -> bool:
    """Whether a team may still choose another time or decline, without the notice that its facility wants."""
    return reservation.team in person.teams and uow.replans.unanswered(reservation.id, now) is not None


def answered(reservation: Reservation, person: Person, answer: str, uow: Any, now: datetime) -> None:
    """A step of the team is its answer, where one is due; one of the base overtakes it."""
    uow.replans.answer(reservation.id, answer if reservation.team in person.teams else "overtaken", now)
