"""Reading what a plan is made from."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from services.booking.domain.campaign import Campaign
from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims
from services.booking.domain.replan.cause import still_hit
from services.booking.domain.replan.instance import (
    BEGUN_WORK,
    REACH,
    WEIGHTS,
    Hit,
    Instance,
    Link,
    in_order,
)
from services.booking.domain.replan.priority import wanted_claims
from services.booking.domain.replan.replan import Replan
from services.booking.domain.reservation import Reservation
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.units import FITTING
from services.booking.domain.wish import Wish
from services.booking.handlers.campaigns.recording import is_to_come
from services.booking.handlers.quotas import entitled

NEIGHBOUR_REACH = timedelta(hours=24)
BEGUN_STATES = frozenset({State.IN_USE, State.FINISHED})


def instance_of(
    replan: Replan, uow: Any, now: datetime, *, neighbours: Collection[str] = (), locking: bool = False,
) -> Instance:
    """What the plan is made from, as things are.

    ``locking`` keeps everything as it is until the end of the transaction: the reservations, what quotas bind, and
    the units of all facilities that are looked at.
    """
    found = uow.replans.reservations({*hit_ids(replan, uow, now), *neighbours}, locking=locking)
    hit = set(hit_ids(replan, uow, now))
    # An offer is no plan of its team's yet: hit, it cannot be accepted, and its team waits on.
    found = [
        each for each in found if each.is_held and each.state is not State.OFFERED and each.span.ends_at > now
    ]
    facilities = facilities_for(found, replan, uow)
    found = [
        each for each in found
        if each.id in neighbours or (each.id in hit and still_hit(replan.cause, each, facilities[each.facility]))
    ]
    hits = hits_of(found, set(neighbours) - hit, uow)
    kept = [each for each in hits if each.is_begun(now) or each.id in replan.excluded_reservations]
    moving = [each for each in hits if each not in kept]
    reach = reach_of(hits, replan, now)
    moving = entitled_hits(moving, facilities, uow, now, locking=locking)
    ids = [each.id for each in moving]
    claims = claims_of(facilities, reach, ids, uow, locking=locking)
    if locking:
        # What was said of the facilities before the locks were waited for may be old by now.
        facilities = {each.code: each for each in uow.copies.facilities(sorted(facilities))}
    crowded = sorted(code for code, each in facilities.items() if each.most_people)
    links, standing = campaigns_of(found, ids, uow)
    following = following_of(moving, found, uow, now)
    return Instance(
        now=now, hits=in_order(moving, following), facilities=facilities, kept=in_order(kept),
        claims=with_wanted(claims, replan, facilities),
        others=uow.reservations.people(crowded, reach, ids) if crowded else {},
        left_out=replan.excluded_reservations, pins=replan.pins,
        excluded_facilities=replan.excluded_facilities, links=links, standing=standing,
        following=following,
    )


def hit_ids(replan: Replan, uow: Any, now: datetime) -> list[str]:
    """Those whom the cause hits now: of an interruption as it is told, else those who were found at first."""
    if interruption := replan.cause.get("interruption"):
        return [each["reservation"] for each in uow.interruptions.hits(interruption, now)]
    return list(replan.hits)


def facilities_for(found: Iterable[Reservation], replan: Replan, uow: Any) -> dict[str, Facility]:
    """The facilities of those who have to go and the equal ones, by code."""
    own = {each.facility for each in found} | set(filter(None, [replan.cause.get("facility")]))
    known = {each.code: each for each in uow.copies.facilities(sorted(own))}
    equal = {code for each in known.values() for code in each.equivalents} - known.keys()
    return known | {each.code: each for each in uow.copies.facilities(sorted(equal))}


def hits_of(found: Sequence[Reservation], neighbours: Collection[str], uow: Any) -> list[Hit]:
    """Each with those for whom it is, and what cancelling it counts."""
    steps = uow.replans.of_campaigns({each.campaign for each in found if each.campaign})
    begun = {step.campaign for step in steps if step.state in BEGUN_STATES}
    made = []
    for each in found:
        operator = each.run.operator or each.requester
        party = uow.copies.asking(each.requester, each.team, each.facility, operator).party(each.project)
        weight = WEIGHTS.get(party.priority, 1) if party else 1
        weight *= BEGUN_WORK if each.campaign in begun else 1
        is_neighbour = each.id in neighbours
        reach = NEIGHBOUR_REACH if is_neighbour else REACH
        made.append(Hit(reservation=each, party=party, weight=weight, is_neighbour=is_neighbour, reach=reach))
    return made


def following_of(moving: Sequence[Hit], found: Sequence[Reservation], uow: Any, now: datetime) -> tuple[Hit, ...]:
    """The steps to come of campaigns of those who have to go that are not hit themselves."""
    steps = uow.replans.of_campaigns({each.reservation.campaign for each in moving if each.reservation.campaign})
    known = {each.id for each in found}
    return tuple(hits_of([each for each in steps if each.id not in known and is_to_come(each, now)], (), uow))


def reach_of(hits: Sequence[Hit], replan: Replan, now: datetime) -> Span:
    """The time whose claims must be known."""
    ends = [each.reservation.latest_end for each in hits]
    return Span(now, max(ends, default=now) + REACH + max(
        (each.reservation.whole.length for each in hits), default=timedelta(0))).widened(FITTING, FITTING)


def entitled_hits(
    hits: Sequence[Hit], facilities: dict[str, Facility], uow: Any, now: datetime, *, locking: bool,
) -> list[Hit]:
    """Each with what its party has used of its quotas, those who have to go not counted."""
    ids, kinds = [each.id for each in hits], {each.kind for each in facilities.values()}
    bound = [each for each in hits if each.party and each.party.quotas]
    if locking and bound:
        uow.replans.lock_subjects({
            f"{scope}:{subject}" for each in bound for scope, subject in each.party.subjects.items() if subject})
    found = []
    for each in hits:
        wish = Wish(span=each.reservation.span, party=each.party)
        found.append(replace(each, party=entitled(wish, kinds, uow, now, ids, first=now, locking=False).party))
    return found


def claims_of(
    facilities: dict[str, Facility], reach: Span, without: Collection[str], uow: Any, *, locking: bool,
) -> Claims:
    codes = sorted(facilities)
    if locking:
        return uow.reservations.claims_under_lock(codes, codes, reach, without)
    return uow.reservations.claims(codes, reach, without)


def with_wanted(claims: Claims, replan: Replan, facilities: dict[str, Facility]) -> Claims:
    """With what a priority case will take."""
    if replan.cause["kind"] != "priority":
        return claims
    place, held = wanted_claims(replan.cause, facilities[replan.cause["facility"]])
    there = sorted([*claims.get(place, ()), *held], key=lambda each: (each.starts_at, each.first))
    return {**claims, place: there}


def campaigns_of(
    found: Iterable[Reservation], moving: Collection[str], uow: Any,
) -> tuple[tuple[Link, ...], dict[str, Span]]:
    """How steps follow each other, with their gaps, and where those stand that do not move."""
    steps = uow.replans.of_campaigns({each.campaign for each in found if each.campaign})
    steps = [each for each in steps if each.is_held or each.state in BEGUN_STATES]
    campaigns = {number: uow.campaigns.one(number) for number in {each.campaign for each in steps}}
    links = tuple(
        link_between(one, other, campaigns[one.campaign]) for one, other in pairwise(steps)
        if (one.campaign, one.campaign_step + 1) == (other.campaign, other.campaign_step)
    )
    return links, {each.id: each.span for each in steps if each.id not in moving}


def link_between(former: Reservation, following: Reservation, campaign: Campaign) -> Link:
    gap = campaign.chain(following.campaign_step, {former.campaign_step: former.span}).before
    most = None if gap.most_gap_minutes is None else gap.most
    return Link(former=former.id, following=following.id, least=gap.least, most=most)
