"""A request that is collected: it competes until the time is decided, and holds nothing."""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain.contention.drawing import fingerprint_of
from services.booking.domain.contention.rivals import (
    MOST_COMPETING,
    Contender,
    Rival,
    are_rivals,
    collected_until,
    decided_at,
    group_of,
    is_crowded,
    party_of,
    too_many_of,
)
from services.booking.domain.days import midnight_before, midnight_of
from services.booking.domain.facility import Facility
from services.booking.domain.reservation import Reservation
from services.booking.domain.rules import Violation
from services.booking.domain.states import Action, State
from services.booking.domain.wish import Wish
from services.booking.handlers.contention.comparing import instead, rivals_of, without_exception
from services.booking.handlers.contention.due import settle_due
from services.booking.handlers.placing import placed, refuse
from services.booking.handlers.recording import rules_used, write
from services.contracts.errors import RuleBroken
from services.contracts.events import ReservationCollected

FIRST_COME = "first_come"


def competing(
    wish: Wish, facility: Facility, make: Callable[[str], Reservation], needed_by: str | None, uow: Any, now: datetime,
) -> dict[str, Any] | None:
    """Let a request compete where requests for its time are collected; None where it may have it at once.

    ``make`` gives the reservation on a unit. Raises InvalidInput, RuleBroken, SlotTaken.
    """
    if facility.allocation == FIRST_COME:
        return None
    refuse(wrong_deadline(needed_by, wish))
    uow.contention.lock(facility.code)
    settle_due(facility, uow, now, [wish.party])
    wish = without_exception(wish)
    others = rivals_of(facility, uow)
    party = party_of(wish.party.company, wish.party.team)
    asked = Rival(reservation=make(facility.units[0]), wish=wish, party=party, since=now, needed_by=needed_by)
    decide_by = decision_time(asked, others, facility, now, uow.time_scale)
    if decide_by is None:
        return None
    refuse(too_many_of(wish.party.team, asked, others, facility))
    with placed(wish, facility, uow, now, locking=[facility.code]) as room:
        require_few(asked, others, facility, uow, now)
        reservation = replace(make(room.unit), state=State.COMPETING, decide_by=decide_by)
        asked = in_draw(replace(asked, reservation=reservation), others, facility, uow, now)
        return enter(asked, others, room, facility, uow, now)


def require_few(asked: Rival, others: list[Rival], facility: Facility, uow: Any, now: datetime) -> None:
    """Raises RuleBroken, with other times, where too many compete for this one."""
    if is_crowded(asked, others, facility):
        crowded = Violation("too_many_rivals", {"most": MOST_COMPETING})
        found = instead(asked, facility, uow, now)
        raise RuleBroken(violations=[crowded.to_dict()], alternatives=[each.to_dict() for each in found])


def wrong_deadline(needed_by: str | None, wish: Wish) -> dict[str, list[str]]:
    """A date that is none, or on which the time asked for has not even begun."""
    if needed_by is None:
        return {}
    try:
        begins = midnight_of(needed_by)
    except ValueError:
        return {"needed_by": ["malformed"]}
    return {} if begins >= midnight_before(wish.span.starts_at) else {"needed_by": ["before_the_run"]}


def decision_time(
    asked: Rival, others: list[Rival], facility: Facility, now: datetime, time_scale: float,
) -> datetime | None:
    """When it is decided; None where it may be had at once.

    Whoever asks so late that nothing is collected any more, for time for which others still compete, competes with
    them: asking for a longer time, that begins earlier, does not get around them.
    """
    until = collected_until(asked.wish.span.starts_at, facility)
    if until is not None and now < until:
        return now + (until - now) / time_scale
    rivals = [each for each in others if are_rivals(asked, each, facility)]
    return min(decided_at(rivals), asked.wish.span.starts_at) if rivals else None


def in_draw(asked: Rival, others: list[Rival], facility: Facility, uow: Any, now: datetime) -> Rival:
    """The rival with its number, where a draw decides: in that of who came first of its group, or in a new one."""
    if facility.allocation != "draw":
        return asked
    group = group_of(asked, others, facility)
    draw = next((each.draw for each in group if each.draw), None)
    if draw is None:
        draw = str(uuid.uuid4())
        uow.contention.make_draw(draw, facility.code, secrets.token_hex(16), now)
    return replace(asked, draw=draw, entry=uow.contention.take_part(draw, asked.party))


def enter(
    asked: Rival, others: list[Rival], room: Any, facility: Facility, uow: Any, now: datetime,
) -> dict[str, Any]:
    reservation = asked.reservation
    rivals = len(group_of(asked, others, facility)) - 1
    fingerprint = fingerprint_of(uow.contention.seeds([asked.draw])[asked.draw]) if asked.draw else None
    basis = rules_used(facility) | {"collected": {
        "allocation": facility.allocation, "decide_by": reservation.decide_by, "rivals": rivals,
    }}
    answer = write(
        uow, Action.COMPETE, None, reservation, ReservationCollected, now, actor=reservation.requester,
        claims=room.claims, basis=basis, decide_by=reservation.decide_by, allocation=facility.allocation,
        rivals=rivals, fingerprint=fingerprint,
    )
    uow.contention.enter(Contender(
        reservation=reservation, party=asked.party, since=now, needed_by=asked.needed_by, unit=asked.wish.unit,
        draw=asked.draw, entry=asked.entry,
    ))
    return answer
