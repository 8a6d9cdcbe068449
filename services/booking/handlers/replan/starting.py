"""How re-plans begin: when a fact hits reservations, or when a manager asks."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.hits import Standing, hit_by_hours
from services.booking.domain.replan.cause import cause_of, key_of
from services.booking.domain.replan.replan import Replan, ReplanState, may_revise
from services.booking.domain.rights import known
from services.booking.domain.spans import Span
from services.booking.handlers.placing import refuse
from services.booking.handlers.replan.recording import answer_of, note
from services.booking.handlers.replan.wanted import priority_case
from services.contracts.commands import StartReplan
from services.contracts.errors import NotAllowed, NotFound
from services.contracts.events import InterruptionChanged

FURTHEST = timedelta(days=800)
"""Nobody reserves further ahead."""


def start_replan(message: StartReplan, uow: Any, now: datetime) -> dict[str, Any]:
    """Have a plan made, again for those whom an interruption hits, or for a priority case.

    Raises InvalidInput, NotFound, NotAllowed, RuleBroken.
    """
    person = known(uow.copies.person(message.actor))
    if message.interruption and message.facility:
        refuse({"facility": ["unknown_choice"]})
    if message.interruption:
        cause, hit = of_interruption(message.interruption, uow, now)
    else:
        cause, hit = priority_case(message, person, uow, now)
    replan = drafted(cause, hit, now)
    if not may_revise(person, replan):
        raise NotAllowed
    keep(replan, uow, now, person.person)
    return answer_of(replan)


def of_interruption(interruption: str, uow: Any, now: datetime) -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    """Raises NotFound; InvalidInput when it hits nobody."""
    event = uow.interruptions.told(interruption)
    if event is None:
        raise NotFound
    hit = uow.interruptions.hits(interruption, now)
    if not hit:
        refuse({"interruption": ["hits_nobody"]})
    return cause_of(event), hit


def for_interruption(event: InterruptionChanged, hits: list[Mapping[str, Any]], uow: Any, now: datetime) -> None:
    """A new plan for those whom it hits now; what was planned for it before is replaced."""
    begin(cause_of(event), hits, uow, now)


def for_hours(before: Facility | None, code: str, uow: Any, now: datetime) -> None:
    """A plan for those whose time was open before and is not any more."""
    (after,) = uow.copies.facilities([code])
    if before is None or before.opening == after.opening:
        return
    held = uow.replans.standing([after.code], Span(now, now + FURTHEST))
    standing = [Standing(each.id, each.facility, each.unit, each.whole, each.whole) for each in held]
    hit = set(hit_by_hours(standing, {before.code: before}, {after.code: after}))
    begin({"kind": "hours", "facility": after.code, "reason": {}}, [
        {"reservation": each.id, "facility": each.facility} for each in held if each.id in hit
    ], uow, now)


def begin(cause: dict[str, Any], hits: list[Mapping[str, Any]], uow: Any, now: datetime) -> None:
    """Replace what was planned for this cause; without hits there is nothing to plan."""
    if hits:
        keep(drafted(cause, hits, now), uow, now, "")
    else:
        supersede(key_of(cause, ""), uow, now)


def drafted(cause: dict[str, Any], hits: Iterable[Mapping[str, Any]], now: datetime) -> Replan:
    hits, id = list(hits), str(uuid.uuid4())
    places = {each["facility"] for each in hits} | ({cause["facility"]} if cause.get("facility") else set())
    return Replan(
        id=id, version=1, state=ReplanState.COMPUTING, key=key_of(cause, id), cause=cause,
        hits=tuple(each["reservation"] for each in hits), places=tuple(sorted(places)), created_at=now,
    )


def keep(replan: Replan, uow: Any, now: datetime, actor: str) -> None:
    supersede(replan.key, uow, now)
    uow.replans.add(replan)
    note(uow, replan, cause=replan.cause["kind"], hits=len(replan.hits), actor=actor)


def supersede(key: str, uow: Any, now: datetime) -> None:
    for former in uow.replans.open_for(key):
        ended = former.ended(ReplanState.SUPERSEDED, "", now)
        uow.replans.change(ended)
        note(uow, ended)


