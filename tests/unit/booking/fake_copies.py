"""What booking has heard from the other services, in dictionaries: who people are, what exists, what is out of use."""

from dataclasses import replace
from datetime import UTC, datetime

from services.booking.domain.calendar import calendar_of
from services.booking.domain.facility import Contended
from services.booking.domain.interruption import Interruption
from services.booking.domain.rights import Person, door_of
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.team import Team
from services.booking.storage.copies import Asking
from services.booking.storage.quotas import snapshot_of as quota_snapshot
from services.booking.storage.rows import facility_in, quotas_in, snapshot_of
from services.contracts.messaging import encoding
from tests.unit.booking.fake_contention import FakeContention


class FakeInterruptions:
    def __init__(self, base):
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
            for each in sorted(found, key=lambda each: (each.span, each.id))
            if each.span.ends_at > now and each.state is not State.OFFERED
        ]

    def hitting(self, reservation):
        place, period, is_held = self.base.claims[reservation]
        found = [
            (span.ends_at, {"kind": told.kind, "reason": dict(told.reason)})
            for told in self.base.interruptions.values() if is_held and concerns(self.base, told, place)
            for span in spans_of(told) if span.overlaps(period)
        ]
        return max(found, key=lambda pair: pair[0])[1] if found else None


def concerns(base, told, place):
    if told.facility is None:
        return base.facilities[place[0]].site == told.site
    return told.facility == place[0] and told.unit in (None, place[1])


def spans_of(told):
    return tuple(Span(span["starts_at"], span["ends_at"]) for span in told.spans)


def taken_away(base, place):
    return [span for told in base.interruptions.values() if concerns(base, told, place) for span in spans_of(told)]


class FakeCopies:
    def __init__(self, base):
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
        return Asking(
            self.person(actor), known, found, operator, grants, names, operator in members, self.quotas(found))

    def quotas(self, facility):
        kept = [quota_snapshot(event) for _, event in sorted(self.base.quotas.items()) if event.active]
        site = facility and self.base.sites.get(facility.site)
        return quotas_in(encoding.dumps(kept).decode(), encoding.dumps(site.days).decode() if site else None)

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


def keep_newest(kept, key, found):
    is_news = key not in kept or kept[key].version <= found.version
    if is_news:
        kept[key] = found
    return is_news
