"""Asking whoever has a time, without learning who that is."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person, known, may_request_for
from services.booking.domain.rules import Violation
from services.booking.domain.rules.notice import cancel_rules
from services.booking.domain.run import run_of
from services.booking.domain.spans import Span, wrong_end
from services.booking.domain.swapping import (
    ASKED_LATELY,
    MOST_OPEN,
    MOST_REPEATED,
    Ask,
    AskState,
    deadline,
    hindrances,
    may_be_asked,
    may_be_given,
    place_of,
)
from services.booking.handlers.placing import check_place, check_profile, refuse, wrong_in_run
from services.booking.handlers.swaps.exchanging import fits_beside, give_way_sides, looked_at, refuse_if, swap_sides
from services.booking.handlers.swaps.recording import answer_of, locked_in_order, tell_asked
from services.contracts.commands import AskHolder
from services.contracts.errors import NotFound

NOBODY_TO_ASK = {"starts_at": ["nobody_to_ask"]}


def ask_holder(message: AskHolder, uow: Any, now: datetime) -> dict[str, Any]:
    """Ask for a time that another team has; refused at once where it would not be possible for either side.

    Raises InvalidInput, NotAllowed, NotFound (the own reservation), RuleBroken.
    """
    person = known(uow.copies.person(message.actor))
    refuse(wrong_fields(message, person, uow))
    found = uow.swaps.holding(message.facility, message.unit, message.starts_at)
    kept = locked_in_order({*found, *filter(None, [message.reservation])}, message.actor, uow)
    mine = given_by(message, kept, person, now)
    team = mine.team if mine else message.team
    holder = asked_of((kept[each] for each in found), team, now)
    ask = drafted(message, mine, holder, team, uow, now)
    refuse(too_many(ask, uow) or needless(ask, holder, uow, now))
    refuse_if(in_the_way(ask, mine, holder, uow, now))
    uow.swaps.add(ask)
    tell_asked(ask, holder, uow)
    return answer_of(ask)


def wrong_fields(message: AskHolder, person: Person, uow: Any) -> dict[str, list[str]]:
    """Everything that is wrong; which fields are needed depends on what is asked."""
    asking = uow.copies.asking(message.actor, message.team, message.facility, message.operator)
    errors = check_place(message.unit, asking.facility)
    if message.kind == "swap":
        return errors if message.reservation else errors | {"reservation": ["required"]}
    for name in ("team", "purpose", "wished_from", "wished_until"):
        if not getattr(message, name):
            errors[name] = ["required"]
    if message.team and (asking.team is None or not may_request_for(person, message.team)):
        errors["team"] = ["unknown_team"]
    elif message.project is not None and asking.team and message.project not in asking.team.projects:
        errors["project"] = ["unknown_project"]
    if message.wished_from and message.wished_until:
        words = wrong_end(message.wished_from, message.wished_until)
        errors |= {"wished_until": words} if words else {}
    return errors | check_profile(message.profile) | wrong_in_run(message, asking)


def given_by(message: AskHolder, kept: dict[str, Reservation], person: Person, now: datetime) -> Reservation | None:
    """The own reservation that is offered for it. Raises NotFound, InvalidInput."""
    if message.kind != "swap":
        return None
    mine = kept.get(message.reservation)
    if mine is None or mine.team not in person.teams:
        raise NotFound
    if not may_be_given(mine, now):
        refuse({"reservation": ["cannot_be_given"]})
    return mine


def asked_of(holding: Iterable[Reservation], team: str, now: datetime) -> Reservation:
    """The reservation that may be asked for; why there is none is not told, for it would tell of its holder."""
    found = list(holding)
    holder = next((each for each in found if may_be_asked(each, team, now)), None)
    if holder is None:
        refuse({"starts_at": ["own_slot"]} if any(each.team == team for each in found) else NOBODY_TO_ASK)
    return holder


def drafted(
    message: AskHolder, mine: Reservation | None, holder: Reservation, team: str, uow: Any, now: datetime,
) -> Ask:
    """The ask as it would be kept. Raises InvalidInput when another time is wished than the one that is asked for."""
    slot = place_of(holder)
    wished = None if mine else Span(message.wished_from, message.wished_until)
    (facility,) = uow.copies.facilities([slot.facility])
    if wished and not facility.period(wished).overlaps(facility.period(slot.span)):
        refuse({"wished_from": ["not_this_time"]})
    return Ask(
        id=str(uuid.uuid4()), version=1, kind=message.kind, state=AskState.ASKED, team=team, requester=message.actor,
        holder=holder.id, holder_team=holder.team, slot=slot, asked_at=now,
        expires_at=deadline(slot, mine.span if mine else wished, now, uow.time_scale),
        reservation=mine.id if mine else None, given=place_of(mine) if mine else None, wished=wished,
        project=message.project, purpose=message.purpose, run=run_of(message), note=message.note.strip(),
    )


def too_many(ask: Ask, uow: Any) -> dict[str, list[str]]:
    """A team asks each holder once at a time and not over and over, and only a few of them."""
    standing = uow.swaps.open_of(ask.team)
    if any(each.holder == ask.holder for each in standing):
        return {"starts_at": ["already_asked"]}
    if uow.swaps.lately(ask, ask.asked_at - ASKED_LATELY / uow.time_scale) >= MOST_REPEATED:
        return {"starts_at": ["asked_too_often"]}
    return {"kind": ["too_many_asks"]} if len(standing) >= MOST_OPEN else {}


def needless(ask: Ask, holder: Reservation, uow: Any, now: datetime) -> dict[str, list[str]]:
    """Nobody gives way to what finds room beside: it would be given up for nothing."""
    return {} if ask.is_swap or not fits_beside(ask, holder, uow, now) else {"wished_from": ["free_already"]}


def in_the_way(
    ask: Ask, mine: Reservation | None, holder: Reservation, uow: Any, now: datetime,
) -> list[Violation]:
    """Why it would not be possible now, as the side that asks may know it."""
    if mine:
        verdicts = looked_at(swap_sides(mine, holder, uow), uow, now, [mine.id, holder.id])
        return hindrances(verdicts[0], verdicts[1:])
    verdicts = looked_at(give_way_sides(ask, holder, None, uow), uow, now, [holder.id])
    (facility,) = uow.copies.facilities([holder.facility])
    is_late = cancel_rules(holder.span, facility, now)
    return hindrances(verdicts[0], ()) + ([Violation("impossible_for_other")] if is_late else [])

