"""The catalogue as data: complete, in both languages, and sound under the service's own rules."""

from pathlib import Path

import pytest
import yaml

from services.contracts import schemas
from services.contracts.commands import SaveFacility
from services.facilities import handlers
from services.facilities.domain.facility import Facility

BASE = Path(__file__).parents[3] / "deploy" / "base"
ENTRIES = yaml.safe_load((BASE / "facilities.yaml").read_text(encoding="utf-8"))["facilities"]
CODES = [entry["facility"] for entry in ENTRIES]

each = pytest.mark.parametrize("entry", ENTRIES, ids=CODES)


def facility_of(entry):
    message = schemas.load(SaveFacility, entry | {"actor": "operator", "request_key": "k"})
    return handlers.revised(Facility(facility=message.facility), message)


def test_the_base_has_its_lines_labs_and_platforms():
    kinds = [entry["kind"] for entry in ENTRIES]
    assert {kind: kinds.count(kind) for kind in kinds} == {"line": 2, "lab": 9, "platform": 12}
    expected = ["LINE-1", "LINE-2", *(f"LAB-{n}" for n in range(1, 10)), *(f"PLAT-{n:02}" for n in range(1, 13))]
    assert expected == CODES


@each
def test_the_rules_hold(entry):
    assert facility_of(entry).version == 1


@each
def test_texts_say_something_in_both_languages(entry):
    for texts in (entry["names"], entry["descriptions"]):
        assert any("一" <= letter <= "鿿" for letter in texts["zh-Hans"])
        assert not any("一" <= letter <= "鿿" for letter in texts["en"])
    assert len(entry["descriptions"]["zh-Hans"]) > 60
    assert entry["location"]


@each
def test_equivalents_exist_and_are_others(entry):
    assert set(entry["equivalents"]) <= set(CODES) - {entry["facility"]}


@each
def test_the_longest_time_fits_between_opening_and_closing(entry):
    hours = entry["opening_hours"]
    if all(day == [[0, 1440]] for day in hours):
        return
    assert entry["longest_minutes"] <= max(closes - opens for day in hours for opens, closes in day)


@each
def test_opening_lies_on_the_grid(entry):
    minutes = [minute for day in entry["opening_hours"] for pair in day for minute in pair]
    assert not any(minute % entry["granularity_minutes"] for minute in minutes)


def test_what_the_source_says_of_the_ageing_lab():
    ageing = facility_of(ENTRIES[CODES.index("LAB-1")])
    assert len(ageing.units) == 4
    assert ageing.opening_hours == [[[0, 1440]]] * 7
    assert ageing.longest_minutes == 1000 * 60


def test_about_a_third_is_granted_at_once():
    automatic = sum(entry["approval"] == "automatic" for entry in ENTRIES)
    assert 6 <= automatic <= 9
