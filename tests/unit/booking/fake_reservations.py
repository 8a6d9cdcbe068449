"""Reservations and their claims in dictionaries."""

from collections import defaultdict
from datetime import timedelta

from services.booking.domain.held import Held
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.units import SlotHeld
from tests.unit.booking.fake_copies import FakeCopies, taken_away

MANY = 10**9


class FakeReservations:
    def __init__(self, base):
        self.base = base

    def locked(self, reservation, actor):
        found = self.base.reservations.get(reservation)
        return (found, FakeCopies(self.base).person(actor)) if found else (None, None)

    def due(self, now, limit):
        waiting = [each for each in self.in_state(State.REQUESTED) if each.campaign is None]
        return sorted((each for each in waiting if each.decide_by <= now), key=lambda each: each.decide_by)[:limit]

    def not_come(self, now, time_scale, limit):
        found = []
        for each in self.in_state(State.APPROVED):
            minutes = self.base.facilities[each.facility].no_show_minutes
            waits = any((o.facility, o.unit) == (each.facility, each.unit) for o in self.in_state(State.IN_USE))
            late = each.span.starts_at + timedelta(minutes=minutes) / time_scale <= now
            since = self.base.no_show_since.get(each.facility)
            if minutes and late and each.span.starts_at >= since and not waits:
                found.append((each, minutes))
        return sorted(found, key=lambda pair: pair[0].span)[:limit]

    def overrunning(self, now, limit):
        late = self.in_use_since_end(now, limit)
        return [each for each in late if each.overran != each.latest_end]

    def in_use_since_end(self, ended, limit):
        found = [each for each in self.in_state(State.IN_USE) if each.latest_end <= ended]
        return sorted(found, key=lambda each: each.span.ends_at)[:limit]

    def left_behind(self, reservation, now):
        place = (reservation.facility, reservation.unit)
        return [
            each for each in self.in_use_since_end(now, None)
            if (each.facility, each.unit) == place and each.span.ends_at <= reservation.span.starts_at
        ]

    def next_on_unit(self, reservation, until):
        following = [
            each for each in self.in_state(State.APPROVED)
            if (each.facility, each.unit) == (reservation.facility, reservation.unit)
            and reservation.span.ends_at <= each.span.starts_at <= until
        ]
        return min(following, key=lambda each: each.span, default=None)

    def in_state(self, state):
        return [each for each in self.base.reservations.values() if each.state is state]

    def count_pin_try(self, reservation):
        self.base.pin_tries[reservation] += 1

    def pin(self, reservation):
        return self.base.pins.get(reservation, "4711"), self.base.pin_tries[reservation]

    def claims(self, facilities, window, without=()):
        found = defaultdict(list)
        for reservation, (place, _, is_held) in self.base.claims.items():
            if is_held and place[0] in facilities and reservation not in without:
                found[place] += [held for held in self.base.pieces[reservation] if held.period.overlaps(window)]
        for place in self.base.units:
            if place[0] in facilities:
                found[place] += [Held(*span, 0) for span in taken_away(self.base, place) if span.overlaps(window)]
        return {place: sorted(pieces, key=by_start) for place, pieces in found.items() if pieces}

    def claims_under_lock(self, locking, facilities, window, without=()):
        return self.claims(facilities, window, without)

    def people(self, facilities, window, without=()):
        found = defaultdict(tuple)
        for each in self.base.reservations.values():
            if each.is_held and each.facility in facilities and each.id not in without and each.span.overlaps(window):
                found[each.facility] += ((each.span, each.run.people),)
        return dict(found)

    def add(self, reservation, claims, entry):
        self.change(reservation, claims, entry)

    def change(self, reservation, claims, entry):
        place = (reservation.facility, reservation.unit)
        if claims is None:
            place, claims = self.base.claims[reservation.id][0], self.base.pieces[reservation.id]
        assert place in self.base.units
        period = Span(min(held.starts_at for held in claims), max(held.ends_at for held in claims))
        if reservation.is_held and self.is_claimed(place, claims, reservation.id):
            raise SlotHeld
        self.base.claims[reservation.id] = (place, period, reservation.is_held)
        self.base.pieces[reservation.id] = tuple(claims)
        self.base.reservations[reservation.id] = reservation
        self.base.history[reservation.id].append(entry)

    def let_go(self, reservations):
        for reservation in reservations:
            self.base.claims[reservation] = (*self.base.claims[reservation][:2], False)

    def is_claimed(self, place, claims, without):
        return any(
            clash(one, other) for reservation, (there, _, is_held) in self.base.claims.items()
            if is_held and there == place and reservation != without
            for one in claims for other in self.base.pieces[reservation]
        )


def by_start(held):
    return held.starts_at, held.first


def clash(one, other):
    """Whether two claims take the same place of a unit in the same instant."""
    shared = max(one.first, other.first) < min(one.beyond or MANY, other.beyond or MANY)
    return shared and one.period.overlaps(other.period)
