"""Bases of any size with reservations of which some are hit, made from a number; no two runs differ."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

from services.booking.domain.interruption import Interruption
from services.booking.domain.replan.instance import WEIGHTS, Hit, Instance, in_order
from services.booking.domain.reservation import Reservation
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.units import obstacles, room_on
from services.booking.domain.wish import Party, Wish
from services.booking.storage.rows import facility_in, snapshot_of
from services.contracts.messaging import encoding
from tests.unit.booking.examples import ALL_DAY, NOW, at, facility_changed

HALF = timedelta(minutes=30)


def facility(code, units="A", **changes):
    return facility_in(encoding.dumps(snapshot_of(facility_changed(code, units=units, **changes))).decode())


def facilities_of(count, chance):
    """Groups of equal facilities with one to three units: some open day and night, most in the daytime."""
    found = {}
    for number in range(count):
        group = number // 3
        codes = [f"F{each:02}" for each in range(group * 3, min(group * 3 + 3, count))]
        hours = [ALL_DAY] * 7 if group % 3 == 2 else [[[480, 1200]]] * 6 + [[]]
        code = f"F{number:02}"
        found[code] = facility(
            code, "ABC"[:1 + number % 3 if number % 3 < 2 else 2], opening_hours=hours, longest_minutes=60_000,
            equivalents=[each for each in codes if each != code], setup_minutes=30 * (group % 2), horizon_days=60)
    return found


class Base:
    """Reservations beside each other; ``fill`` is how full each unit may be in the weeks."""

    def __init__(self, seed, facilities, weeks=4):
        self.chance, self.facilities, self.days = random.Random(seed), facilities, weeks * 7
        self.claims, self.made = defaultdict(list), []

    def reserve(self, count):
        places = [(each, unit) for each in self.facilities.values() for unit in each.units]
        for _ in range(count * 20):
            if len(self.made) == count:
                break
            facility, unit = self.chance.choice(places)
            is_long = facility.opening_hours[0] == ((0, 1440),)
            day, hour = self.chance.randrange(1, self.days), self.chance.choice((8, 9, 10, 11, 13, 14, 15, 16))
            hours = self.chance.choice((8, 24, 48) if is_long else (1, 2, 3, 4))
            self.place(facility, unit, Span(at(day, hour), at(day, hour + hours)))
        return self

    def place(self, facility, unit, span, **changes):
        made = Reservation(
            id=f"{len(self.made):08x}-0000-0000-0000-000000000000", version=1, state=State.APPROVED,
            facility=facility.code, unit=unit, span=span, team=f"team-{self.chance.randrange(50):02}", project=None,
            purpose="p", requester="ann", **changes)
        wish = Wish(span=span, run=made.run)
        period = facility.period(wish.whole)
        is_open = any(each.contains(span) for each in facility.opening_spans(span))
        if not is_open or any(
            each.overlaps(period) for each in obstacles(wish, facility, unit, self.claims)
        ):
            return None
        self.claims[facility.code, unit] += room_on(wish, facility, unit, self.claims).claims
        self.claims[facility.code, unit].sort()
        self.made.append(made)
        return made

    def breaks(self, most):
        """Outages on facility after facility, until so many reservations are hit; the instance."""
        hit, facilities, broken = [], dict(self.facilities), {}
        for code in self.chance.sample(sorted(facilities), len(facilities)):
            window = Span(at(1, 0), at(self.chance.choice((4, 8, 15)), 0))
            there = sorted(
                (each for each in self.made if each.facility == code and each.span.overlaps(window)),
                key=lambda each: each.span)
            if not there or len(hit) + len(there) > most:
                there = there[:most - len(hit)]
                window = Span(window.starts_at, there[-1].span.ends_at) if there else window
            if there:
                hit += there
                broken[code] = window
            if len(hit) == most:
                break
        for code, window in broken.items():
            facilities[code] = replace(facilities[code], interruptions=(
                Interruption(id="I", kind="outage", spans=(window,)),))
        return self.instance(hit, facilities, broken)

    def instance(self, hit, facilities, broken):
        hits = {each.id for each in hit}
        claims = defaultdict(list)
        for each in self.made:
            if each.id not in hits:
                wish = Wish(span=each.span, run=each.run)
                there = facilities[each.facility]
                claims[each.facility, each.unit] += room_on(wish, there, each.unit, claims).claims
        for code, window in broken.items():
            for unit in facilities[code].units:
                claims[code, unit].append(room_on(Wish(span=window), facilities[code], unit, {}).claims[0]._replace(
                    first=0, starts_at=window.starts_at, ends_at=window.ends_at))
        for there in claims.values():
            there.sort(key=lambda each: (each.starts_at, each.first))
        return Instance(
            now=NOW, facilities=facilities, claims=dict(claims), hits=in_order([self.as_hit(each) for each in hit]))

    def as_hit(self, made, **changes):
        priority = self.chance.choice(("normal", "normal", "normal", "key", "urgent"))
        party = Party(team=made.team, priority=priority, person="ann", operator="ann")
        return Hit(reservation=made, party=party, weight=WEIGHTS[priority], **changes)


def an_instance(seed, reservations=200, hit=30, facilities=23):
    return Base(seed, facilities_of(facilities, None)).reserve(reservations).breaks(hit)
