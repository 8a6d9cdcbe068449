"""The catalogue as data: whole, compared, all or nothing, and through the same doors as everything else."""

import pytest

from services.contracts.commands import ImportCatalogue
from services.contracts.errors import InvalidInput, NotAllowed
from services.facilities import handlers
from tests.unit.facilities.fakes import NOW, a_base, a_facility_entry

NAMES = {"zh-Hans": "二号基地", "en": "Second base"}
SECOND = {
    "sites": [{"site": "EAST", "names": NAMES}],
    "calendar": [{"site": "EAST", "year": 2027, "days": [
        {"date": "2027-01-01", "kind": "holiday", "names": {"zh-Hans": "元旦", "en": "New Year"}},
    ]}],
    "qualifications": [{"qualification": "ESD", "names": {"zh-Hans": "静电防护", "en": "ESD"}}],
    "facilities": [a_facility_entry(facility="EAST-1", site="EAST", qualifications=["ESD"])],
}


@pytest.fixture
def uow():
    return a_base()


def read(uow, catalogue, actor="admin"):
    message = ImportCatalogue(actor=actor, request_key="k", catalogue=catalogue)
    return handlers.import_catalogue(message, uow, NOW)["changes"]


def test_a_second_base_comes_with_its_calendar_trainings_and_facilities_without_any_code(uow):
    changes = read(uow, SECOND)
    assert [(each["section"], each["code"], each["new"]) for each in changes] == [
        ("sites", "EAST", True), ("calendar", "EAST 2027", True), ("qualifications", "ESD", True),
        ("facilities", "EAST-1", True),
    ]
    assert uow.facilities.get("EAST-1").site == "EAST"
    assert {fact.aggregate_type for fact in uow.events} == {"site", "qualification", "facility"}


def test_what_was_exported_is_read_and_changes_nothing(uow):
    read(uow, SECOND)
    uow.events.clear()
    exported = handlers.export(uow)
    assert set(exported) == set(handlers.SECTIONS)
    assert read(uow, exported) == []
    assert uow.events == []


def test_a_change_is_told_field_by_field(uow):
    (change,) = read(uow, {"facilities": [a_facility_entry(location="2 楼", no_show_minutes=30)]})
    assert change == {
        "section": "facilities", "code": "LAB-1", "new": False,
        "fields": {"location": ["", "2 楼"], "no_show_minutes": [0, 30]},
    }


def test_everything_that_is_wrong_is_told_by_its_place(uow):
    with pytest.raises(InvalidInput) as refused:
        read(uow, {
            "qualifications": [{"qualification": "ESD", "names": {"en": "ESD"}}],
            "facilities": [a_facility_entry(units=[]), a_facility_entry(facility="LAB-2", colour="red", kind="shed")],
        })
    assert refused.value.facts["errors"] == {
        "qualifications.0.names.zh-Hans": ["required"], "facilities.0.units": ["required"],
        "facilities.1.colour": ["unknown_field"], "facilities.1.kind": ["unknown_choice"],
    }


@pytest.mark.parametrize(("catalogue", "errors"), [
    ({"rooms": []}, {"rooms": ["unknown_field"]}),
    ({"facilities": "all"}, {"facilities": ["not_a_list"]}),
    ({"facilities": ["LAB-1"]}, {"facilities": ["not_a_list"]}),
    ({"facilities": [{}] * 5001}, {"facilities": ["too_many"]}),
])
def test_what_is_no_catalogue_is_refused(uow, catalogue, errors):
    with pytest.raises(InvalidInput) as refused:
        read(uow, catalogue)
    assert refused.value.facts["errors"] == errors


def test_an_empty_section_is_fine(uow):
    assert read(uow, {"facilities": None, "sites": []}) == []


@pytest.mark.parametrize("actor", ["keeper", "member", "gone", "nobody"])
def test_only_base_management_imports(uow, actor):
    with pytest.raises(NotAllowed):
        read(uow, {}, actor)
