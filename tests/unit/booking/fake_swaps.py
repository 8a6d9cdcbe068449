"""Asks between teams without a database; a part of fakes.py."""

from services.booking.domain.swapping import AskState, has_changed


class FakeSwaps:
    def __init__(self, base, person):
        self.base = base
        self.person = person

    def add(self, ask):
        assert not any((each.holder, each.team) == (ask.holder, ask.team) for each in self.open())
        self.base.asks[ask.id] = ask

    def change(self, ask):
        self.base.asks[ask.id] = ask

    def locked(self, ask, actor):
        found = self.base.asks.get(ask)
        return (found, self.person(actor)) if found else (None, None)

    def holding(self, facility, unit, starts_at):
        return sorted(
            each.id for each in self.base.reservations.values()
            if each.is_held and (each.facility, each.unit, each.span.starts_at) == (facility, unit, starts_at)
        )

    def open(self):
        return [each for each in self.base.asks.values() if each.state is AskState.ASKED]

    def open_of(self, team):
        return sorted((each for each in self.open() if each.team == team), key=lambda each: each.asked_at)

    def lately(self, ask, since):
        return sum(
            each.holder == ask.holder and each.asked_at > since
            and (each.team == ask.team or each.requester == ask.requester) for each in self.base.asks.values()
        )

    def lapsed(self, now, limit):
        found = self.base.reservations.get
        over = [
            each for each in self.open()
            if each.expires_at <= now or has_changed(each, found(each.holder), found(each.reservation))
        ]
        return sorted(over, key=lambda each: each.expires_at)[:limit]
