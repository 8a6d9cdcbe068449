"""Carrying a plan out as a whole, or repairing it because the world has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain.replan.candidates import candidate_at
from services.booking.domain.replan.cause import told_to_teams
from services.booking.domain.replan.checker import faults
from services.booking.domain.replan.displacement import Displacement
from services.booking.domain.replan.greedy import looked_at, planned
from services.booking.domain.replan.instance import Hit, Instance
from services.booking.domain.replan.plan import Placement, Plan
from services.booking.domain.replan.replan import Replan, ReplanState, answer_until, may_accept
from services.booking.domain.replan.settling import Settled, settle
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person
from services.booking.domain.states import Action, State
from services.booking.domain.units import Room, SlotHeld
from services.booking.handlers.campaigns.ending import rest_ended
from services.booking.handlers.recording import rules_used, standing, write
from services.booking.handlers.replan.loading import instance_of
from services.booking.handlers.replan.recording import answer_of, note, opened
from services.booking.handlers.replan.wanted import give_place
from services.contracts.commands import AcceptReplan
from services.contracts.errors import Unavailable, WrongState
from services.contracts.events import ReplanAccepted, ReservationCancelled, ReservationReplanned


def accept_replan(message: AcceptReplan, uow: Any, now: datetime) -> dict[str, Any]:
    """Carry the plan out, all of it, under the locks of all that it touches.

    Does the plan not fit any more, it is repaired and kept as the next version, and the answer names those in
    ``repaired`` for whom something changed: nothing has been done then.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    replan, person = opened(message, uow, may_accept, "accept")
    if not replan.is_planned:
        raise WrongState(state=str(replan.state), action="accept")
    instance = instance_of(replan, uow, now, neighbours=neighbours_in(replan.plan), locking=True)
    if is_outdated(replan.plan, instance) or faults(instance, replan.plan):
        return repaired(replan, instance, uow)
    rooms = rooms_for(replan.plan, instance)
    if rooms.keys() != {each.reservation for each in replan.plan.placements if each.is_moved}:
        return repaired(replan, instance, uow)
    items = carried_out(replan, instance, rooms, person, uow, now)
    accepted = replan.ended(ReplanState.ACCEPTED, person.person, now)
    uow.replans.change(accepted)
    uow.record(ReplanAccepted(
        version=accepted.version, replan=replan.id, cause=told_to_teams(replan.cause), items=items, actor=person.person,
    ))
    return answer_of(accepted)


def neighbours_in(plan: Plan) -> list[str]:
    return [each.reservation for each in plan.placements if each.reason == "made_room"]


def is_outdated(plan: Plan, instance: Instance) -> bool:
    """Whether others are hit now, or one of them has changed since the plan was made."""
    present = {each.id: each.reservation.version for each in (*instance.hits, *instance.kept)}
    following = {each.id for each in instance.following}
    return present != {each.reservation: each.version for each in plan.placements if each.reservation not in following}


def repaired(replan: Replan, instance: Instance, uow: Any) -> dict[str, Any]:
    """All places that can still be had are kept; for the rest the best that is left is looked for."""
    choices, obstacles = looked_at(instance)
    wanted = {
        each.reservation: candidate_at(instance.by_id[each.reservation], each.after)
        for each in replan.plan.placements if each.is_moved and each.reservation in instance.by_id
    }
    settled = planned(instance, choices, obstacles, wanted)
    still = {id: place for id, place in wanted.items() if (found := settled.of(id)) and found.after == place.place}
    plan = planned(instance, choices, obstacles, still)
    changed = replace(replan, hits=tuple(each.id for each in (*instance.hits, *instance.kept)))
    changed = changed.with_plan(plan, ReplanState.PROPOSED)
    uow.replans.change(changed)
    differing = differences(replan.plan, plan)
    note(uow, changed, repaired=differing)
    return answer_of(changed, repaired=differing)


def differences(before: Plan, after: Plan) -> list[str]:
    """The reservations of which the two plans say something else."""
    old = {each.reservation: (each.after, each.reason in ("begun", "left_out")) for each in before.placements}
    new = {each.reservation: (each.after, each.reason in ("begun", "left_out")) for each in after.placements}
    return sorted(id for id in {*old, *new} if old.get(id) != new.get(id))


