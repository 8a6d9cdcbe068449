"""What every road of asking for time is made of."""

import uuid
from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain import approval
from services.booking.domain.campaign import Campaign
from services.booking.domain.facility import Facility
from services.booking.domain.judging import Verdict
from services.booking.domain.reservation import Reservation, Route
from services.booking.domain.rights import Person, may_request_for
from services.booking.domain.series import Series
from services.booking.domain.states import Action, State
from services.booking.domain.team import Team
from services.booking.domain.units import Room
from services.booking.domain.wish import Wish
from services.booking.handlers.placing import check_place, check_profile, check_times
from services.booking.handlers.recording import route_taken, rules_used, waiting, write
from services.contracts.commands import RequestReservation
from services.contracts.events import ReservationApproved, ReservationRequested


def begun(
    asked: Reservation, room: Room, facility: Facility, uow: Any, now: datetime, actor: str,
    because: Mapping[str, Any] | None = None, agreed: Set[str] = frozenset(), **told: Any,
) -> dict[str, Any]:
    """Keep what was asked for and found room for: it waits for the first who has to agree, or is granted at once.

    ``because`` goes into history, ``told`` into the fact; ``agreed`` are the stages that need not be asked any more.
    Raises SlotHeld.
    """
    asked = replace(asked, waivers=room.waivers, exception=asked.exception if room.waivers else "")
    reservation = approval.begun(asked, facility, now, uow.time_scale, agreed)
    if reservation.state is State.APPROVED:
        kind, more = ReservationApproved, {"automatic": not agreed}
    else:
        kind, more = ReservationRequested, waiting(reservation)
    return write(
        uow, Action.REQUEST, None, reservation, kind, now, actor=actor, claims=room.claims,
        basis=rules_used(facility) | route_taken(reservation) | dict(because or {}), **more, **told,
    )


def new_reservation(message: RequestReservation, wish: Wish, unit: str, person: Person) -> Reservation:
    return Reservation(
        id=str(uuid.uuid4()), version=1, state=State.REQUESTED, facility=message.facility, unit=unit,
        span=wish.span, team=message.team, project=message.project, purpose=message.purpose, requester=message.actor,
        run=wish.run, exception=message.exception.strip(), route=Route(by_lead=message.team in person.leads),
    )


def new_member(whole: Series | Campaign, verdict: Verdict, person: Person, **place_in_it: Any) -> Reservation:
    """One of those that are asked for together, where room was found for it."""
    wish = verdict.wanted.wish
    return Reservation(
        id=str(uuid.uuid4()), version=1, state=State.REQUESTED, facility=verdict.wanted.facility.code,
        unit=verdict.unit, span=wish.span, team=whole.team, project=whole.project, purpose=whole.purpose,
        requester=person.person, run=wish.run, route=Route(by_lead=whole.team in person.leads), **place_in_it,
    )


def wrong_fields(
    message: RequestReservation, person: Person, team: Team | None, facility: Facility | None,
) -> dict[str, list[str]]:
    """Everything that is wrong."""
    errors = check_times(message.starts_at, message.ends_at) | wrong_party(message, person, team)
    return errors | check_place(message.unit, facility) | check_profile(message.profile)


def wrong_party(message: Any, person: Person, team: Team | None) -> dict[str, list[str]]:
    """What is wrong with those for whom it is asked. A foreign team looks the same as one that is not there."""
    if team is None or not may_request_for(person, message.team):
        return {"team": ["unknown_team"]}
    if message.project is not None and message.project not in team.projects:
        return {"project": ["unknown_project"]}
    return {}


def wrong_asker(given: Any, person: Person, asking: Any) -> dict[str, list[str]]:
    """The same for what is only looked at, with who would run it; without a team it is for nobody."""
    if not given.team:
        return {}
    is_foreign = given.operator is not None and not asking.operates
    return wrong_party(given, person, asking.team) or ({"operator": ["not_in_team"]} if is_foreign else {})
