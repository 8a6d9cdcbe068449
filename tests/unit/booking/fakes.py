"""Booking without a database: the same port as storage/, kept in dictionaries.

The cases of repository_cases.py and its neighbours run against this and against PostgreSQL, so that the two stay alike.
"""

from collections import defaultdict

from services.booking.domain.quotas import Use
from services.booking.storage.quotas import COUNTED
from tests.unit.booking.fake_campaigns import FakeCampaigns
from tests.unit.booking.fake_contention import FakeContention
from tests.unit.booking.fake_copies import FakeCopies, FakeInterruptions, keep_newest
from tests.unit.booking.fake_replans import FakeReplans
from tests.unit.booking.fake_reservations import FakeReservations, clash
from tests.unit.booking.fake_swaps import FakeSwaps
from tests.unit.booking.fake_waiting import FakeWaitLists


class FakeBase:
    """What would be in the tables."""

    def __init__(self):
        self.persons, self.teams, self.facilities, self.units = {}, {}, {}, {}
        self.sites, self.interruptions, self.attachments = {}, {}, {}
        self.reservations, self.claims, self.pieces = {}, {}, {}
        self.history, self.series = defaultdict(list), {}
        self.qualifications, self.holders, self.campaigns = {}, {}, {}
        self.no_show_since, self.pins, self.pin_tries, self.faults = {}, {}, defaultdict(int), {}
        self.quotas, self.warnings = {}, set()
        self.wait_entries, self.freed = {}, []
        self.asks = {}
        self.replans, self.displacements = {}, {}
        self.contenders, self.draws, self.draw_entries = {}, {}, {}
        self.events = []

    def run(self, handler, *arguments, now):
        """One transaction: all of it, or nothing when it raises."""
        before = self.as_it_is()
        uow = FakeUnitOfWork(self)
        try:
            value = handler(*arguments, uow, now)
        except Exception:
            vars(self).update(before)
            raise
        self.events += uow.events
        return value

    def copy(self):
        """Another one, in which something can be tried."""
        other = FakeBase()
        vars(other).update(self.as_it_is())
        return other

    def as_it_is(self):
        """What is kept is frozen, so that only what holds it is copied."""
        return {name: copied(kept) for name, kept in vars(self).items()}


def copied(kept):
    if not isinstance(kept, dict):
        return kept.copy()
    copy = kept.copy()
    copy |= {key: each.copy() for key, each in kept.items() if isinstance(each, list)}
    return copy


class FakeUnitOfWork:
    def __init__(self, base, time_scale=1):
        self.events = []
        self.time_scale = time_scale
        self.replans = FakeReplans(base)
        self.reservations = FakeReservations(base)
        self.series = FakeSeries(base)
        self.copies = FakeCopies(base)
        self.campaigns = FakeCampaigns(base, self.copies)
        self.interruptions = FakeInterruptions(base)
        self.faults = FakeFaults(base)
        self.attachments = FakeAttachments(base)
        self.quotas = FakeQuotas(base)
        self.contention = FakeContention(base)
        self.swaps = FakeSwaps(base, self.copies.person)
        self.waiting = FakeWaitLists(base, FakeCopies(base))

    def note(self, chain, **told):
        """Only for the audit trail."""

    def record(self, event):
        self.events.append(event)


class FakeAttachments:
    def __init__(self, base):
        self.base = base

    def of(self, reservation):
        return [each for each, _ in self.base.attachments.values() if each.reservation == reservation]

    def add(self, attachment, content):
        assert len(content) == attachment.size
        self.base.attachments[attachment.id] = (attachment, content)

    def remove(self, attachment):
        del self.base.attachments[attachment]


class FakeSeries:
    def __init__(self, base):
        self.base = base

    def add(self, series):
        assert series.id not in self.base.series
        self.base.series[series.id] = series

    def change(self, series):
        self.base.series[series.id] = series

    def locked(self, series, actor):
        found = self.base.series.get(series)
        return (found, FakeCopies(self.base).person(actor)) if found else (None, None)

    def members_locked(self, series):
        found = [each for each in self.base.reservations.values() if each.series == series]
        return sorted(found, key=lambda each: (each.series_date, each.span))


class FakeQuotas:
    def __init__(self, base):
        self.base = base

    def save(self, event):
        keep_newest(self.base.quotas, event.quota, event)

    def uses(self, subjects, since, now, without=(), *, locking):
        uses = [self.use_of(each, now) for each in self.base.reservations.values() if each.id not in without]
        counted = [use for use in uses if use and use.ends_at > since]
        return [use for use in counted if any(getattr(use, scope) == who for scope, who in subjects.items())]

    def use_of(self, made, now):
        if made.state not in COUNTED:
            return None
        kind, company = self.base.facilities[made.facility].kind, self.base.teams[made.team].company
        is_open = made.is_held and made.span.ends_at > now
        return Use(*made.span, kind, is_open, company, made.team, made.requester, made.project)

    def hold(self, subjects):
        """Nobody else is here."""

    def warn(self, quota, subject, starts_at):
        is_first = (quota, subject, starts_at) not in self.base.warnings
        self.base.warnings.add((quota, subject, starts_at))
        return is_first


class FakeFaults:
    def __init__(self, base):
        self.base = base

    def add(self, fault):
        self.base.faults[fault.fault] = fault

    def locked(self, fault):
        return self.base.faults.get(fault)

    def close(self, fault):
        self.base.faults[fault.fault] = fault


def overlapping(base):
    """Pairs of held claims that take the same place of a unit at an instant: what must never be."""
    held = [(place, piece) for key, (place, _, is_held) in base.claims.items() if is_held for piece in base.pieces[key]]
    return [
        (one, other) for number, one in enumerate(held) for other in held[:number]
        if one[0] == other[0] and clash(one[1], other[1])
    ]
