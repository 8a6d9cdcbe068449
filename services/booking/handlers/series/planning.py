"""What a series' dates would come to, and the refusal that names each clash with other times for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.booking.domain.choices import day_of, is_elsewhere, wrong_choices
from services.booking.domain.facility import Facility
from services.booking.domain.judging import Verdict, Wanted, search_windows, ways_out
from services.booking.domain.series import Series
from services.booking.domain.spans import Span
from services.booking.domain.units import FITTING
from services.booking.domain.wish import Party, Wish
from services.booking.handlers.placing import check_place, refuse, with_others
from services.booking.handlers.quotas import entitled
from services.contracts import schemas
from services.contracts.commands.series import Choice
from services.contracts.errors import DatesClash, InvalidInput


def loaded(choices: Sequence[Mapping[str, Any]]) -> list[Choice]:
    """Raises InvalidInput, with all that is wrong with their shape."""
    found, errors = [], {}
    for number, each in enumerate(choices):
        try:
            found.append(schemas.load(Choice, each))
        except InvalidInput as refusal:
            errors |= {f"choices.{number}.{name}": words for name, words in refusal.facts["errors"].items()}
    refuse(errors)
    return found


def known_places(
    facilities: Mapping[str, Facility], choices: Sequence[Choice], possible: Collection[date], actions: Collection[str],
) -> dict[str, list[str]]:
    """What is wrong with ``choices``, the places they name included."""
    errors = wrong_choices(choices, possible, actions)
    for number, choice in enumerate(choices):
        if choice.facility:
            found = check_place(choice.unit, facilities.get(choice.facility))
            errors |= {f"choices.{number}.{name}": words for name, words in found.items()}
    return errors


def places_of(series: Series, choices: Sequence[Choice], uow: Any) -> dict[str, Facility]:
    """The facilities that a series and its choices name, by code."""
    codes = {each.facility for each in (*series.patterns, *choices) if each.facility}
    return {each.code: each for each in uow.copies.facilities(sorted(codes))}


def wanted(
    series: Series, dates: Sequence[date], choices: Sequence[Choice], facilities: Mapping[str, Facility],
    party: Party | None,
) -> list[Wanted]:
    """What is wished for each date that is not skipped."""
    chosen = {day_of(choice.date): choice for choice in choices}
    found = []
    for day in dates:
        choice = chosen.get(day)
        if choice and choice.action == "skip":
            continue
        facility, unit, span = place_on(series, day, choice)
        wish = Wish(span=span, unit=unit, run=series.run, party=party, at_once=True)
        found.append(Wanted(date=day, wish=wish, facility=facilities[facility]))
    return found


def place_on(series: Series, day: date, choice: Choice | None) -> tuple[str, str | None, Span]:
    """Where the member of a date is to be: as the rule has it, or at the alternative that was chosen."""
    pattern = series.pattern_on(day)
    if choice and is_elsewhere(choice):
        return choice.facility or pattern.facility, choice.unit, Span(choice.starts_at, choice.ends_at)
    return pattern.facility, pattern.unit, series.span_on(day)


def explained(
    verdicts: Sequence[Verdict], uow: Any, now: datetime, moving: Collection[str] = (),
) -> list[dict[str, Any]]:
    """The verdicts as they travel, with other times for those that are not fine."""
    windows = search_windows(verdicts, now)
    if not windows:
        return [each.to_dict() for each in verdicts]
    asked = {each.wanted.facility.code: each.wanted.facility for each in verdicts if not each.is_fine}
    equivalents = {
        code: [each for each in uow.copies.facilities(facility.equivalents) if each.code != code]
        for code, facility in asked.items()
    }
    around = {each.code: each for others in (asked.values(), *equivalents.values()) for each in others}
    reach = Span(min(each.starts_at for each in windows), max(each.ends_at for each in windows))
    reach = reach.widened(FITTING, FITTING)
    claims = uow.reservations.claims(sorted(around), reach, moving)
    before = without_any(verdicts, around.values(), reach, uow, now, moving)
    ways = ways_out(verdicts, before, equivalents, claims, now)
    return [each.to_dict(ways.get(each.wanted.date, ())) for each in verdicts]


def without_any(
    verdicts: Sequence[Verdict], around: Collection[Facility], reach: Span, uow: Any, now: datetime,
    moving: Collection[str],
) -> Wish:
    """The first wish with what is used and who is there on the facilities ``around``, none of the dates counted."""
    first = verdicts[0].wanted.wish
    kinds = {each.wanted.facility.kind for each in verdicts} | {each.kind for each in around}
    earliest = min(each.wanted.wish.span.starts_at for each in verdicts)
    wish = entitled(first, kinds, uow, now, moving, first=earliest, locking=False)
    return with_others(replace(wish, others={}), around, uow, reach, moving)


def clash(verdicts: Sequence[Verdict], uow: Any, now: datetime, moving: Collection[str] = ()) -> DatesClash:
    """The refusal that lists those that are not fine."""
    return DatesClash(clashes=[each for each in explained(verdicts, uow, now, moving) if not each["ok"]])
