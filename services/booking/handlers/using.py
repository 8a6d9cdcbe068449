"""Coming, leaving, and not coming at all. No door reaches these yet but the demo's seed."""

from datetime import datetime
from typing import Any

from services.booking.domain.reservation import step
from services.booking.domain.states import Action
from services.booking.handlers.recording import write
from services.contracts.errors import NotFound
from services.contracts.events import (
    ReservationEvent,
    ReservationFinished,
    ReservationNoShow,
    ReservationStarted,
)


def check_in(reservation: str, actor: str, uow: Any, now: datetime) -> dict[str, Any]:
    """The team has come. Raises NotFound, WrongState."""
    return use(reservation, actor, Action.CHECK_IN, ReservationStarted, uow, now)


def finish(reservation: str, actor: str, uow: Any, now: datetime) -> dict[str, Any]:
    """The team has gone; what is left of the time is free. Raises NotFound, WrongState."""
    return use(reservation, actor, Action.FINISH, ReservationFinished, uow, now)


def mark_no_show(reservation: str, actor: str, uow: Any, now: datetime) -> dict[str, Any]:
    """Nobody came; what is left of the time is free. Raises NotFound, WrongState."""
    return use(reservation, actor, Action.MARK_NO_SHOW, ReservationNoShow, uow, now)


def use(
    reservation: str, actor: str, action: Action, kind: type[ReservationEvent], uow: Any, now: datetime,
) -> dict[str, Any]:
    former, _person = uow.reservations.locked(reservation, actor)
    if former is None:
        raise NotFound
    return write(uow, action, former, step(former, action, now), kind, now, actor=actor)
