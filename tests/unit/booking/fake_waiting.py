"""The wait lists without a database."""

from services.booking.domain.states import State
from services.booking.domain.waiting import OPEN, EntryState


class FakeWaitLists:
    def __init__(self, base, copies):
        self.base, self.copies = base, copies

    def add(self, entry):
        assert entry.id not in self.base.wait_entries
        self.base.wait_entries[entry.id] = entry

    def change(self, entry):
        assert self.base.wait_entries[entry.id].version == entry.version - 1
        self.base.wait_entries[entry.id] = entry

    def locked(self, entry, actor):
        found = self.base.wait_entries.get(entry)
        return (found, self.copies.person(actor)) if found else (None, None)

    def of_offer(self, reservation):
        return next((each for each in self.base.wait_entries.values() if each.reservation == reservation), None)

    def waiting(self, facility, limit):
        found = [each for each in self.base.wait_entries.values() if each.state is EntryState.WAITING]
        return sorted((each for each in found if each.facility == facility), key=lambda each: each.order)[:limit]

    def listed(self, facility, limit):
        return self.waiting(facility, limit)

    def open_of(self, team):
        found = [each for each in self.base.wait_entries.values() if each.team == team and each.state in OPEN]
        return sorted(found, key=lambda each: (each.joined_at, each.id))

    def unanswered(self, now, limit):
        found = [each for each in self.base.reservations.values() if each.state is State.OFFERED]
        return sorted((each for each in found if each.decide_by <= now), key=lambda each: each.decide_by)[:limit]

    def offered(self, facility):
        found = [each for each in self.base.reservations.values() if each.state is State.OFFERED]
        return sorted((each for each in found if each.facility == facility), key=lambda each: each.id)

    def free(self, facility, due):
        self.base.freed.append((due, facility))

    def free_all(self, due, site=None):
        there = {each.facility for each in self.base.wait_entries.values() if each.state in OPEN}
        self.base.freed += [
            (due, code) for code in sorted(there) if site is None or self.base.facilities[code].site == site]

    def take_freed(self, now):
        _, facility = min((each for each in self.base.freed if each[0] <= now), default=(None, None))
        self.base.freed = [each for each in self.base.freed if each[0] > now or each[1] != facility]
        return facility

    def look_again(self, facility, now, due):
        self.base.freed = [each for each in self.base.freed if each[0] <= now or each[1] != facility]
        self.free(facility, due)
