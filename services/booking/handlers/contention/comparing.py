"""Everything that a decision among rivals rests on: their wishes, their sums, and what they drew."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain.alternatives import REACHES, Alternative, alternatives, search_window
from services.booking.domain.contention import drawing
from services.booking.domain.contention.fair_share import Share, shares
from services.booking.domain.contention.rivals import Rival, held_by, in_turn, window_of
from services.booking.domain.contention.scoring import Score, ranked, scored
from services.booking.domain.facility import Facility
from services.booking.domain.units import FITTING
from services.booking.domain.wish import Wish
from services.booking.handlers.placing import with_others
from services.booking.handlers.quotas import entitled


def rivals_of(facility: Facility, uow: Any, *, locking: bool = True) -> list[Rival]:
    """All that compete for a facility, by their ids."""
    return [rival_of(each, uow) for each in uow.contention.rivals(facility.code, locking=locking)]


def rival_of(kept: Any, uow: Any) -> Rival:
    reservation = kept.reservation
    operator = reservation.run.operator or reservation.requester
    asking = uow.copies.asking(reservation.requester, reservation.team, reservation.facility, operator)
    wish = Wish(
        span=reservation.span, unit=kept.unit, run=reservation.run, party=asking.party(reservation.project),
        asked_at=kept.since,
    )
    return Rival(**vars(kept), wish=wish)


def scores(group: Sequence[Rival], facility: Facility, uow: Any, now: datetime) -> list[Score]:
    """The sums of a group, the highest first."""
    found = shares_of(group, facility, uow, now)
    return ranked(
        scored(rival, found[rival.party], best_instead(rival, facility, uow, now), now) for rival in group
    )


def shares_of(group: Iterable[Rival], facility: Facility, uow: Any, now: datetime) -> dict[str, Share]:
    parties = {each.party: each.wish.party for each in group}
    companies = {name: party.company if party else "" for name, party in parties.items()}
    quotas = next((party.quotas for party in parties.values() if party), ())
    past = uow.contention.past_use(facility.kind, now)
    return shares(companies, past, uow.contention.parties(), quotas, facility.kind, now)


def best_instead(rival: Rival, facility: Facility, uow: Any, now: datetime) -> Alternative | None:
    return next(iter(instead(rival, facility, uow, now)), None)


def instead(rival: Rival, facility: Facility, uow: Any, now: datetime) -> list[Alternative]:
    """The best that a rival could have were the time it asks for taken on every unit."""
    equivalents = [each for each in uow.copies.facilities(facility.equivalents) if each.code != facility.code]
    facilities = [facility, *equivalents]
    wish = replace(rival.wish, asked_at=None)
    wish = entitled(wish, [each.kind for each in facilities], uow, now, [rival.id], locking=False)
    window = search_window(wish.span, facility, now, REACHES[0])
    held = uow.reservations.claims(
        [each.code for each in facilities], window.widened(FITTING, FITTING), [rival.id])
    claims = {place: list(pieces) for place, pieces in held.items()}
    for unit in facility.units:
        pieces = claims.setdefault((facility.code, unit), [])
        pieces += held_by(wish, facility)
        pieces.sort(key=lambda each: (each.starts_at, each.first))
    wish = with_others(wish, facilities, uow, window, [rival.id])
    return alternatives(wish, facility, equivalents, claims, window, now)


def tickets_of(
    group: Sequence[Rival], found: Iterable[Score], uow: Any,
) -> dict[str, drawing.Ticket]:
    """What each party of a group draws."""
    draws = {each.draw for each in group}
    weights = {each.rival.party: drawing.weight_of(each.share) for each in found}
    return drawing.tickets(group, uow.contention.seeds(draws), weights | uow.contention.weights_drawn(draws))


def order_of_placing(order: Sequence[Rival], facility: Facility, uow: Any) -> list[Rival]:
    """The rivals as they are placed one after the other beside what is held now."""
    window = window_of(order, facility).widened(FITTING, FITTING)
    return in_turn(order, facility, uow.reservations.claims([facility.code], window))


def without_exception(wish: Wish) -> Wish:
    """Who competes is excused from nothing."""
    return replace(wish, exception="")
