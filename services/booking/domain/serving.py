"""Who of a wait list would get time that a change makes free: in turn, each beside what those before were given."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims
from services.booking.domain.quotas import Use
from services.booking.domain.replan.settling import having
from services.booking.domain.units import Room
from services.booking.domain.waiting import WaitEntry, first_place
from services.booking.domain.wish import Wish


class Waiting(NamedTuple):
    """An entry with what its party wants, and what stands in its window as things are."""

    entry: WaitEntry
    wish: Wish
    claims: Claims


Given = tuple[Wish, Room]


def served(
    waiting: Iterable[Waiting], before: Facility, after: Facility, now: datetime, least: timedelta,
) -> Iterator[tuple[WaitEntry, Wish, Room]]:
    """Those for whom there is room ``after`` the change and none ``before``; who has room already takes it first."""
    given: list[Given] = []
    for each in waiting:
        entry, wish, claims = beside(given, each, after)
        present = first_place(entry, wish, before, claims, now, least)
        place = present or first_place(entry, wish, after, claims, now, least)
        if place:
            given.append(place)
        if place and not present:
            yield entry, *place


def beside(given: Sequence[Given], waiting: Waiting, facility: Facility) -> Waiting:
    """As it is once others have their places: their time, their people, and what they use of quotas."""
    wish, claims = waiting.wish, {place: list(held) for place, held in waiting.claims.items()}
    for _, room in given:
        held = claims.setdefault((facility.code, room.unit), [])
        held += room.claims
        held.sort(key=lambda each: (each.starts_at, each.first))
    people = [(there.span, there.run.people) for there, _ in given]
    others = {**wish.others, facility.code: (*wish.others.get(facility.code, ()), *people)}
    party = wish.party and having(wish.party, [use_of(there, facility) for there, _ in given if there.party])
    return Waiting(waiting.entry, replace(wish, others=others, party=party), claims)


def use_of(wish: Wish, facility: Facility) -> Use:
    party = wish.party
    return Use(*wish.span, facility.kind, True, party.company, party.team, party.person, party.project)
