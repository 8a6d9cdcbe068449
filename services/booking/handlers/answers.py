"""Whether a step of a team answers a re-plan that has moved its reservation."""

from datetime import datetime
from typing import Any

from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person


def may_answer(reservation: Reservation, person: Person, uow: Any, now: datetime) -> bool:
    """Whether a team may still choose another time or decline, without the notice that its facility wants."""
    return reservation.team in person.teams and uow.replans.unanswered(reservation.id, now) is not None


def is_offered(reservation: Reservation, person: Person, facility: str, uow: Any, now: datetime) -> bool:
    """Whether the base, which moved it, agrees beforehand: to where it is now, and to where it was before."""
    if reservation.team not in person.teams:
        return False
    open_answer = uow.replans.unanswered(reservation.id, now)
    return open_answer is not None and facility in (reservation.facility, open_answer.former.facility)


def answered(reservation: Reservation, person: Person, answer: str, uow: Any, now: datetime) -> None:
    """A step of the team is its answer, where one is due; one of the base overtakes it."""
    uow.replans.answer(reservation.id, answer if reservation.team in person.teams else "overtaken", now)
