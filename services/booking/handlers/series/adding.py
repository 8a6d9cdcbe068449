"""Adding dates: those that were left out or given up, and further ones of the same rule."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from services.booking.domain.choices import day_of
from services.booking.domain.recurrence import Rule, WrongRule
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import may_request_for
from services.booking.domain.series import Series
from services.booking.domain.states import SHOWN
from services.booking.handlers.judging import settled
from services.booking.handlers.placing import refuse
from services.booking.handlers.series.planning import known_places, loaded, places_of, wanted
from services.booking.handlers.series.recording import opened, tell
from services.booking.handlers.series.requesting import begin, taken_up
from services.contracts.commands import AddSeriesDates
from services.contracts.errors import NotAllowed
from services.contracts.events import SeriesMoved


def add_series_dates(message: AddSeriesDates, uow: Any, now: datetime) -> dict[str, Any]:
    """Ask for dates of the series as if they had been asked for at first.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput, DatesClash.
    """
    series, person, members = opened(message, uow)
    if not may_request_for(person, series.team):
        raise NotAllowed
    choices = loaded(message.choices)
    rule = lengthened(series, message.more)
    further = set(rule.dates(series.first_date)) - set(series.dates())
    dates = sorted(further | set(added_back(message.dates, series, members)))
    facilities = places_of(series, choices, uow)
    refuse(known_places(facilities, choices, dates, ("take", "skip")))
    asking = uow.copies.asking(message.actor, series.team, series.pattern.facility, series.run.operator)
    asked = wanted(series, dates, choices, facilities, asking.party(series.project))
    if not asked:
        refuse({"dates": ["no_dates_left"]})
    taken = taken_up(settled(asked, uow, now), message.on_clash, uow, now)
    found = {each.wanted.date for each in taken}
    changed = series.with_dates(rule, found, set(dates) - found)
    uow.series.change(changed)
    new = begin(changed, taken, person, uow, now)
    return tell(uow, SeriesMoved, changed, new, message.actor)


def lengthened(series: Series, more: int) -> Rule:
    """Raises InvalidInput."""
    try:
        return series.rule.longer(series.first_date, more) if more else series.rule
    except WrongRule as wrong:
        refuse({"more": [str(wrong)]})
    raise AssertionError("unreachable")


def added_back(dates: Iterable[str], series: Series, members: Iterable[Reservation]) -> list[date]:
    """The dates that were named. Raises InvalidInput for one that is not the rule's or has its member."""
    open_dates = set(series.dates()) - {each.series_date for each in members if each.state in SHOWN}
    found = [day_of(text) for text in dates]
    refuse({f"dates.{number}": ["not_in_series"] for number, day in enumerate(found) if day not in open_dates})
    return found
