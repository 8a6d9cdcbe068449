"""How re-plans begin: when a fact hits reservations, or when a manager asks."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.hits import Standing, hit_by_hours
from services.booking.domain.replan.cause import cause_of, key_of, still_hit
from services.booking.domain.replan.replan import Replan, ReplanState, may_revise
from services.booking.domain.rights import known
from services.booking.domain.spans import Span
from services.booking.domain.states import State
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


def for_hours(
    former: Sequence[Facility], uow: Any, now: datetime, *, facility: str | None = None, site: str | None = None,
) -> None:
    """A plan for those whose time was open before, on a facility or all of a site, and is not any more.

    Those for whom a plan is open already stay in it as long as their time is closed.
    """
    before = {each.code: each for each in former}
    after = {each.code: each for each in uow.copies.facilities(sorted(before))}
    changed = [code for code in sorted(after) if before[code].opening != after[code].opening]
    if not changed:
        return
    cause = {"kind": "hours", "facility": facility, "site": site, "reason": {}}
    there = uow.replans.standing(changed, Span(now, now + FURTHEST))
    held = [each for each in there if each.state is not State.OFFERED]
    standing = [Standing(each.id, each.facility, each.unit, each.whole, each.whole) for each in held]
    planned = {id for replan in uow.replans.open_for(key_of(cause, "")) for id in replan.hits}
    hit = {
        *hit_by_hours(standing, before, after),
        *(each.id for each in held if each.id in planned and still_hit(cause, each, after[each.facility])),
    }
    begin(cause, [{"reservation": each.id, "facility": each.facility} for each in held if each.id in hit], uow, now)


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