def carried_out(
    replan: Replan, instance: Instance, rooms: Mapping[str, Room], person: Person, uow: Any, now: datetime,
) -> list[dict[str, Any]]:
    """Let all claims go before the first is taken; the rest of campaigns that are lost ends as always.

    Raises Unavailable when the database refuses what was checked.
    """
    touched = [
        each for each in replan.plan.placements
        if each.reservation in instance.by_id and (each.is_moved or each.is_cancelled)
    ]
    uow.reservations.let_go([each.reservation for each in touched])
    try:
        items = [
            moved(instance.by_id[each.reservation], each, rooms[each.reservation], replan, instance, person, uow, now)
            if each.is_moved else cancelled(instance.by_id[each.reservation], each, replan, person, uow, now)
            for each in touched
        ]
        ended = [instance.by_id[each.reservation].reservation for each in touched if each.is_cancelled]
        rest_ended(ended, uow, now, person, reason_told(replan))
        if replan.cause["kind"] == "priority":
            give_place(replan.cause, person, uow, now)
    except SlotHeld as held:  # somebody wrote without the lock: repeating the call looks at everything again
        raise Unavailable(retry_after=1) from held
    return items


def rooms_for(plan: Plan, instance: Instance) -> dict[str, Room]:
    """What each holds at its new place."""
    settled = Settled(instance)
    for each in plan.placements:
        if each.is_cancelled and each.reservation in instance.by_id:
            settled.drop(instance.by_id[each.reservation])
    return settle(settled, [
        (instance.by_id[each.reservation], each.after) for each in plan.placements if each.is_moved])


def moved(
    hit: Hit, placement: Placement, room: Room, replan: Replan, instance: Instance, person: Person, uow: Any,
    now: datetime,
) -> dict[str, Any]:
    """Keep one at its new place; its approval is not asked for anew, since the base moves it. Raises SlotHeld."""
    former, after = hit.reservation, placement.after
    reservation = there(former, placement, room, now)
    answer_by = answer_until(now, after.span.starts_at, uow.time_scale)
    facility = instance.facilities[after.facility]
    basis = rules_used(facility) | standing(person, former) | {
        "replan": {"id": replan.id, "why": placement.reason, "shift_minutes": placement.shift_minutes,
                   "cause": replan.cause["kind"]},
    }
    write(
        uow, Action.REPLAN, former, reservation, ReservationReplanned, now, actor=person.person, claims=room.claims,
        basis=basis, former_facility=former.facility, former_unit=former.unit,
        former_starts_at=former.span.starts_at, former_ends_at=former.span.ends_at, replan=replan.id,
        why=placement.reason, answer_by=answer_by, cause=told_to_teams(replan.cause),
    )
    uow.replans.displace(Displacement(
        reservation=former.id, replan=replan.id, former=placement.before, answer_by=answer_by, reason=placement.reason,
    ), now)
    return item(former, reservation.version, placement, answer_by)


def there(former: Reservation, placement: Placement, room: Room, now: datetime) -> Reservation:
    span = placement.after.span
    decide_by = former.decide_by and max(now, min(former.decide_by, span.starts_at))
    return replace(
        former, version=former.version + 1, facility=placement.after.facility, unit=placement.after.unit, span=span,
        waivers=room.waivers, decide_by=decide_by, exception=former.exception if room.waivers else "",
    )


def cancelled(
    hit: Hit, placement: Placement, replan: Replan, person: Person, uow: Any, now: datetime,
) -> dict[str, Any]:
    """Give one up for which there is no place within the rules."""
    former = hit.reservation
    reservation = replace(
        former, version=former.version + 1, state=State.CANCELLED, decide_by=None, awaits=None)
    basis = standing(person, former) | {
        "replan": {"id": replan.id, "why": placement.reason, "obstacles": list(placement.obstacles),
                   "cause": replan.cause["kind"]},
    }
    write(
        uow, Action.REPLAN, former, reservation, ReservationCancelled, now, actor=person.person,
        reason=reason_told(replan), basis=basis, of_replan=True,
    )
    uow.replans.answer(former.id, "overtaken", now)
    return item(former, reservation.version, placement, None)


def reason_told(replan: Replan) -> str:
    """What the base says of the cause, as one text."""
    told: Sequence[str] = list(dict.fromkeys(filter(None, (replan.cause.get("reason") or {}).values())))
    return " / ".join(told)


def item(
    former: Reservation, version: int, placement: Placement, answer_by: datetime | None,
) -> dict[str, Any]:
    """One line of the fact, in values that travel as they are."""
    return {
        "reservation": former.id, "version": version, "team": former.team, "project": former.project,
        "purpose": former.purpose, "requester": former.requester, "before": told_place(placement.before),
        "after": placement.after and told_place(placement.after), "reason": placement.reason,
        "state": str(former.state), "answer_by": answer_by and answer_by.isoformat(),
    }


def told_place(place: Any) -> dict[str, Any]:
    return {
        "facility": place.facility, "unit": place.unit, "starts_at": place.span.starts_at.isoformat(),
        "ends_at": place.span.ends_at.isoformat(),
    }
