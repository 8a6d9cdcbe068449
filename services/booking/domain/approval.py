"""Who has to agree to a request, one after the other, and where each answer leads.

    lead      a lead of the team: the team wants it
    manager   a manager of the facility: it fits there
    base      base management: it is long, hazardous, or breaks a rule that only they may waive

    automatic   nobody is asked, unless an answer names a hazard: then the manager
    manager     the manager
    stages      those of the facility's stages that the length and the answers call for

A lead who asks has agreed already. Whoever decides for base management decides for good.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import BASE_ROLES
from services.booking.domain.rules.violation import WAIVABLE_BY
from services.booking.domain.states import State

STAGES = ("lead", "manager", "base")
"""In the order in which they are asked."""


def stages_of(reservation: Reservation, facility: Facility) -> tuple[str, ...]:
    """The stages that a reservation calls for, whoever asks."""
    found = called_for(reservation, facility)
    if reservation.waivers:
        waiving = who_waives([waiver["rule"] for waiver in reservation.waivers])
        straight = waiving == "base" and facility.approval != "stages"
        found = {waiving} if straight else found | {waiving}
    return tuple(stage for stage in STAGES if stage in found)


def called_for(reservation: Reservation, facility: Facility) -> set[str]:
    minutes = reservation.span.length / timedelta(minutes=1)
    return called(facility.approval, facility.stages, minutes, facility.is_hazardous(reservation.run.answers))


def called(approval: str, stages: Iterable[Mapping[str, Any]], minutes: float, is_hazardous: bool) -> set[str]:
    """Who is asked about a request of a length, with or without a hazard."""
    if approval == "stages":
        found = {stage["by"] for stage in stages if applies(stage, minutes, is_hazardous)}
    else:
        found = {"manager"} if approval == "manager" else set()
    return found or ({"manager"} if is_hazardous else set())


def applies(stage: Mapping[str, Any], minutes: float, is_hazardous: bool) -> bool:
    """A stage without a condition always; with several of them, one is enough."""
    above, on_hazard = stage.get("above_minutes") or 0, bool(stage.get("on_hazard"))
    return (not above and not on_hazard) or (above > 0 and minutes > above) or (on_hazard and is_hazardous)


def who_waives(rules: list[str]) -> str:
    """The first stage that may waive all of these rules."""
    return "manager" if all("facility_manager" in WAIVABLE_BY[rule] for rule in rules) else "base"


def begun(
    reservation: Reservation, facility: Facility, now: datetime, time_scale: float, agreed: Set[str] = frozenset(),
) -> Reservation:
    """A request, or a reservation that moved, at the first stage that it needs; approved where it needs none.

    ``agreed`` are stages at which whoever takes the step would decide.
    """
    needed = stages_of(reservation, facility)
    skipped = tuple(stage for stage in needed if stage == "lead" and reservation.route.by_lead)
    stages = tuple(stage for stage in needed if stage not in skipped)
    route = replace(reservation.route, stages=stages, skipped=skipped, unanswered=None)
    first = next((stage for stage in stages if stage not in agreed), None)
    return awaiting(replace(reservation, route=route), first, facility.decision_hours, now, time_scale)


def awaiting(
    reservation: Reservation, stage: str | None, hours: int, now: datetime, time_scale: float,
) -> Reservation:
    """The reservation as it waits for a stage, or approved when there is none left."""
    if stage is None:
        return replace(reservation, state=State.APPROVED, awaits=None, decide_by=None)
    deadline = decision_deadline(reservation, hours, now, time_scale)
    return replace(reservation, state=State.REQUESTED, awaits=stage, decide_by=deadline)


def decision_deadline(reservation: Reservation, hours: int, now: datetime, time_scale: float) -> datetime:
    """Until when it waits: so many hours, but never beyond its own start, or its end once it has begun."""
    starts_at, ends_at = reservation.span
    return min(now + timedelta(hours=hours) / time_scale, starts_at if starts_at > now else ends_at)


def agreed_to(reservation: Reservation, role: str, facility: Facility, now: datetime, time_scale: float) -> Reservation:
    """After somebody agreed in this role: it waits for the next stage, or is approved."""
    stages = reservation.route.stages
    is_last = role in BASE_ROLES or reservation.awaits not in stages
    following = () if is_last else stages[stages.index(reservation.awaits) + 1:]
    after = replace(reservation, version=reservation.version + 1)
    return awaiting(after, next(iter(following), None), facility.decision_hours, now, time_scale)


def may_escalate(reservation: Reservation, facility: Facility, now: datetime) -> bool:
    """Whether somebody higher is asked when a stage gave no answer in time; once only, and while it can be of use."""
    is_highest = reservation.awaits == "base" or reservation.route.unanswered is not None
    return facility.escalation_hours > 0 and not is_highest and reservation.span.starts_at > now


def escalated(reservation: Reservation, facility: Facility, now: datetime, time_scale: float) -> Reservation:
    """It goes to base management, with a deadline of its own."""
    route = replace(reservation.route, unanswered=reservation.awaits)
    after = replace(reservation, version=reservation.version + 1, route=route)
    return awaiting(after, "base", facility.escalation_hours, now, time_scale)


def progress(reservation: Reservation) -> list[dict[str, str]]:
    """How far it is: each stage with skipped, done, unanswered, waiting, ahead, or ended where it came to nothing."""
    route, stages = reservation.route, reservation.route.stages
    if route.unanswered is not None:
        before = stages.index(route.unanswered) if route.unanswered in stages else 0
        later = [stage for stage in stages[before:] if stage != "base"]
        told = [(stage, "done") for stage in stages[:before]] + [(stage, "unanswered") for stage in later]
        told.append(("base", last_state(reservation)))
    elif reservation.state is State.REQUESTED and reservation.awaits in stages:
        here = stages.index(reservation.awaits)
        told = [(stage, "done" if n < here else "ahead" if n > here else "waiting") for n, stage in enumerate(stages)]
    else:
        told = [(stage, last_state(reservation)) for stage in stages]
    return [{"stage": stage, "state": state} for stage, state in (*((s, "skipped") for s in route.skipped), *told)]


def last_state(reservation: Reservation) -> str:
    if reservation.state is State.REQUESTED:
        return "waiting"
    return "ended" if reservation.state in (State.REJECTED, State.WITHDRAWN, State.EXPIRED) else "done"
