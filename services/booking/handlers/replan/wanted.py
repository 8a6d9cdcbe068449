"""A priority case: what is asked for it, and its reservation once the others have gone."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from services.booking.domain import approval
from services.booking.domain.facility import Facility
from services.booking.domain.interruption import interruptions_on
from services.booking.domain.replan.plan import Place
from services.booking.domain.replan.priority import units_for, wanted_place, wanted_run
from services.booking.domain.reservation import Reservation, Route
from services.booking.domain.rights import Person, capacity, sees
from services.booking.domain.rules import WAIVABLE_BY, Violation, broken_rules, waivers_of
from services.booking.domain.run import run_of
from services.booking.domain.spans import Span
from services.booking.domain.states import Action, State
from services.booking.domain.units import Room, room_on
from services.booking.domain.wish import Wish
from services.booking.handlers.moving import rules_of
from services.booking.handlers.placing import check_place, check_times, refuse, with_others
from services.booking.handlers.quotas import entitled, warn_of_use
from services.booking.handlers.recording import rules_used, standing, write
from services.contracts.commands import StartReplan
from services.contracts.errors import NotAllowed, RuleBroken
from services.contracts.events import ReservationApproved, ReservationMoved

CAN_GO = frozenset({State.REQUESTED, State.APPROVED})
CAN_WIN = frozenset({State.REQUESTED, State.APPROVED, State.COMPETING})
NEEDED = ("facility", "starts_at", "ends_at", "reason")


class Case(NamedTuple):
    """For whom it is, and what they wish; ``former`` is the reservation that is there already."""

    former: Reservation | None
    facility: Facility
    wish: Wish
    team: str


def priority_case(
    message: StartReplan, person: Person, uow: Any, now: datetime,
) -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    """The cause, and those who would have to go. Raises InvalidInput, NotAllowed, RuleBroken."""
    refuse({name: ["required"] for name in NEEDED if not getattr(message, name)})
    if capacity(person, message.facility) is None:
        raise NotAllowed
    former = winner(message, person, uow)
    case = case_for(message, former, uow)
    require_allowed(case, person, uow, now)
    unit, hit = unit_to_clear(case, uow, now)
    reason = message.reason.strip()
    return {
        "kind": "priority", "facility": case.facility.code, "unit": unit, **case.wish.span._asdict(),
        "reservation": former and former.id, "team": case.team, "project": project_of(message, former),
        "purpose": former.purpose if former else message.purpose, "run": case.wish.run.to_dict(),
        "requester": former.requester if former else person.person, "reason": {"zh-Hans": reason, "en": reason},
    }, [{"reservation": each.id, "facility": each.facility} for each in hit]


def winner(message: StartReplan, person: Person, uow: Any) -> Reservation | None:
    """The reservation that shall win, if it is there already. Raises InvalidInput."""
    if not message.reservation:
        refuse({name: ["required"] for name in ("team", "purpose") if not getattr(message, name).strip()}
               if message.team else {"team": ["required"]})
        return None
    found = next(iter(uow.replans.reservations([message.reservation])), None)
    if found is None or found.state not in CAN_WIN or not sees(person, found.team, found.facility):
        refuse({"reservation": ["unknown"]})
    return found


def project_of(message: StartReplan, former: Reservation | None) -> str | None:
    return former.project if former else message.project


def case_for(message: StartReplan, former: Reservation | None, uow: Any) -> Case:
    """Raises InvalidInput."""
    team = former.team if former else message.team
    operator = (former.run.operator or former.requester) if former else message.operator
    asking = uow.copies.asking(former.requester if former else message.actor, team, message.facility, operator)
    errors = check_times(message.starts_at, message.ends_at) | check_place(message.unit, asking.facility)
    if asking.team is None:
        errors["team"] = ["unknown_team"]
    refuse(errors)
    wish = Wish(
        span=Span(message.starts_at, message.ends_at), unit=message.unit,
        run=former.run if former else run_of(message), party=asking.party(project_of(message, former)),
    )
    return Case(former, asking.facility, wish, team)


def require_allowed(case: Case, person: Person, uow: Any, now: datetime) -> list[Violation]:
    """The rules that it breaks, all of which the person may waive. Raises RuleBroken."""
    without = [case.former.id] if case.former else []
    wish = entitled(case.wish, [case.facility.kind], uow, now, without, locking=False)
    broken = broken_rules(replace(wish, unit=None), case.facility, now)
    role = capacity(person, case.facility.code)
    if any(role not in WAIVABLE_BY[each.rule] for each in broken):
        raise RuleBroken(violations=[each.to_dict() for each in broken], alternatives=[])
    return broken


def unit_to_clear(case: Case, uow: Any, now: datetime) -> tuple[str, list[Reservation]]:
    """The unit on which the fewest have to go, none of them begun. Raises InvalidInput."""
    facility, period = case.facility, case.facility.period(case.wish.whole)
    near = period.widened(period.length, period.length)
    standing = uow.replans.standing([facility.code], near)
    spared = case.former.id if case.former else None
    for unit, hit in units_for(case.wish, facility, standing, spared):
        is_usable = not interruptions_on(unit, period, facility.interruptions)
        if is_usable and all(each.state in CAN_GO and each.span.starts_at > now for each in hit):
            if not hit:
                break
            return unit, hit
    else:
        refuse({"starts_at": ["cannot_be_cleared"]})
    refuse({"starts_at": ["is_free"]})
    raise AssertionError("unreachable")


def give_place(cause: Mapping[str, Any], person: Person, uow: Any, now: datetime) -> str:
    """The reservation of the case takes the place that was cleared for it; approved, since the base gives it.

    Returns its id. Raises RuleBroken, SlotHeld.
    """
    place, former = wanted_place(cause), None
    if cause.get("reservation"):
        former = next(iter(uow.replans.reservations([cause["reservation"]], locking=True)))
    asking = uow.copies.asking(cause["requester"], cause["team"], place.facility, wanted_run(cause).operator)
    wish = Wish(span=place.span, unit=place.unit, run=wanted_run(cause), party=asking.party(cause["project"]))
    without = [former.id] if former else []
    wish = entitled(wish, [asking.facility.kind], uow, now, without)
    wish = with_others(wish, [asking.facility], uow, wish.whole, without)
    case = Case(former, asking.facility, wish, cause["team"])
    broken = require_allowed(case, person, uow, now)
    claims = uow.reservations.claims([place.facility], asking.facility.period(wish.whole), without)
    room = room_on(wish, asking.facility, place.unit, claims)._replace(waivers=waivers_of(broken))
    written = settle(case, place, room, cause, person, uow, now)
    warn_of_use(wish, asking.facility, uow)
    return written["id"]


def settle(
    case: Case, place: Place, room: Room, cause: Mapping[str, Any], person: Person, uow: Any, now: datetime,
) -> dict[str, Any]:
    former, reason = case.former, next(iter(cause["reason"].values()), "")
    base = former or Reservation(
        id=str(uuid.uuid4()), version=0, state=State.REQUESTED, facility=place.facility, unit=place.unit,
        span=place.span, team=case.team, project=cause["project"], purpose=cause["purpose"],
        requester=person.person, run=case.wish.run, route=Route(),
    )
    reservation = approval.awaiting(replace(
        base, version=base.version + 1, facility=place.facility, unit=place.unit, span=place.span,
        waivers=room.waivers, exception=reason if room.waivers else "",
    ), None, 0, now, uow.time_scale)
    kind, more, action = ReservationApproved, {"automatic": False}, Action.REQUEST
    if former and former.is_held:
        action, kind = Action.REPLAN, ReservationMoved
        more = {
            "former_facility": former.facility, "former_unit": former.unit, "former_starts_at": former.span.starts_at,
            "former_ends_at": former.span.ends_at, "decide_by": None, "waivers": sorted(rules_of(room.waivers)),
        }
    elif former:
        action = Action.ALLOCATE
    basis = rules_used(case.facility) | (standing(person, former) if former else {"role": capacity(
        person, place.facility)})
    return write(
        uow, action, former, reservation, kind, now, actor=person.person, reason=reason, claims=room.claims,
        basis=basis, **more,
    )
