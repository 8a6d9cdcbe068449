"""Facilities' unit of work in memory; repository_cases.py holds it and the real one to the same."""

from datetime import UTC, datetime

from services.contracts.commands import SaveFacility
from services.contracts.errors import StaleVersion
from services.contracts.events import PersonChanged
from services.facilities.domain.facility import Facility
from services.facilities.domain.rights import Person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class FakeFacilities:
    def __init__(self):
        self.kept = {}

    def get(self, facility):
        return self.kept.get(facility)

    def all(self):
        return [self.kept[code] for code in sorted(self.kept)]

    def save(self, facility):
        former = self.kept.get(facility.facility)
        if former and former.version != facility.version - 1:
            raise StaleVersion
        self.kept[facility.facility] = facility


class FakePeople:
    def __init__(self):
        self.kept = {}

    def get(self, person):
        told = self.kept.get(person)
        return told and Person(
            person=person, active=told.active, roles=frozenset(told.roles), manages=frozenset(told.manages)
        )

    def keep(self, event):
        former = self.kept.get(event.person)
        if former is None or former.version < event.version:
            self.kept[event.person] = event


class FakeUnitOfWork:
    def __init__(self):
        self.facilities = FakeFacilities()
        self.people = FakePeople()
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
