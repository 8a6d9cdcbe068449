"""What a campaign's steps would come to, and the whole plans that might be had instead."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from services.booking.domain.answers import wrong_answers
from services.booking.domain.campaign import Beside, Step
from services.booking.domain.campaign_search import MOST_PLANS, Plan, Sought, plans
from services.booking.domain.facility import Facility
from services.booking.domain.judging import Verdict, Wanted
from services.booking.domain.run import run_of
from services.booking.domain.spans import Span
from services.booking.domain.units import FITTING
from services.booking.handlers.judging import entitled_all
from services.booking.handlers.placing import check_place, check_profile
from services.contracts import schemas
from services.contracts.commands.campaigns import StepFields
from services.contracts.errors import InvalidInput, StepsClash

T = TypeVar("T")
BEFORE, BEYOND = timedelta(days=14), timedelta(days=45)
"""How far from the first step's start another plan is looked for, and until how long after the last one's end."""

LONGEST = timedelta(days=30)
"""What goes on for longer is looked for as if it went on for so long: a search reads about three months."""


def loaded(kind: type[T], steps: Sequence[Mapping[str, Any]]) -> list[T]:
    """Raises InvalidInput, with all that is wrong with their shape."""
    found, errors = [], {}
    for number, each in enumerate(steps):
        try:
            found.append(schemas.load(kind, each))
        except InvalidInput as refusal:
            errors |= at_step(number, refusal.facts["errors"])
    if errors:
        raise InvalidInput(errors=errors)
    return found


def at_step(number: int, errors: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Errors of one step's fields, by field of the command; steps are counted from 0 on there."""
    return {f"steps.{number}.{name}": words for name, words in errors.items()}


def wrong_with(step: StepFields, asking: Any) -> dict[str, list[str]]:
    """What is wrong with the place of a step and with what it runs there."""
    errors = check_place(step.unit, asking.facility) | check_profile(step.profile)
    if asking.facility:
        errors |= wrong_answers(step.answers, asking.facility)
    if step.operator is not None and asking.team and not asking.operates:
        errors["operator"] = ["not_in_team"]
    return errors


def step_of(step: StepFields, minutes: int) -> Step:
    kept = {each.name: getattr(step, each.name) for each in fields(Step) if hasattr(step, each.name)}
    return Step(**kept | {"minutes": minutes, "run": run_of(step)})


def found_plans(
    steps: Sequence[Sought], window: Span, wished: datetime, uow: Any, now: datetime, *,
    moving: Collection[str] = (), before: Beside | None = None, most: int = MOST_PLANS,
) -> list[Plan]:
    """The plans of campaign_search.py, on what stands now; nothing is locked."""
    steps, claims = known(steps, window, uow, now, moving)
    return plans(steps, window, wished, claims, now, before=before, most=most)


def search_window(whole: Span, facilities: Iterable[Facility], now: datetime) -> tuple[datetime, Span]:
    """When the first step should start, as near to ``whole`` as may be asked for, and the time to look at."""
    furthest = max(max(each.horizon_days, each.priority_horizon_days) for each in facilities)
    wished = min(max(whole.starts_at, now), now + timedelta(days=furthest))
    length = min(max(whole.length, timedelta(0)), LONGEST)
    return wished, Span(max(now, wished - BEFORE), wished + length + BEYOND)


def known(
    steps: Sequence[Sought], window: Span, uow: Any, now: datetime, moving: Collection[str] = (),
) -> tuple[list[Sought], Any]:
    """The steps with what has been used of quotas and who else is on site, and the claims of their facilities."""
    there = [Wanted(wish=replace(each.wish, span=window), facility=each.facility) for each in steps]
    parties = [each.wish.party for each in entitled_all(there, uow, now, moving, locking=False)]
    facilities = {each.facility.code: each.facility for each in steps}
    periods = [each.period(window).widened(FITTING, FITTING) for each in facilities.values()]
    reach = Span(min(each.starts_at for each in periods), max(each.ends_at for each in periods))
    counted = [code for code, each in facilities.items() if each.most_people]
    others = uow.reservations.people(counted, reach, moving) if counted else {}
    claims = uow.reservations.claims(sorted(facilities), reach, moving)
    return [
        replace(each, wish=replace(each.wish, party=party, others=others))
        for each, party in zip(steps, parties, strict=True)
    ], claims


def sought_again(asked: Sequence[Wanted], steps: Sequence[Step]) -> list[Sought]:
    """The same steps, at whatever time."""
    return [
        Sought(
            number=each.step, wish=each.wish, facility=each.facility, reservation=each.reservation,
            least_gap_minutes=steps[each.step - 1].least_gap_minutes,
            most_gap_minutes=steps[each.step - 1].most_gap_minutes,
        ) for each in asked
    ]


def clash(
    verdicts: Sequence[Verdict], steps: Sequence[Step], uow: Any, now: datetime, moving: Collection[str] = (),
) -> StepsClash:
    """The refusal that lists each step, with the nearest whole plans for the same steps."""
    asked = [each.wanted for each in verdicts]
    whole = Span(asked[0].wish.span.starts_at, asked[-1].wish.span.ends_at)
    wished, window = search_window(whole, [each.facility for each in asked], now)
    before = asked[0].wish.chain.before if asked[0].wish.chain else None
    sought = sought_again(asked, steps)
    found = found_plans(sought, window, wished, uow, now, moving=moving, before=before)
    told = [{name: value for name, value in each.to_dict().items() if name != "alternatives"} for each in verdicts]
    return StepsClash(steps=told, plans=[each.to_dict() for each in found])
