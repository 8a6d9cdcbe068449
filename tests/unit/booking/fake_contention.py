"""Rivals and draws in memory: the same port as storage/contention.py."""

from dataclasses import replace
from datetime import timedelta

from services.booking.domain.contention.fair_share import REMEMBERED, Past
from services.booking.domain.contention.rivals import party_of
from services.booking.domain.states import State
from services.booking.storage.contention import USED


class FakeContention:
    def __init__(self, base):
        self.base = base

    def lock(self, facility):
        """Nobody else is here."""

    def competing(self):
        return [each for each in self.base.reservations.values() if each.state is State.COMPETING]

    def take_due(self, now):
        due = [each for each in self.competing() if each.decide_by <= now]
        return min(due, key=lambda each: each.decide_by).facility if due else None

    def place_of(self, reservation):
        return next((each.facility for each in self.competing() if each.id == reservation), None)

    def rivals(self, facility, *, locking=True):
        found = [each for each in self.competing() if each.facility == facility and each.id in self.base.contenders]
        return [
            replace(self.base.contenders[each.id], reservation=each) for each in sorted(found, key=lambda one: one.id)
        ]

    def places(self):
        return sorted({each.facility for each in self.competing()})

    def enter(self, contender):
        assert contender.draw is None or (contender.draw, contender.entry) in self.base.draw_entries
        self.base.contenders[contender.reservation.id] = contender

    def past_use(self, kind, now):
        since = now - REMEMBERED
        return [
            Past(self.party(each.team), each.span.starts_at, each.checked_out_at or each.span.ends_at)
            for each in self.base.reservations.values()
            if each.state in USED and self.base.facilities[each.facility].kind == kind
            and each.span.starts_at < now and each.span.ends_at > since
            and each.span.starts_at > since - timedelta(days=366)
        ]

    def parties(self):
        return len({self.party(team) for team in self.base.teams})

    def party(self, team):
        known = self.base.teams.get(team)
        return party_of(known.company if known else "", team)

    def make_draw(self, draw, facility, seed, now):
        self.base.draws[draw] = (facility, seed, now)

    def take_part(self, draw, party):
        numbers = {whose: entry for (each, entry), (whose, *_) in self.base.draw_entries.items() if each == draw}
        if party not in numbers:
            numbers[party] = len(numbers) + 1
            self.base.draw_entries[draw, numbers[party]] = (party, None, None, None)
        return numbers[party]

    def seeds(self, draws):
        return {draw: self.base.draws[draw][1] for draw in draws if draw in self.base.draws}

    def weights_drawn(self, draws):
        return {
            party: weight for (draw, _), (party, weight, *_) in self.base.draw_entries.items()
            if draw in draws and weight is not None
        }

    def keep_drawn(self, tickets):
        for ticket, won in tickets:
            party, _, _, before = self.base.draw_entries[ticket.draw, ticket.entry]
            self.base.draw_entries[ticket.draw, ticket.entry] = (party, ticket.weight, ticket.key, bool(before) or won)
