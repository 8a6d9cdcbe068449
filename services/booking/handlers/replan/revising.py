"""A manager has the plan made again with wishes of their own, or wants none."""

from datetime import datetime
from typing import Any

from services.booking.domain.replan.replan import ReplanState, may_revise
from services.booking.handlers.placing import refuse
from services.booking.handlers.replan.recording import answer_of, note, opened
from services.contracts.commands import DiscardReplan, ReviseReplan


def revise_replan(message: ReviseReplan, uow: Any, now: datetime) -> dict[str, Any]:
    """Compute it again around what is pinned and excluded; the present plan is shown until the next one is there.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput (who is in no place that could be pinned).
    """
    replan, _ = opened(message, uow, may_revise, "revise")
    known = {each.reservation for each in replan.plan.placements} if replan.plan else set()
    refuse({
        **({"pins": ["unknown"]} if set(message.pins) - replan.pinnable.keys() else {}),
        **({"excluded_reservations": ["unknown"]} if set(message.excluded_reservations) - known else {}),
    })
    revised = replan.revised(message.pins, message.excluded_reservations, message.excluded_facilities)
    uow.replans.change(revised)
    note(uow, revised, pins=sorted(revised.pins), excluded_reservations=sorted(revised.excluded_reservations),
         excluded_facilities=sorted(revised.excluded_facilities))
    return answer_of(revised)


def discard_replan(message: DiscardReplan, uow: Any, now: datetime) -> dict[str, Any]:
    """Leave everything as it is. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    replan, person = opened(message, uow, may_revise, "discard")
    discarded = replan.ended(ReplanState.DISCARDED, person.person, now)
    uow.replans.change(discarded)
    note(uow, discarded)
    return answer_of(discarded)
