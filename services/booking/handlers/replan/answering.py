"""What a team answers whose reservation a re-plan has moved: agreed, another time, or no."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain.reservation import require
from services.booking.domain.states import Action
from services.booking.handlers.recording import opened, standing, write
from services.contracts.commands import ConfirmReplanned
from services.contracts.errors import WrongState
from services.contracts.events import ReservationConfirmed


def confirm_replanned(message: ConfirmReplanned, uow: Any, now: datetime) -> dict[str, Any]:
    """Agree to the new place. Raises NotFound, NotAllowed, StaleVersion, WrongState (nothing is to be answered)."""
    former, person = opened(message, Action.CONFIRM, uow)
    require(former, Action.CONFIRM, now)
    displacement = uow.replans.unanswered(former.id, now)
    if displacement is None:
        raise WrongState(state=str(former.state), action=str(Action.CONFIRM))
    uow.replans.answer(former.id, "confirmed", now)
    confirmed = replace(former, version=former.version + 1)
    return write(
        uow, Action.CONFIRM, former, confirmed, ReservationConfirmed, now, actor=person.person,
        basis=standing(person, former), replan=displacement.replan,
    )
