"""Moving this and the following members, or all that are to come, in one step."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.booking.domain.choices import day_of
from services.booking.domain.facility import Facility
from services.booking.domain.judging import Verdict, Wanted
from services.booking.domain.reservation import Reservation, may_take
from services.booking.domain.rights import Person
from services.booking.domain.series import Series
from services.booking.domain.states import Action
from services.booking.domain.wish import Party
from services.booking.handlers.judging import carried_out, settled
from services.booking.handlers.moving import leaving, wish_of
from services.booking.handlers.placing import check_place, refuse
from services.booking.handlers.series.planning import (
    clash,
    known_places,
    loaded,
    place_on,
    places_of,
)
from services.booking.handlers.series.recording import answer_of, is_to_come, opened, tell
from services.contracts.commands import MoveSeries
from services.contracts.commands.series import Choice
from services.contracts.errors import NotAllowed
from services.contracts.events import SeriesMoved


def move_series(message: MoveSeries, uow: Any, now: datetime) -> dict[str, Any]:
    """Another local time, length or place; what is not changed stays as it is.

    Members that were moved by themselves follow too, unless the choice is to keep them.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput, DatesClash.
    """
    series, person, members = opened(message, uow)
    changed, scope, asked = planned(message, series, members, person, uow, now)
    if not asked:
        return answer_of(series, [])
    moves = agreed(asked, scope, message.on_clash, uow, now)
    uow.series.change(changed)
    moving = [each.wanted.reservation for each in moves]
    moved = carried_out(
        moves, scope, person, uow, now, lambda lost: clash([lost], uow, now, moving), of_series=True)
    return tell(uow, SeriesMoved, changed, moved, message.actor)


def planned(
    message: Any, series: Series, members: Sequence[Reservation], person: Person, uow: Any, now: datetime,
) -> tuple[Series, list[Reservation], list[Wanted]]:
    """The series as it will be, the members that it is about, and where those go that have to.

    Raises InvalidInput, NotAllowed.
    """
    scope = in_scope(message, members, person, now)
    choices = loaded(message.choices)
    changed = series.changed_from(day_of(message.from_date or "") or scope[0].series_date, **changes_of(message))
    facilities = places_of(changed, choices, uow)
    errors = check_place(changed.pattern.unit, facilities.get(changed.pattern.facility))
    refuse(errors | known_places(facilities, choices, {each.series_date for each in scope}, ("take", "keep")))
    operator = series.run.operator or series.requester
    asking = uow.copies.asking(person.person, series.team, changed.pattern.facility, operator)
    moves = wanted_moves(changed, scope, choices, facilities, asking.party(series.project))
    former = {each.id: each for each in scope}
    return changed, scope, [
        replace(each, wish=replace(each.wish, left=leaving(former[each.reservation], each.facility, person, uow, now)))
        for each in moves
    ]


def in_scope(
    message: Any, members: Sequence[Reservation], person: Person, now: datetime,
) -> list[Reservation]:
    """The members that are to move, by date. Raises InvalidInput when none is left, NotAllowed."""
    first = day_of(message.from_date) if message.from_date else date.min
    if first is None:
        refuse({"from_date": ["not_a_date"]})
    left = [each for each in members if is_to_come(each, now) and each.series_date >= first]
    if not left:
        refuse({"from_date": ["no_dates_left"]})
    own = [each for each in left if may_take(person, Action.MOVE, each)]
    if not own:
        raise NotAllowed
    return own


def changes_of(message: Any) -> dict[str, Any]:
    """What the pattern gets: on another facility no unit is asked for unless it is named."""
    changes = {name: getattr(message, name) for name in ("length_minutes", "days_later", "facility", "unit")}
    changes = {name: value for name, value in changes.items() if value is not None}
    if message.clock:
        hours, minutes = message.clock.split(":")
        changes["minute"] = int(hours) * 60 + int(minutes)
    return {"unit": None} | changes if message.facility else changes


def wanted_moves(
    series: Series, scope: Sequence[Reservation], choices: Sequence[Choice], facilities: dict[str, Facility],
    party: Party | None,
) -> list[Wanted]:
    """Where each member is to go; those that are there already or are kept are left out."""
    chosen = {day_of(choice.date): choice for choice in choices}
    found = []
    for member in scope:
        choice = chosen.get(member.series_date)
        if choice and choice.action == "keep":
            continue
        code, unit, span = place_on(series, member.series_date, choice)
        if (code, unit or member.unit, span) != (member.facility, member.unit, member.span):
            wish = wish_of(member, facilities[code], span, unit, party)
            found.append(Wanted(date=member.series_date, wish=wish, facility=facilities[code], reservation=member.id))
    return found


def agreed(
    asked: Sequence[Wanted], scope: Sequence[Reservation], on_clash: str, uow: Any, now: datetime,
) -> list[Verdict]:
    """The moves that are made. A member that is kept stands in the way of the others. Raises DatesClash."""
    former = {each.id: each.facility for each in scope}
    while True:
        moving = [each.reservation for each in asked]
        verdicts = settled(asked, uow, now, locking=set(former.values()), moving=moving)
        fine = [each for each in verdicts if each.is_fine]
        if len(fine) == len(verdicts):
            return verdicts
        if on_clash == "refuse" or not fine:
            raise clash(verdicts, uow, now, moving)
        asked = [each.wanted for each in fine]
