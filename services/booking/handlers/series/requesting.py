"""Asking for repeated time."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain.days import BASE_ZONE
from services.booking.domain.facility import Facility
from services.booking.domain.judging import Verdict
from services.booking.domain.recurrence import WrongRule, rule_of
from services.booking.domain.rights import Person, known
from services.booking.domain.run import run_of
from services.booking.domain.series import Series, pattern_of
from services.booking.domain.spans import Span
from services.booking.domain.units import SlotHeld
from services.booking.handlers.judging import settled, taken_after_all
from services.booking.handlers.placing import refuse, wrong_in_run
from services.booking.handlers.quotas import warn_of_use
from services.booking.handlers.requesting import begun, new_member, wrong_fields
from services.booking.handlers.series.planning import (
    clash,
    known_places,
    loaded,
    places_of,
    wanted,
)
from services.booking.handlers.series.recording import tell
from services.contracts.commands import RequestSeries
from services.contracts.events import SeriesRequested


def request_series(message: RequestSeries, uow: Any, now: datetime) -> dict[str, Any]:
    """Hold every date of the rule that is not skipped, or refuse it as a whole.

    Raises InvalidInput, DatesClash, NotAllowed.
    """
    asking = uow.copies.asking(message.actor, message.team, message.facility, message.operator)
    person = known(asking.person)
    errors = wrong_fields(message, person, asking.team, asking.facility)
    choices = loaded(message.choices)
    refuse(errors | wrong_times(message) | wrong_in_run(message, asking))
    series = drafted(message, asking.facility, message.team, message.actor)
    facilities = places_of(series, choices, uow)
    refuse(known_places(facilities, choices, set(series.dates()), ("take", "skip")))
    asked = wanted(series, series.dates(), choices, facilities, asking.party(message.project))
    if not asked:
        refuse({"choices": ["no_dates_left"]})
    taken = taken_up(settled(asked, uow, now), message.on_clash, uow, now)
    skipped = set(series.dates()) - {each.wanted.date for each in taken}
    series = replace(series, skipped=tuple(sorted(skipped)))
    uow.series.add(series)
    members = begin(series, taken, person, uow, now)
    return tell(uow, SeriesRequested, series, members, message.actor)


def wrong_times(message: Any) -> dict[str, list[str]]:
    """A series is kept in whole minutes."""
    odd = [name for name in ("starts_at", "ends_at") if getattr(message, name).timestamp() % 60]
    return {name: ["not_whole_minutes"] for name in odd}


def drafted(message: Any, facility: Facility, team: str, requester: str) -> Series:
    """The series that is asked for, before anything is skipped. Raises InvalidInput."""
    pattern = pattern_of(Span(message.starts_at, message.ends_at), BASE_ZONE, facility.code, message.unit)
    try:
        rule = rule_of(message.rule, BASE_ZONE, pattern.clock)
        rule.dates(pattern.starting)
    except WrongRule as wrong:
        refuse({"rule": [str(wrong)]})
    return Series(
        id=str(uuid.uuid4()), version=1, team=team, project=message.project, purpose=getattr(message, "purpose", ""),
        requester=requester, rule=rule, zone=BASE_ZONE, first_date=pattern.starting, patterns=(pattern,),
        run=run_of(message),
    )


def taken_up(verdicts: Sequence[Verdict], on_clash: str, uow: Any, now: datetime) -> list[Verdict]:
    """The dates that are taken. Raises DatesClash when one cannot be had and that was not allowed for."""
    fine = [each for each in verdicts if each.is_fine]
    if len(fine) < len(verdicts) and (on_clash == "refuse" or not fine):
        raise clash(verdicts, uow, now)
    return fine


def begin(
    series: Series, taken: Sequence[Verdict], person: Person, uow: Any, now: datetime,
) -> list[dict[str, Any]]:
    """Keep the members; the constraint has the last word. Raises DatesClash."""
    members = []
    for verdict in taken:
        facility, wish = verdict.wanted.facility, verdict.wanted.wish
        member = new_member(series, verdict, person, series=series.id, series_date=verdict.wanted.date)
        try:
            members.append(begun(member, verdict.room, facility, uow, now, person.person, of_series=True))
        except SlotHeld as held:
            raise clash([taken_after_all(verdict)], uow, now) from held
        warn_of_use(wish, facility, uow)
    return members
