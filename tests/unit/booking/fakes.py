"""Booking without a database: the same port as storage/, kept in dictionaries.

The cases of repository_cases.py run against this and against PostgreSQL, so that the two stay alike.
"""

from collections import defaultdict
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.booking.domain.calendar import calendar_of
from services.booking.domain.facility import Contended
from services.booking.domain.held import Held
from services.booking.domain.interruption import Interruption
from services.booking.domain.quotas import Use
from services.booking.domain.rights import Person, door_of
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.team import Team
from services.booking.domain.units import SlotHeld
from services.booking.storage.copies import Asking
from services.booking.storage.quotas import COUNTED
from services.booking.storage.quotas import snapshot_of as quota_snapshot
from services.booking.storage.rows import facility_in, quotas_in, snapshot_of
from services.contracts.messaging import encoding
from tests.unit.booking.fake_campaigns import FakeCampaigns
from tests.unit.booking.fake_contention import FakeContention
from tests.unit.booking.fake_replans import FakeReplans
from tests.unit.booking.fake_swaps import FakeSwaps
from tests.unit.booking.fake_waiting import FakeWaitLists

MANY = 10**9


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
        before = deepcopy(vars(self))
        uow = FakeUnitOfWork(self)
        try:
            value = handler(*arguments, uow, now)
        except Exception:
            vars(self).update(before)
            raise
        self.events += uow.events
        return value


class FakeUnitOfWork:
    def __init__(self, base: FakeBase, time_scale=1):
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
    def __init__(self, base: FakeBase):
        self.base = base

    def of(self, reservation):
        return [each for each, _ in self.base.attachments.values() if each.reservation == reservation]

    def add(self, attachment, content):
        assert len(content) == attachment.size
        self.base.attachments[attachment.id] = (attachment, content)

    def remove(self, attachment):
        del self.base.attachments[attachment]


class FakeReservations:
    def __init__(self, base: FakeBase):
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


class FakeSeries:
    def __init__(self, base: FakeBase):
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
    def __init__(self, base: FakeBase):
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


class FakeInterruptions:
    def __init__(self, base: FakeBase):
        self.base = base

    def save_site(self, event):
        keep_newest(self.base.sites, event.site, event)

    def save(self, event):
        keep_newest(self.base.interruptions, event.interruption, event)

    def facilities_at(self, site):
        return sorted(code for code, each in self.base.facilities.items() if each.site == site)

    def told(self, interruption):
        return self.base.interruptions.get(interruption)

    def spread_again(self, facility):
        """Here it is looked up each time."""

    def hits(self, interruption, now):
        told = self.base.interruptions[interruption]
        found = [
            self.base.reservations[reservation] for reservation, (place, period, held) in self.base.claims.items()
            if held and concerns(self.base, told, place) and any(span.overlaps(period) for span in spans_of(told))
        ]
        return [
            {"reservation": each.id, "facility": each.facility, "unit": each.unit, "team": each.team,
             "requester": each.requester, **each.span._asdict()}
            for each in sorted(found, key=lambda each: (each.span, each.id)) if each.span.ends_at > now
        ]


def concerns(base, told, place):
    if told.facility is None:
        return base.facilities[place[0]].site == told.site
    return told.facility == place[0] and told.unit in (None, place[1])


def spans_of(told):
    return tuple(Span(span["starts_at"], span["ends_at"]) for span in told.spans)


def taken_away(base, place):
    return [span for told in base.interruptions.values() if concerns(base, told, place) for span in spans_of(told)]


