"""Who competes with whom for time on a facility, and for whom there is room when one comes after the other.

    a  |-------|
    b       |-------|          a, b and c are one group, although a and c would go together:
    c               |-----|    who gets b's time decides about both
    d                            |---|   is alone
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.booking.domain.changeover import kept_apart
from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims, Held
from services.booking.domain.reservation import Reservation
from services.booking.domain.spans import Span
from services.booking.domain.units import Room, choose_unit, possible_units, room_on
from services.booking.domain.wish import Wish

MOST_COMPETING = 10
"""So many requests may compete for the last place at a time, and so many may a team have on one facility."""

MOST_ALIKE = 3
"""So many of those that compete for the last place may be of one team, which keeps nobody else out."""


@dataclass(frozen=True, kw_only=True)
class Contender:
    """A reservation that competes: for whom (``party``, a company or a team without one), since when it asks, by
    which local date it is needed, which unit was asked for. ``draw`` and ``entry`` number it in a draw.
    """

    reservation: Reservation
    party: str
    since: datetime
    needed_by: str | None = None
    unit: str | None = None
    draw: str | None = None
    entry: int | None = None


@dataclass(frozen=True, kw_only=True)
class Rival(Contender):
    """The same with what it wishes, as rules and units look at it."""

    wish: Wish

    @property
    def id(self) -> str:
        return self.reservation.id

    @property
    def age(self) -> tuple[datetime, str]:
        """Who came first, and an order among those who came at once."""
        return self.since, self.id


def party_of(company: str, team: str) -> str:
    """Whose chances count as one: a company's teams together."""
    return f"company:{company}" if company else f"team:{team}"


def collected_until(starts_at: datetime, facility: Facility) -> datetime | None:
    """Until when requests for a start are collected; None where the first one gets it."""
    if facility.allocation == "first_come":
        return None
    return starts_at - timedelta(hours=facility.allocation_hours)


def are_rivals(one: Rival, other: Rival, facility: Facility) -> bool:
    """Whether two want the same time on a unit on which both might be, buffers and changeovers included.

    On a facility with several units, or places to share, both may get it all the same: that is for settling to see.
    """
    units = set(possible_units(one.wish, facility)) & set(possible_units(other.wish, facility))
    if not units:
        return False
    period = facility.period(one.wish.whole)
    return any(kept_apart(one.wish.run, facility, held).overlaps(period) for held in held_by(other.wish, facility))


def too_many_of(team: str, asked: Rival, others: Iterable[Rival], facility: Facility) -> dict[str, list[str]]:
    """A team competes with few requests for the same time, and with not too many in all."""
    own = [each for each in others if each.reservation.team == team]
    if len(own) >= MOST_COMPETING:
        return {"team": ["competes_too_often"]}
    there = [each for each in own if are_rivals(asked, each, facility)]
    return {"starts_at": ["competes_already"]} if len(there) >= most_for(asked, MOST_ALIKE, facility) else {}


def is_crowded(asked: Rival, others: Iterable[Rival], facility: Facility) -> bool:
    """Whether as many compete for the same time as can sensibly be compared with each other."""
    rivals = sum(are_rivals(asked, each, facility) for each in others)
    return rivals >= most_for(asked, MOST_COMPETING, facility)


def most_for(asked: Rival, most: int, facility: Facility) -> int:
    """So many for the last place, and one for each other on which it might be."""
    return most - 1 + sum(facility.places_on(unit) for unit in possible_units(asked.wish, facility))


def held_by(wish: Wish, facility: Facility) -> tuple[Held, ...]:
    """What a wish would hold on a unit that is otherwise empty."""
    period = facility.period(wish.whole)
    if not facility.families:
        return (Held(*period),)
    return (Held(*period, family=wish.run.family, runs_from=wish.whole.starts_at, runs_to=wish.whole.ends_at),)


def group_of(rival: Rival, rivals: Iterable[Rival], facility: Facility) -> list[Rival]:
    """The rival with all on whom its chances depend, in the order in which they came."""
    left = [each for each in rivals if each.id != rival.id]
    found, turn = [rival], [rival]
    while turn:
        one = turn.pop()
        joined = [each for each in left if are_rivals(one, each, facility)]
        left = [each for each in left if each not in joined]
        found += joined
        turn += joined
    return sorted(found, key=lambda each: each.age)


def groups(rivals: Iterable[Rival], facility: Facility) -> list[list[Rival]]:
    """All that compete, in groups that depend on each other; in the order in which they are decided."""
    left, found = list(rivals), []
    while left:
        group = group_of(left[0], left, facility)
        members = {each.id for each in group}
        left = [each for each in left if each.id not in members]
        found.append(group)
    return sorted(found, key=lambda group: (decided_at(group), group[0].age))


def decided_at(group: Iterable[Rival]) -> datetime:
    """When a group is decided: as soon as the first of it has to be."""
    return min(each.reservation.decide_by for each in group)


def settled(order: Sequence[Rival], facility: Facility, claims: Claims) -> dict[str, Room | None]:
    """Where each gets room when they are placed one after the other beside what is held; None for who finds none."""
    standing = {place: list(held) for place, held in claims.items()}
    found: dict[str, Room | None] = {}
    for rival in order:
        unit = choose_unit(rival.wish, facility, standing)
        found[rival.id] = room_on(rival.wish, facility, unit, standing) if unit else None
        if unit:
            held = standing.setdefault((facility.code, unit), [])
            held += found[rival.id].claims
            held.sort(key=lambda each: (each.starts_at, each.first))
    return found


def have_room(found: Mapping[str, Room | None]) -> bool:
    return all(room is not None for room in found.values())


def in_turn(ranked: Sequence[Rival], facility: Facility, claims: Claims) -> list[Rival]:
    """The order in which they are placed: by rank, or by their starts where only so all of them get room."""
    by_start = sorted(ranked, key=lambda each: (each.wish.span, each.age))
    if not have_room(settled(ranked, facility, claims)) and have_room(settled(by_start, facility, claims)):
        return by_start
    return list(ranked)


def wanted_span(group: Sequence[Rival]) -> Span:
    """From the first start to the last end of what a group asks for, as its teams know it."""
    return Span(min(each.wish.whole.starts_at for each in group), max(each.wish.whole.ends_at for each in group))


def window_of(group: Iterable[Rival], facility: Facility) -> Span:
    """The time that a group is about, buffers included."""
    periods = [facility.period(each.wish.whole) for each in group]
    return Span(min(each.starts_at for each in periods), max(each.ends_at for each in periods))
