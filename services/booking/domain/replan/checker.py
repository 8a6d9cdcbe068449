"""Whether a plan keeps every rule: looked at afresh, by none of the means with which plans are made.

The rules of use are asked of the one rule function. That no two overlap, with buffers, changeovers and shared
places, that quotas and crowds are kept by all together, that campaigns keep their order, that pins hold and nobody
is forgotten, is found out here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from services.booking.domain.facility import Facility
from services.booking.domain.held import Held
from services.booking.domain.quotas import Entitlement, Use, applying, counts, figures, own_projects
from services.booking.domain.replan.instance import Hit, Instance
from services.booking.domain.replan.occupation import Occupation, held_there, meets, run_there
from services.booking.domain.replan.plan import KEPT, Place, Placement, Plan
from services.booking.domain.rules import FORM, broken_rules
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish


class Fault(NamedTuple):
    """What is wrong with the place of a reservation."""

    what: str
    reservation: str


def faults(instance: Instance, plan: Plan) -> list[Fault]:
    """All that is wrong with a plan; none when it may be carried out."""
    found = list(incomplete(instance, plan))
    if found:
        return found
    placed = [(instance.by_id[each.reservation], each.after) for each in plan.placements if each.is_moved]
    staying = [(hit, hit.before) for hit in instance.hits if hit.is_neighbour and plan.of(hit.id) is None]
    found = [Fault(what, hit.id) for hit, place in placed for what in wrong_place(hit, place, instance)]
    if any(each.what == "not_a_place_for_it" for each in found):
        return found
    return [
        *found, *overlaps(instance, placed, staying), *crowds(instance, [*placed, *staying], placed),
        *overused(instance, [*placed, *staying], placed), *disordered(instance, placed, staying),
    ]


def incomplete(instance: Instance, plan: Plan) -> Iterator[Fault]:
    """Each who was hit is there once: moved, cancelled with a reason, or rightly left alone."""
    told = Counter(each.reservation for each in plan.placements)
    yield from (Fault("told_twice", id) for id, times in told.items() if times > 1)
    kept, ending = {each.id for each in instance.kept}, ending_with(instance, plan)
    yield from (Fault("forgotten", each.id) for each in instance.hits if not each.is_neighbour and not told[each.id])
    yield from (Fault("forgotten", id) for id in kept | ending.keys() if not told[id])
    for each in plan.placements:
        hit = instance.by_id.get(each.reservation) or ending.get(each.reservation)
        if each.reservation in ending and not each.is_cancelled:
            yield Fault("campaign_split", each.reservation)
        elif each.reservation in kept and each.reservation not in ending:
            if each.reason not in KEPT or each.after != each.before:
                yield Fault("not_left_alone", each.reservation)
        elif hit is None:
            yield Fault("unknown", each.reservation)
        else:
            yield from (Fault(what, each.reservation) for what in wrong_line(hit, each, instance))
    yield from split_campaigns(instance, plan)


def ending_with(instance: Instance, plan: Plan) -> dict[str, Hit]:
    """Steps to come that are not moved, of campaigns of which another one is cancelled."""
    cancelled = {each.reservation for each in plan.placements if each.is_cancelled}
    lost = {hit.reservation.campaign for hit in instance.hits if hit.id in cancelled} - {None}
    return {
        each.id: each for each in (*instance.following, *instance.kept)
        if each.reservation.campaign in lost and not each.is_begun(instance.now)
    }


def split_campaigns(instance: Instance, plan: Plan) -> Iterator[Fault]:
    """Steps of one campaign of which some have a place and others none."""
    placed: dict[str, bool] = {}
    for each in plan.placements:
        hit = instance.by_id.get(each.reservation)
        campaign = hit and hit.reservation.campaign
        if campaign and placed.setdefault(campaign, not each.is_cancelled) == each.is_cancelled:
            yield Fault("campaign_split", each.reservation)


def wrong_line(hit: Hit, placement: Placement, instance: Instance) -> Iterator[str]:
    if placement.before != hit.before or placement.version != hit.reservation.version:
        yield "outdated"
    if placement.is_kept or placement.after == placement.before:
        yield "not_moved"
    if placement.is_cancelled and (hit.is_neighbour or not placement.reason):
        yield "cancelled_without_need"
    pin = instance.pins.get(hit.id)
    if pin and placement.after not in (pin, None):
        yield "pin_lost"


def wrong_place(hit: Hit, place: Place, instance: Instance) -> Iterator[str]:
    """The rules of use that one place breaks, and where nobody may be taken."""
    own = instance.facilities[hit.reservation.facility]
    facility = instance.facilities.get(place.facility)
    if facility is None or place.facility not in (own.code, *own.equivalents) or place.unit not in facility.units:
        yield "not_a_place_for_it"
        return
    if place.facility in instance.excluded_facilities and hit.id not in instance.pins:
        yield "excluded_facility"
    if place.span.length != hit.reservation.span.length:
        yield "other_length"
    if hit.is_neighbour and abs(place.span.starts_at - hit.before.span.starts_at) > hit.reach:
        yield "too_far"
    wish = as_wished(hit, place, facility)
    for each in broken_rules(wish, facility, instance.now):
        if each.rule not in FORM and each.rule not in wish.waived and each.rule not in ("quota_exceeded",):
            yield each.rule


def as_wished(hit: Hit, place: Place, facility: Facility) -> Wish:
    made = hit.reservation
    is_here = made.facility == facility.code
    return Wish(
        span=place.span, unit=place.unit if facility.unit_choice else None, run=made.run, party=hit.party, at_once=True,
        former=made.span if is_here else None, former_unit=made.unit if is_here else None,
        waived=frozenset(each["rule"] for each in made.waivers) if is_here else frozenset(),
    )


def overlaps(
    instance: Instance, placed: list[tuple[Hit, Place]], staying: list[tuple[Hit, Place]],
) -> Iterator[Fault]:
    """No two on a unit that may not be there together; where runs share, no more than there are places."""
    there: dict[tuple[str, str], list[Occupation]] = defaultdict(list)
    for hit, place in (*placed, *staying):
        there[place[:2]].append(run_there(hit.id, hit.reservation.run, place, instance.facilities[place.facility]))
    moved = {hit.id for hit, _ in placed}
    for (code, unit), runs in there.items():
        facility, standing = instance.facilities[code], instance.claims.get((code, unit), ())
        others = [held_there(held, facility) for held in standing]
        for each in runs:
            if each.id in moved and is_interrupted(each, standing, facility, unit):
                yield Fault("interrupted", each.id)
        for one, other in (*combinations(runs, 2), *((one, other) for one in runs for other in others)):
            if moved & {one.id, other.id} and meets(one, other, facility):
                yield Fault("overlaps", one.id if one.id in moved else other.id)
        yield from (Fault("too_many_places", id) for id in overfull([*runs, *others], moved, facility.places_on(unit)))


def is_interrupted(run: Occupation, standing: Sequence[Held], facility: Facility, unit: str) -> bool:
    taken_away = [held.period for held in standing if not held.is_run]
    taken_away += [
        span for each in facility.interruptions if each.unit in (None, unit) for span in each.spans
    ]
    return any(run.period.overlaps(span) for span in taken_away)


def overfull(runs: list[Occupation], moved: set[str], places: int) -> Iterator[str]:
    """Those at whose start more places are taken than there are; at a start, because only there it becomes more."""
    for one in runs:
        present = [each for each in runs if each.period.starts_at <= one.period.starts_at < each.period.ends_at]
        if len(present) > 1 and all(each.places for each in present) and sum(each.places for each in present) > places:
            yield from (each.id for each in present if each.id in moved)


def crowds(
    instance: Instance, there: list[tuple[Hit, Place]], placed: list[tuple[Hit, Place]],
) -> Iterator[Fault]:
    """At no instant more people than may be on site."""
    for hit, place in placed:
        most = instance.facilities[place.facility].most_people
        if not most:
            continue
        present = [(span, people) for span, people in instance.others.get(place.facility, ())]
        present += [(other.span, each.reservation.run.people) for each, other in there if other[0] == place.facility]
        instants = [place.span.starts_at, *(span.starts_at for span, _ in present)]
        for instant in instants:
            if not place.span.starts_at <= instant < place.span.ends_at:
                continue
            if sum(people for span, people in present if span.starts_at <= instant < span.ends_at) > most:
                yield Fault("too_many_people", hit.id)
                break


def overused(
    instance: Instance, there: list[tuple[Hit, Place]], placed: list[tuple[Hit, Place]],
) -> Iterator[Fault]:
    """No quota is exceeded that was not exceeded before, or by more than before."""
    for hit, place in placed:
        facility = instance.facilities[place.facility]
        for each in applying(hit.party.entitlements, facility.kind) if hit.party else ():
            mine = [(other, where) for other, where in there if is_counted(other, where, each, hit, instance)]
            for told in figures(each, place.span):
                period = told["starts_at"] and Span(told["starts_at"], told["ends_at"])
                before = told["used"] + sum(each.asked(other.before.span, period) for other, _ in mine)
                after = told["used"] + sum(each.asked(where.span, period) for _, where in mine)
                if after > told["limit"] and after > before:
                    yield Fault("quota_exceeded", hit.id)
                    break


def is_counted(other: Hit, where: Place, each: Entitlement, hit: Hit, instance: Instance) -> bool:
    """Whether what another of the plan reserves counts on the same quota of the same subject."""
    made, kind = other.reservation, instance.facilities[where.facility].kind
    company = other.party.company if other.party else ""
    use = Use(*where.span, kind, True, company, made.team, made.requester, made.project)
    return counts(use, each.quota, each.subject, own_projects(hit.party.quotas))


def disordered(
    instance: Instance, placed: list[tuple[Hit, Place]], staying: list[tuple[Hit, Place]],
) -> Iterator[Fault]:
    """Steps of a campaign that come too early or too late after the one before."""
    spans = dict(instance.standing) | {hit.id: place.span for hit, place in (*placed, *staying)}
    moved = {hit.id for hit, _ in placed}
    for link in instance.links:
        former, following = spans.get(link.former), spans.get(link.following)
        if former is None or following is None or not moved & {link.former, link.following}:
            continue
        gap = following.starts_at - former.ends_at
        if gap < link.least or (link.most is not None and gap > link.most):
            yield Fault("campaign_order", link.following if link.following in moved else link.former)
