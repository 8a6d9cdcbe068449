"""Which places of different reservations exclude each other, as the solver is told it.

Among spans that overlap pairwise there is an instant that lies in all of them, the start of one. So at each start
on a unit no more than one may be chosen there; where runs share, no more than there are places.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations
from typing import NamedTuple

from services.booking.domain.changeover import minutes_between
from services.booking.domain.facility import Facility
from services.booking.domain.quotas import applying
from services.booking.domain.replan.candidates import Candidate
from services.booking.domain.replan.instance import Hit, Instance, Link
from services.booking.domain.run import Run
from services.booking.domain.sharing import go_together, shares
from services.booking.domain.spans import Span

Key = tuple[str, str, Span | None]
"""A quota, the subject that it binds, and the period in which it counts."""

Chosen = tuple[str, int]
"""A reservation, and the number of the place among its candidates."""


class Option(NamedTuple):
    """A place that may be chosen, with all that it takes."""

    key: Chosen
    hit: Hit
    place: Candidate
    facility: Facility
    period: Span
    whole: Span
    places: int | None

    @property
    def run(self) -> Run:
        return self.hit.reservation.run


class Limit(NamedTuple):
    """The sum over what is chosen of these must not be above ``most``."""

    terms: Sequence[tuple[Chosen, int]]
    most: int


def options(instance: Instance, choices: Mapping[str, Sequence[Candidate]]) -> list[Option]:
    return [
        option(hit, number, place, instance.facilities[place.place.facility])
        for hit in instance.hits for number, place in enumerate(choices[hit.id])
    ]


def option(hit: Hit, number: int, place: Candidate, facility: Facility) -> Option:
    run = hit.reservation.run
    whole = place.span.widened(timedelta(0), timedelta(minutes=run.elastic_minutes))
    places = run.places if shares(run, facility, place.place.unit) else None
    return Option((hit.id, number), hit, place, facility, facility.period(whole), whole, places)


def limits(instance: Instance, found: Sequence[Option]) -> Iterator[Limit]:
    """Room on units, people on site, and quotas."""
    units, sites = defaultdict(list), defaultdict(list)
    for each in found:
        units[each.place.place[:2]].append(each)
        if each.facility.most_people:
            sites[each.facility.code].append(each)
    for (code, unit), there in units.items():
        places = instance.facilities[code].places_on(unit)
        if any(each.places for each in there):
            taken = [
                (held.period, held.beyond - held.first) for held in instance.claims.get((code, unit), ())
                if held.beyond is not None
            ]
            yield from at_starts([(each.key, each.period, each.places or places) for each in there], taken, places)
        else:
            yield from at_starts([(each.key, each.period, 1) for each in there], [], 1)
    for code, there in sites.items():
        people = [(each.key, each.place.span, each.run.people) for each in there]
        yield from at_starts(people, instance.others.get(code, ()), instance.facilities[code].most_people)
    yield from quota_limits(found)


def at_starts(
    wanted: Sequence[tuple[Chosen, Span, int]], taken: Sequence[tuple[Span, int]], most: int,
) -> Iterator[Limit]:
    """At each start, what is wanted there beside what is taken; only where it could become too much."""
    instants = sorted({span.starts_at for _, span, _ in wanted} | {span.starts_at for span, _ in taken})
    seen: set[frozenset[Chosen]] = set()
    for instant in instants:
        present = [(key, needs) for key, span, needs in wanted if span.starts_at <= instant < span.ends_at]
        used = sum(needs for span, needs in taken if span.starts_at <= instant < span.ends_at)
        keys = frozenset(key for key, _ in present)
        if len({key[0] for key in keys}) > 1 and (used or keys not in seen):
            if not used:
                seen.add(keys)
            if sum(needs for _, needs in present) + used > most:
                yield Limit(present, max(most - used, 0))


def quota_limits(found: Sequence[Option]) -> Iterator[Limit]:
    """What all together add to a quota in a period: never above its limit, nor above what it was before."""
    terms: dict[Key, list[tuple[Chosen, int]]] = defaultdict(list)
    before: dict[Key, dict[str, int]] = defaultdict(dict)
    left: dict[Key, int] = {}
    for each in found:
        party = each.hit.party
        for entitlement in applying(party.entitlements, each.facility.kind) if party else ():
            for period in entitlement.periods(each.place.span):
                key = (entitlement.quota.code, entitlement.subject, period)
                terms[key].append((each.key, entitlement.asked(each.place.span, period)))
                before[key][each.hit.id] = entitlement.asked(each.hit.before.span, period)
                left[key] = entitlement.quota.limit - entitlement.used(period)
    for key, wanted in terms.items():
        most = max(left[key], sum(before[key].values()))
        if len({chosen[0] for chosen, _ in wanted}) > 1 and sum(asked for _, asked in wanted) > most:
            yield Limit(wanted, most)


def exclusions(instance: Instance, found: Sequence[Option]) -> Iterator[tuple[Chosen, Chosen]]:
    """Pairs that may not both be chosen although they do not overlap, or although there were places for both."""
    units = defaultdict(list)
    for each in found:
        if each.facility.families or each.places:
            units[each.place.place[:2]].append(each)
    for there in units.values():
        there.sort(key=lambda each: each.whole)
        for one, other in combinations(there, 2):
            if one.hit is not other.hit and are_at_odds(one, other):
                yield one.key, other.key
    yield from broken_links(instance, found)


def are_at_odds(one: Option, other: Option) -> bool:
    """``one`` is the earlier one."""
    if one.places and other.places:
        together = go_together(one.run.profile, other.run.profile, one.facility.sharing)
        return not together and one.period.overlaps(other.period)
    if not one.facility.families or one.period.overlaps(other.period):
        return False
    gap = timedelta(minutes=minutes_between(one.facility, one.run.family, other.run.family))
    return other.whole.starts_at - one.whole.ends_at < gap


def broken_links(instance: Instance, found: Sequence[Option]) -> Iterator[tuple[Chosen, Chosen]]:
    """Places of two steps of a campaign that would come in the wrong order or distance."""
    by_hit = defaultdict(list)
    for each in found:
        by_hit[each.hit.id].append(each)
    for link in instance.links:
        for one in by_hit.get(link.former, ()):
            for other in by_hit.get(link.following, ()):
                if not keeps(link, one.place.span, other.place.span):
                    yield one.key, other.key


def out_of_order(instance: Instance, found: Sequence[Option]) -> Iterator[Chosen]:
    """Places that do not fit a step of the same campaign that stays where it is."""
    links = defaultdict(list)
    for link in instance.links:
        links[link.former].append(link)
        links[link.following].append(link)
    for each in found:
        for link in links.get(each.hit.id, ()):
            former = each.place.span if link.former == each.hit.id else instance.standing.get(link.former)
            following = each.place.span if link.following == each.hit.id else instance.standing.get(link.following)
            if former and following and not keeps(link, former, following):
                yield each.key
                break


def keeps(link: Link, former: Span, following: Span) -> bool:
    gap = following.starts_at - former.ends_at
    return gap >= link.least and (link.most is None or gap <= link.most)
