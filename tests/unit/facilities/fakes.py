"""Facilities' unit of work in memory; repository_cases.py holds it and the real one to the same."""

from datetime import UTC, datetime

from services.contracts.commands import SaveFacility
from services.contracts.errors import StaleVersion
from services.contracts.events import PersonChanged
from services.facilities.domain.facility import Facility
from services.facilities.domain.interruption import HORIZON, NEAR, TOP_UP
from services.facilities.domain.qualifications import warning_due
from services.facilities.domain.rights import Person
from services.facilities.domain.site import Site

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class FakeFacilities:
    def __init__(self):
        self.kept = {}

    def get(self, facility):
        return self.kept.get(facility)

    def all(self):
        return [self.kept[code] for code in sorted(self.kept)]

    def requiring(self, qualification):
        return {code for code, each in self.kept.items() if qualification in each.qualifications}

    def save(self, facility):
        save_next(self.kept, facility.facility, facility)


class FakeQualifications:
    def __init__(self):
        self.kept = {}

    def get(self, qualification):
        return self.kept.get(qualification)

    def codes(self):
        return [each.qualification for each in self.all() if each.active]

    def all(self):
        return [self.kept[code] for code in sorted(self.kept)]

    def save(self, qualification):
        save_next(self.kept, qualification.qualification, qualification)


class FakeHolders:
    def __init__(self, qualifications):
        self.kept, self.told, self.qualifications = {}, {}, qualifications

    def get(self, person):
        return self.kept.get(person)

    def all(self):
        return [self.kept[person] for person in sorted(self.kept)]

    def save(self, holder):
        former = self.kept.get(holder.holder)
        for code, until in holder.grants.items():
            if former is None or former.grants.get(code) != until:
                self.told.pop((holder.holder, code), None)
        save_next(self.kept, holder.holder, holder)

    def due_for_warning(self, now, limit):
        found = [
            (person, self.qualifications.get(code), until, self.told.get((person, code)))
            for person, holder in self.kept.items() for code, until in holder.grants.items()
        ]
        due = [each for each in found if each[1].active and warning_due(each[2], each[3], now) is not None]
        return sorted(due, key=lambda each: each[2])[:limit]

    def warned(self, person, qualification, days):
        self.told[person, qualification] = days


class FakeTrainings:
    def __init__(self):
        self.kept = {}

    def get(self, training):
        return self.kept.get(training)

    def waiting(self, person, qualification):
        wanted = (person, qualification, "requested")
        found = (each for each in self.kept.values() if (each.person, each.qualification, each.state) == wanted)
        return next(found, None)

    def save(self, training, now):
        save_next(self.kept, training.training, training)


def save_next(kept, key, value):
    """A version is only written on top of the one before."""
    if key in kept and kept[key].version != value.version - 1:
        raise StaleVersion
    kept[key] = value


class FakePeople:
    def __init__(self):
        self.kept = {}

    def get(self, person):
        told = self.kept.get(person)
        return told and Person(
            person=person, active=told.active, roles=frozenset(told.roles), manages=frozenset(told.manages)
        )

    def known(self, people):
        return people & set(self.kept)

    def keep(self, event):
        former = self.kept.get(event.person)
        if former is None or former.version < event.version:
            self.kept[event.person] = event


class FakeSites:
    """BASE is there from the start, as the first revision makes it."""

    def __init__(self):
        self.kept = {"BASE": Site(site="BASE", names={"zh-Hans": "中试基地", "en": "Pilot base"}, version=1)}
        self.years = []

    def get(self, site):
        return self.kept.get(site)

    def all(self):
        return [self.kept[code] for code in sorted(self.kept)]

    def knows(self, site):
        return site in self.kept

    def save(self, site):
        if site.site in self.kept and self.kept[site.site].version != site.version - 1:
            raise StaleVersion
        self.kept[site.site] = site

    def add_year(self, site, year, actor, at):
        self.years.append((site, year, actor))


class FakeInterruptions:
    def __init__(self):
        self.kept = {}

    def get(self, interruption):
        return self.kept.get(interruption)

    def all(self):
        return [self.kept[code] for code in sorted(self.kept)]

    def save(self, interruption):
        former = self.kept.get(interruption.interruption)
        if former and interruption.version - former.version not in (0, 1):
            raise StaleVersion
        self.kept[interruption.interruption] = interruption

    def to_move_on(self, now, limit):
        near = [each for each in self.all() if each.open_end and each.spans[-1].ends_at <= now + NEAR]
        return near[:limit]

    def to_top_up(self, now, limit):
        return [each for each in self.all() if each.rule and each.known_until <= now + HORIZON - TOP_UP][:limit]


class FakeQuotas:
    def __init__(self):
        self.kept = {}

    def get(self, quota):
        return self.kept.get(quota)

    def all(self):
        return [self.kept[code] for code in sorted(self.kept)]

    def save(self, quota):
        former = self.kept.get(quota.quota)
        if former and former.version != quota.version - 1:
            raise StaleVersion
        self.kept[quota.quota] = quota


class FakeUnitOfWork:
    def __init__(self):
        self.sites = FakeSites()
        self.interruptions = FakeInterruptions()
        self.facilities = FakeFacilities()
        self.people = FakePeople()
        self.qualifications = FakeQualifications()
        self.holders = FakeHolders(self.qualifications)
        self.trainings = FakeTrainings()
        self.quotas = FakeQuotas()
        self.events = []

    def record(self, event):
        self.events.append(event)

    def person(self, person):
        return self.people.get(person)


def a_person(person="admin", roles=(), manages=(), **fields):
    known = {"name": person, "email": f"{person}@example.com", "language": "zh-Hans", "active": True, "version": 1}
    return PersonChanged(person=person, roles=list(roles), manages=list(manages), **known | fields)


def a_facility_entry(**fields):
    """The fields of SaveFacility as they come from a file or a form."""
    return {
        "facility": "LAB-1",
        "kind": "lab",
        "names": {"zh-Hans": "高低温老化实验室", "en": "Ageing lab"},
        "descriptions": {"zh-Hans": "高低温循环与长时间老化。", "en": "Temperature cycling and long ageing runs."},
        "units": [{"code": "A", "names": {"zh-Hans": "一号箱", "en": "Chamber 1"}}],
        "opening_hours": [[[480, 1320]]] * 5 + [[[510, 720], [780, 1080]], []],
        "granularity_minutes": 30,
        "shortest_minutes": 60,
        "longest_minutes": 480,
        "equivalents": ["LAB-2"],
    } | fields


def save(actor="admin", **fields):
    return SaveFacility(actor=actor, request_key="k", **a_facility_entry(**fields))


def a_facility(**fields):
    return Facility(facility=fields.get("facility", "LAB-1"), version=fields.pop("version", 0)).revised(save(**fields))


def a_base():
    """An admin, a manager of LAB-1, a manager of nothing any more, a member, and LAB-1 itself."""
    uow = FakeUnitOfWork()
    for told in (
        a_person("admin", ["admin"]),
        a_person("keeper", ["facility_manager"], ["LAB-1", "LAB-9"]),
        a_person("former", [], ["LAB-1"]),
        a_person("gone", ["admin"], active=False),
        a_person("chief", ["base_manager"]),
        a_person("member"),
    ):
        uow.people.keep(told)
    uow.facilities.save(a_facility())
    return uow
