"""Finding room for a wish: the rules, the lock, the unit; and what to offer when there is none."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain.alternatives import MOST, REACHES, Alternative, alternatives, search_window
from services.booking.domain.answers import wrong_answers
from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims
from services.booking.domain.rules import are_excused, broken_rules, waivers_of
from services.booking.domain.sharing import Profile
from services.booking.domain.spans import Span, wrong_end
from services.booking.domain.splitting import split
from services.booking.domain.units import FITTING, Room, SlotHeld, choose_unit, room_on
from services.booking.domain.wish import Wish
from services.booking.handlers.quotas import entitled, warn_of_use
from services.contracts import schemas
from services.contracts.errors import InvalidInput, RuleBroken, SlotTaken

Offering = Callable[[Wish, Facility, Any, datetime, Collection[str]], list[dict[str, Any]]]


def check_times(starts_at: datetime, ends_at: datetime) -> dict[str, list[str]]:
    words = wrong_end(starts_at, ends_at)
    return {"ends_at": words} if words else {}


def check_place(unit: str | None, facility: Facility | None) -> dict[str, list[str]]:
    """What is wrong with the place; a facility that is not known has no units to ask about."""
    if facility is None:
        return {"facility": ["unknown"]}
    return {} if unit is None or unit in facility.units else {"unit": ["unknown_unit"]}


def check_profile(profile: dict[str, Any]) -> dict[str, list[str]]:
    """The contract leaves a profile open; here it is held against its own fields."""
    try:
        schemas.load(Profile, profile)
    except InvalidInput as refused:
        return {f"profile.{name}": words for name, words in refused.facts["errors"].items()}
    return {}


def wrong_in_run(message: Any, asking: Any) -> dict[str, list[str]]:
    """What is wrong with the answers, as far as the questions are known, and with who runs it."""
    errors = wrong_answers(message.answers or {}, asking.facility) if asking.facility else {}
    if message.operator is not None and asking.team and not asking.operates:
        errors["operator"] = ["not_in_team"]
    return errors


def refuse(errors: dict[str, list[str]]) -> None:
    """Raises InvalidInput if anything is wrong."""
    if errors:
        raise InvalidInput(errors=errors)


@contextmanager
def placed(
    wish: Wish, facility: Facility, uow: Any, now: datetime, *, locking: Collection[str], moving: Collection[str] = (),
    offering: Offering | None = None,
) -> Iterator[Room]:
    """The room for ``wish``, with the units of the facilities ``locking`` locked.

    What has been used of quotas is locked and looked at first. The claims of the reservations ``moving``
    do not count. ``offering`` finds the ways to succeed that a refusal carries, where others than usual
    are meant. The block writes the claim. Should the
    database refuse it, although it was free under the lock, the answer is the same as if it had
    been seen: SlotTaken.

    Raises:
        RuleBroken: all broken rules, with alternatives.
        SlotTaken: with alternatives.
    """
    offering = offering or offers
    wish = entitled(wish, [facility.kind], uow, now, moving)
    wish = with_others(wish, [facility], uow, wish.whole, moving)
    waivers = require_rules_kept(wish, facility, uow, now, moving, offering)
    near = facility.period(wish.whole).widened(FITTING, FITTING)
    claims = uow.reservations.claims_under_lock(locking, [facility.code], near, moving)
    if facility.most_people:
        # Others may have come with their people while the lock was waited for.
        wish = with_others(wish, [facility], uow, wish.span, moving)
        waivers = require_rules_kept(wish, facility, uow, now, moving)
    unit = choose_unit(wish, facility, claims)
    if unit is None:
        # What was said of the facility before the lock was waited for may be old by now.
        (facility,) = uow.copies.facilities([facility.code])
        require_rules_kept(wish, facility, uow, now, moving, offering)
        raise SlotTaken(alternatives=offering(wish, facility, uow, now, moving))
    try:
        yield room_on(wish, facility, unit, claims)._replace(waivers=waivers)
    except SlotHeld as held:
        raise SlotTaken(alternatives=offering(wish, facility, uow, now, moving)) from held
    warn_of_use(wish, facility, uow)


def require_rules_kept(
    wish: Wish, facility: Facility, uow: Any, now: datetime, moving: Collection[str] = (),
    offering: Offering | None = None,
) -> tuple[dict[str, Any], ...]:
    """The rules from which the wish is to be excused. Raises RuleBroken unless all that it breaks may be waived."""
    violations = broken_rules(wish, facility, now)
    if not are_excused(violations, wish):
        told = [violation.to_dict() for violation in violations]
        raise RuleBroken(violations=told, alternatives=(offering or offers)(wish, facility, uow, now, moving))
    return waivers_of(violations)


def with_others(
    wish: Wish, facilities: Iterable[Facility], uow: Any, window: Span, moving: Collection[str],
) -> Wish:
    """The wish with the people of other reservations, where a facility says how many may be on site."""
    codes = [facility.code for facility in facilities if facility.most_people]
    return replace(wish, others=uow.reservations.people(codes, window, moving)) if codes else wish


def offers(
    wish: Wish, facility: Facility, uow: Any, now: datetime, moving: Collection[str] = (),
) -> list[dict[str, Any]]:
    """The nearest ways to succeed, as they travel. What moves stays in one piece."""
    found: list[Alternative] = []
    equivalents = [each for each in uow.copies.facilities(facility.equivalents) if each.code != facility.code]
    wish = entitled_elsewhere(wish, facility, equivalents, uow, now, moving)
    beside, others = standing_at(wish, equivalents, uow, moving)
    for reach in REACHES:
        window = search_window(wish.span, facility, now, reach)
        claims = {**beside, **uow.reservations.claims([facility.code], window.widened(FITTING, FITTING), moving)}
        wish = with_others(wish, [facility], uow, window, moving)
        wish = replace(wish, others={**wish.others, **others})
        found = alternatives(wish, facility, equivalents, claims, window, now, None if moving else split)
        if len(found) == MOST:
            break
    return [each.to_dict() for each in found]


def entitled_elsewhere(
    wish: Wish, facility: Facility, equivalents: Iterable[Facility], uow: Any, now: datetime, moving: Collection[str],
) -> Wish:
    """The wish with the quotas for other kinds of facilities too, where an equal one is of another kind."""
    kinds = {each.kind for each in equivalents} | {facility.kind}
    return entitled(wish, kinds, uow, now, moving, locking=False) if len(kinds) > 1 else wish


def standing_at(
    wish: Wish, facilities: Collection[Facility], uow: Any, moving: Collection[str],
) -> tuple[Claims, Mapping[str, Any]]:
    """What stands on other facilities at the wished time, and with how many people: no other time is offered there."""
    if not facilities:
        return {}, {}
    near = wish.whole.widened(2 * FITTING, 2 * FITTING)
    claims = uow.reservations.claims([each.code for each in facilities], near, moving)
    return claims, with_others(replace(wish, others={}), facilities, uow, near, moving).others
