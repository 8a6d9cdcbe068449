"""A manager gives time for which several compete to one of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.booking.domain.contention.drawing import is_drawn
from services.booking.domain.contention.rivals import Rival, group_of
from services.booking.domain.facility import Facility
from services.booking.domain.reservation import require
from services.booking.domain.rights import Person, decides
from services.booking.domain.states import Action
from services.booking.domain.units import FITTING, choose_unit
from services.booking.handlers.contention.comparing import rivals_of
from services.booking.handlers.contention.deciding import Decision, allocate, decision_on, pass_over
from services.booking.handlers.placing import refuse
from services.booking.handlers.quotas import lock_use
from services.booking.handlers.recording import opened, role_taken
from services.contracts.commands import AllocateReservation
from services.contracts.errors import NotAllowed, WrongState


def allocate_reservation(message: AllocateReservation, uow: Any, now: datetime) -> dict[str, Any]:
    """The time is this one's; of its rivals those without room are passed over, the others go on competing.

    Raises NotFound, NotAllowed (also for who has a team among the rivals), StaleVersion, WrongState (also where a
    draw was promised), InvalidInput (no reason, although one is passed over who ranks before), RuleBroken, SlotTaken.
    """
    code = uow.contention.place_of(message.reservation)
    rivals: list[Rival] = []
    if code is not None:
        uow.contention.lock(code)
        (facility,) = uow.copies.facilities([code])
        rivals = rivals_of(facility, uow)
    former, person = opened(message, Action.ALLOCATE, uow)
    require(former, Action.ALLOCATE, now)
    chosen = next((each for each in rivals if each.id == former.id), None)
    if chosen is None:
        raise WrongState(state=str(former.state), action=str(Action.ALLOCATE))
    group = group_of(chosen, rivals, facility)
    require_deciding(person, group)
    decision = decision_by(person, message, chosen, group, facility, uow, now)
    lock_use([each.wish.party for each in group if each.wish.party], facility.kind, uow)
    answer = allocate(chosen, decision, uow, now)
    without = without_room([each for each in decision.order if each.id != chosen.id], facility, uow)
    require_reason(decision, chosen, without)
    pass_over([(each, []) for each in without], [chosen], decision, uow, now)
    return answer


def require_deciding(person: Person, group: Sequence[Rival]) -> None:
    """Nobody decides among rivals of whom one is of their own team, nor against a draw.

    Raises NotAllowed, WrongState.
    """
    if any(each.reservation.team in person.teams for each in group):
        raise NotAllowed
    if is_drawn(group):
        raise WrongState(state="competing", action=str(Action.ALLOCATE))


def decision_by(
    person: Person, message: AllocateReservation, chosen: Rival, group: Sequence[Rival], facility: Facility, uow: Any,
    now: datetime,
) -> Decision:
    standing = decides(person, "manager", chosen.reservation.team, facility.code)
    return decision_on(
        group, facility, uow, now, by="manager", actor=person.person, reason=message.reason.strip(),
        agreed=frozenset({"manager"}), standing=role_taken(standing),
    )


def require_reason(decision: Decision, chosen: Rival, without: Sequence[Rival]) -> None:
    """Whoever departs from the ranking says why. Raises InvalidInput."""
    order = [each.id for each in decision.order]
    before = order[:order.index(chosen.id)]
    if not decision.reason and any(each.id in before for each in without):
        refuse({"reason": ["required"]})


def without_room(rivals: Sequence[Rival], facility: Facility, uow: Any) -> list[Rival]:
    """Those who find no room any more beside what is held now, under the lock of the units."""
    found = []
    for rival in rivals:
        near = facility.period(rival.wish.whole).widened(FITTING, FITTING)
        claims = uow.reservations.claims([facility.code], near)
        if choose_unit(rival.wish, facility, claims) is None:
            found.append(rival)
    return found
