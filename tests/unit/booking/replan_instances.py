"""Bases of any size with reservations of which some are hit, made from a number; no two runs differ."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

from services.booking.domain.interruption import Interruption
from services.booking.domain.quotas import Entitlement, Quota, hundredths, period_of
from services.booking.domain.replan.instance import WEIGHTS, Hit, Instance, in_order
from services.booking.domain.reservation import Reservation
from services.booking.domain.run import Run
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.units import obstacles, room_on
from services.booking.domain.wish import Party, Wish
from services.booking.handlers.replan.loading import NEIGHBOUR_REACH
from services.booking.storage.rows import facility_in, snapshot_of
from services.contracts.messaging import encoding
from tests.unit.booking.examples import ALL_DAY, NOW, at, facility_changed

HALF = timedelta(minutes=30)


def facility(code, units="A", places=1, **changes):
    event = facility_changed(code, units=units, **changes)
    units = [{**unit, "places": places} if places > 1 else unit for unit in event.units]
    return facility_in(encoding.dumps(snapshot_of(replace(event, units=units))).decode())


def facilities_of(count):
    """Groups of equal facilities with one to three units: some open day and night, most in the daytime."""
    found = {}
    for number in range(count):
        group = number // 3
        codes = [f"F{each:02}" for each in range(group * 3, min(group * 3 + 3, count))]
        hours = [ALL_DAY] * 7 if group % 3 == 2 else [[[480, 1200]]] * 6 + [[]]
        code = f"F{number:02}"
        units = 3 if number in (2, 20) else 1 + min(number % 3, 1)
        found[code] = facility(
            code, "ABC"[:units], opening_hours=hours, longest_minutes=60_000,
            equivalents=[each for each in codes if each != code], setup_minutes=30 * (group % 2), horizon_days=60)
    return found


class Base:
    """Reservations beside each other, as ``chance`` has it."""

    def __init__(self, chance, facilities, weeks=4, teams=50, has_quota=False):
        self.teams, self.has_quota = teams, has_quota
        self.chance, self.facilities, self.days = chance, facilities, weeks * 7
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

    def run(self, facility):
        """Something that the facility's rules make a difference of."""
        if facility.families:
            return Run(family=self.chance.choice(sorted(facility.family_codes)))
        if facility.sharing and self.chance.random() < 0.8:
            profile = {"temperature": self.chance.choice((60, 85)), "ramp": 1, "contamination": "clean"}
            return Run(places=self.chance.randint(1, 2), profile=profile)
        return Run(people=self.chance.randint(1, 3)) if facility.most_people else Run()

    def place(self, facility, unit, span, **changes):
        made = Reservation(
            id=f"{len(self.made):08x}-0000-0000-0000-000000000000", version=1, state=State.APPROVED,
            facility=facility.code, unit=unit, span=span, team=f"team-{self.chance.randrange(self.teams):02}",
            run=self.run(facility), project=None, purpose="p", requester="ann", **changes)
        wish = Wish(span=span, run=made.run)
        period = facility.period(wish.whole)
        is_open = any(each.contains(span) for each in facility.opening_spans(span))
        is_taken = any(each.overlaps(period) for each in obstacles(wish, facility, unit, self.claims))
        if not is_open or is_taken or self.is_crowded(facility, made):
            return None
        self.claims[facility.code, unit] += room_on(wish, facility, unit, self.claims).claims
        self.claims[facility.code, unit].sort()
        self.made.append(made)
        return made

    def is_crowded(self, facility, made):
        there = [each for each in self.made if each.facility == facility.code and each.span.overlaps(made.span)]
        return 0 < facility.most_people < sum(each.run.people for each in (*there, made))

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

    def instance(self, hit, facilities, broken, neighbours=()):
        self.looked_at = (*hit, *neighbours)
        hits = {each.id for each in self.looked_at}
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
        others = defaultdict(tuple)
        for each in self.made:
            if each.id not in hits and facilities[each.facility].most_people:
                others[each.facility] += ((each.span, each.run.people),)
        return Instance(
            now=NOW, others=dict(others), facilities=facilities, claims=dict(claims), hits=in_order([
                *(self.as_hit(each) for each in hit),
                *(self.as_hit(each, is_neighbour=True, reach=NEIGHBOUR_REACH) for each in neighbours),
            ]))

    def bound(self, team):
        """A quota that holds what its team had, and no more in the hours that count most."""
        if not self.has_quota:
            return {}
        quota = Quota(
            code="Q", scope="team", per="week", limit=0, off_peak_percent=50, peak_hours=((600, 840),))
        had = [each for each in self.looked_at if each.team == team]
        used = sum(hundredths(each.span, period_of(each.span.starts_at, "week"), quota) for each in had)
        quota = replace(quota, limit=used // 100)
        return {"quotas": (quota,), "entitlements": (Entitlement(quota=quota, subject=team),)}

    def as_hit(self, made, **changes):
        priority = self.chance.choice(("normal", "normal", "normal", "key", "urgent"))
        party = Party(team=made.team, priority=priority, person="ann", operator="ann", **self.bound(made.team))
        return Hit(reservation=made, party=party, weight=WEIGHTS[priority], **changes)


KINDS = {
    "plain": {},
    "buffers": {"setup_minutes": 30, "cleardown_minutes": 30},
    "families": {
        "families": [{"code": code, "names": {}} for code in ("board", "module")],
        "changeover": [
            {"former": "board", "next": "module", "minutes": 120},
            {"former": "module", "next": "board", "minutes": 90},
        ],
    },
    "sharing": {"places": 3, "sharing": {"temperature_within": 10, "ramp_within": 5, "contamination": [["clean"]]}},
    "people": {"most_people": 4},
}


def an_instance(seed, reservations=200, hit=30, facilities=23):
    return Base(random.Random(seed), facilities_of(facilities)).reserve(reservations).breaks(hit)
