"""Taking up places one after the other: each sees what the earlier ones hold, use and bring.

Everything that a plan says of a place goes through ``fits``, which asks the one rule function.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims, Held
from services.booking.domain.quotas import Use, counts, own_projects
from services.booking.domain.replan.instance import Hit, Instance, Link, wish_at
from services.booking.domain.replan.plan import Place
from services.booking.domain.rules import FORM, broken_rules, waivers_of
from services.booking.domain.spans import Span
from services.booking.domain.units import Room, obstacles, possible_units, room_on
from services.booking.domain.wish import Party, Wish


class Settled:
    """The base as it would be with the places that were taken up so far.

    On quotas everybody counts with the place from before until they have another one, or none: so what all use
    together never grows beyond a quota, in whichever order they come.
    """

    def __init__(self, instance: Instance):
        self.instance = instance
        self.claims: dict[tuple[str, str], list[Held]] = {
            place: list(held) for place, held in instance.claims.items()
        }
        self.others = {code: list(there) for code, there in instance.others.items()}
        self.uses = {hit.id: self.use(hit, hit.before) for hit in instance.hits if hit.party}
        self.spans: dict[str, Span] = dict(instance.standing)
        self.links = links_by_step(instance.links)

    def wish(self, hit: Hit, place: Place) -> Wish:
        facility = self.instance.facilities[place.facility]
        wish = wish_at(hit, facility, place.span, place.unit)
        others = {code: tuple(there) for code, there in self.others.items()}
        return replace(wish, others=others, party=hit.party and having(hit.party, self.uses_beside(hit)))

    def room(self, hit: Hit, place: Place) -> Room | None:
        """What it would hold there; None when something stands in the way or a rule does."""
        facility, wish = self.instance.facilities[place.facility], self.wish(hit, place)
        if not self.is_free(wish, facility, place.unit) or not self.keeps_order(hit.id, place.span):
            return None
        broken = [each for each in broken_rules(wish, facility, self.instance.now) if each.rule not in FORM]
        if any(each.rule not in wish.waived for each in broken):
            return None
        return room_on(wish, facility, place.unit, self.near(facility, place))._replace(waivers=waivers_of(broken))

    def is_free(self, wish: Wish, facility: Facility, unit: str) -> bool:
        if unit not in possible_units(replace(wish, unit=unit, former_unit=None), facility):
            return False
        period = facility.period(wish.whole)
        return not any(span.overlaps(period) for span in obstacles(wish, facility, unit, self.claims))

    def near(self, facility: Facility, place: Place) -> Claims:
        return {(facility.code, place.unit): self.claims.get((facility.code, place.unit), [])}

    def keeps_order(self, reservation: str, span: Span) -> bool:
        """Whether a step of a campaign keeps its distance to those that have their place already."""
        for link in self.links.get(reservation, ()):
            former = span if link.former == reservation else self.spans.get(link.former)
            following = span if link.following == reservation else self.spans.get(link.following)
            if former and following and not is_apart(link, former, following):
                return False
        return True

    def take(self, hit: Hit, place: Place) -> Room | None:
        """Let it hold a place, if it may."""
        room = self.room(hit, place)
        if room is None:
            return None
        held = self.claims.setdefault(place[:2], [])
        held += room.claims
        held.sort(key=lambda each: (each.starts_at, each.first))
        self.others.setdefault(place.facility, []).append((place.span, hit.reservation.run.people))
        self.spans[hit.id] = place.span
        if hit.party:
            self.uses[hit.id] = self.use(hit, place)
        return room

    def drop(self, hit: Hit) -> None:
        """It has no place, and gives back what it used."""
        self.uses.pop(hit.id, None)

    def use(self, hit: Hit, place: Place) -> Use:
        kept, kind = hit.reservation, self.instance.facilities[place.facility].kind
        return Use(*place.span, kind, True, hit.party.company, kept.team, kept.requester, kept.project)

    def uses_beside(self, hit: Hit) -> list[Use]:
        return [use for id, use in self.uses.items() if id != hit.id]


def settle(settled: Settled, wanted: Iterable[tuple[Hit, Place]]) -> dict[str, Room]:
    """Take up places in whichever order they can be had: some only when others have given up theirs."""
    found: dict[str, Room] = {}
    left = list(wanted)
    while True:
        taken = {hit.id: room for hit, place in left if (room := settled.take(hit, place))}
        found |= taken
        left = [(hit, place) for hit, place in left if hit.id not in found]
        if not taken:
            return found


def having(party: Party, uses: Iterable[Use]) -> Party:
    """The party as if what ``uses`` tells of were reserved already, as far as it counts on its quotas."""
    if not party.entitlements:
        return party
    own, found = own_projects(party.quotas), []
    for each in party.entitlements:
        for use in uses:
            if counts(use, each.quota, each.subject, own):
                each = each.with_use(use)
        found.append(each)
    return replace(party, entitlements=tuple(found))


def links_by_step(links: Iterable[Link]) -> Mapping[str, list[Link]]:
    found: dict[str, list[Link]] = {}
    for link in links:
        found.setdefault(link.former, []).append(link)
        found.setdefault(link.following, []).append(link)
    return found


def is_apart(link: Link, former: Span, following: Span) -> bool:
    gap = following.starts_at - former.ends_at
    return gap >= link.least and (link.most is None or gap <= link.most)