class FakeCopies:
    def __init__(self, base: FakeBase):
        self.base = base

    def asking(self, actor, team, facility, operator=None):
        found = self.base.teams.get(team)
        projects = {each["code"]: each for each in found.projects} if found else {}
        known = found and Team(team=team, company=found.company, projects=projects)
        members = {member["person"] for member in found.members} if found else set()
        operator, found = operator or actor, next(iter(self.facilities([facility])), None)
        kept = self.base.holders[operator].grants if operator in self.base.holders else ()
        grants = {each["qualification"]: datetime.fromisoformat(each["until"]) for each in kept}
        required = found.qualifications if found else ()
        names = {code: self.base.qualifications[code].names for code in required if code in self.base.qualifications}
        return Asking(self.person(actor), known, found, operator, grants, names, operator in members, self.quotas())

    def quotas(self):
        kept = [quota_snapshot(event) for _, event in sorted(self.base.quotas.items()) if event.active]
        return quotas_in(encoding.dumps(kept).decode())

    def person(self, person):
        found = self.base.persons.get(person)
        return door_of(person) if found is None else replace(self.known(found), absent=tuple(
            self.known(each) for _, each in sorted(self.base.persons.items()) if self.is_away_for(each, person)
        ))

    def known(self, found):
        mine = [(team, each["role"]) for team in self.base.teams.values() for each in team.members
                if each["person"] == found.person]
        return Person(
            person=found.person, name=found.name, active=found.active, roles=frozenset(found.roles),
            manages=frozenset(found.manages), teams=frozenset(team.team for team, _ in mine),
            leads=frozenset(team.team for team, role in mine if role == "lead"),
            colleagues=frozenset(
                other.team for other in self.base.teams.values() for team, _ in mine
                if other.company == team.company and other.team != team.team),
        )

    def is_away_for(self, each, person):
        """As in storage, leave is a matter of the wall clock, not of the handler's."""
        away = each.away
        if not away or not each.active or away["delegate"] != person:
            return False
        starts_at, ends_at = (datetime.fromisoformat(away[name]) for name in ("starts_at", "ends_at"))
        return starts_at <= datetime.now(UTC) < ends_at

    def facilities(self, codes):
        return [self.as_it_is(self.base.facilities[code]) for code in sorted(codes) if code in self.base.facilities]

    def as_it_is(self, facility):
        """With the calendar of its site, what stands in the way, and what is competed for."""
        site = self.base.sites.get(facility.site)
        told = [each for each in self.base.interruptions.values() if any(
            concerns(self.base, each, (facility.code, unit)) for unit in facility.units)]
        contended = tuple(
            Contended(each.unit, each.reservation.whole, each.reservation.decide_by)
            for each in FakeContention(self.base).rivals(facility.code))
        calendar = calendar_of(site.days if site else ())
        return replace(facility, calendar=calendar, contended=contended, interruptions=tuple(
            Interruption(id=each.interruption, kind=each.kind, unit=each.unit, reason=each.reason,
                         spans=spans_of(each), open_end=each.open_end) for each in told))

    def save_person(self, event):
        keep_newest(self.base.persons, event.person, event)

    def save_team(self, event):
        keep_newest(self.base.teams, event.team, event)

    def save_qualification(self, event):
        keep_newest(self.base.qualifications, event.qualification, event)

    def save_holder(self, event):
        keep_newest(self.base.holders, event.holder, event)

    def save_facility(self, event, now):
        if event.no_show_minutes:
            self.base.no_show_since.setdefault(event.facility, now)
        else:
            self.base.no_show_since.pop(event.facility, None)
        facility = facility_in(encoding.dumps(snapshot_of(event)).decode())
        if keep_newest(self.base.facilities, event.facility, facility):
            for place in self.base.units:
                if place[0] == event.facility:
                    self.base.units[place] = place[1] in facility.units
            self.base.units |= {(event.facility, unit): True for unit in facility.units}


class FakeFaults:
    def __init__(self, base: FakeBase):
        self.base = base

    def add(self, fault):
        self.base.faults[fault.fault] = fault

    def locked(self, fault):
        return self.base.faults.get(fault)

    def close(self, fault):
        self.base.faults[fault.fault] = fault


def keep_newest(kept, key, found):
    is_news = key not in kept or kept[key].version <= found.version
    if is_news:
        kept[key] = found
    return is_news


def by_start(held):
    return held.starts_at, held.first


def clash(one, other):
    """Whether two claims take the same place of a unit in the same instant."""
    shared = max(one.first, other.first) < min(one.beyond or MANY, other.beyond or MANY)
    return shared and one.period.overlaps(other.period)


def overlapping(base):
    """Pairs of held claims that take the same place of a unit at an instant: what must never be."""
    held = [(place, piece) for key, (place, _, is_held) in base.claims.items() if is_held for piece in base.pieces[key]]
    return [
        (one, other) for number, one in enumerate(held) for other in held[:number]
        if one[0] == other[0] and clash(one[1], other[1])
    ]
