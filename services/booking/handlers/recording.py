"""The end of every step: state, history and fact are written together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.facts import fact
from services.booking.domain.held import Held
from services.booking.domain.reservation import Entry, Reservation, differences, gives_up, may_take
from services.booking.domain.rights import Person, Standing, known, sees, standings
from services.booking.domain.states import Action
from services.contracts.commands import ReservationCommand
from services.contracts.errors import NotAllowed, NotFound, StaleVersion
from services.contracts.events import ReservationEvent


def opened(message: ReservationCommand, action: Action, uow: Any) -> tuple[Reservation, Person]:
    """The reservation of a command, locked, and who asks.

    Raises NotFound (not there, or not to be seen), NotAllowed, StaleVersion.
    """
    reservation, person = uow.reservations.locked(message.reservation, message.actor)
    if reservation is None or not sees(known(person), reservation.team, reservation.facility):
        raise NotFound
    if not may_take(person, action, reservation):
        raise NotAllowed
    if message.version not in (None, reservation.version):
        raise StaleVersion(version=reservation.version)
    return reservation, person


def rules_used(facility: Facility) -> dict[str, Any]:
    """Under which version of the rules a step was decided, as history keeps it."""
    return {"facility_version": facility.version, "approval": facility.approval}


def route_taken(reservation: Reservation) -> dict[str, Any]:
    """Which stages of approval a request has to pass, as history keeps it."""
    route = reservation.route
    stages = {"stages": list(route.stages)} if route.stages not in ((), ("manager",)) else {}
    return stages | ({"skipped": list(route.skipped)} if route.skipped else {})


def waiting(reservation: Reservation) -> dict[str, Any]:
    """Who decides until when, as facts tell it."""
    waivers = [waiver["rule"] for waiver in reservation.waivers]
    return {"decide_by": reservation.decide_by, "awaits": reservation.awaits or "manager", "waivers": waivers}


def standing(person: Person, reservation: Reservation) -> dict[str, Any]:
    """In which role a person took a step, as history keeps it."""
    if reservation.team in person.teams:
        return {"role": "team"}
    return role_taken(next(standings(person, reservation.facility), Standing("")))


def role_taken(standing: Standing) -> dict[str, Any]:
    """A role, and in whose stead, as history keeps it."""
    role = {"role": standing.role or None}
    return role | ({"for": standing.instead_of} if standing.instead_of else {})


def write(
    uow: Any, action: Action, former: Reservation | None, reservation: Reservation, kind: type[ReservationEvent],
    now: datetime, *, actor: str, reason: str = "", basis: dict[str, Any] | None = None,
    claims: Sequence[Held] | None = None, **more: Any,
) -> dict[str, Any]:
    """Keep the step and tell it; returns the answer. ``claims`` are given when they are new or others.

    Raises SlotHeld when the database refuses the claim.
    """
    old, new = differences(former, reservation)
    entry = Entry(action=action, actor=actor, at=now, reason=reason, former=old, changed=new, basis=basis or {})
    if former is None:
        uow.reservations.add(reservation, claims, entry)
    else:
        uow.reservations.change(reservation, claims, entry)
        if gives_up(former, reservation):
            uow.waiting.free(former.facility, now)
    uow.record(fact(kind, reservation, actor, reason, **more))
    return answer_of(reservation)


def answer_of(reservation: Reservation) -> dict[str, Any]:
    return {
        "id": reservation.id, "state": str(reservation.state), "version": reservation.version,
        "facility": reservation.facility, "unit": reservation.unit, **reservation.span._asdict(),
        "team": reservation.team, "decide_by": reservation.decide_by, "awaits": reservation.awaits,
    }
