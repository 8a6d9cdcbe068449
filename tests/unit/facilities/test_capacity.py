"""Families, changeovers, sharing and places of a facility: what makes sense, and what is told when it does not."""

import pytest

from services.contracts.errors import InvalidInput
from services.facilities import handlers
from tests.unit.facilities.fakes import NOW, a_base, save

NAMES = {"zh-Hans": "甲", "en": "A"}
FAMILIES = [{"code": code, "names": NAMES} for code in ("board", "module")]


def a_step(former, following, minutes):
    return {"former": former, "next": following, "minutes": minutes}


def give(**fields):
    uow = a_base()
    handlers.save_facility(save("admin", facility="LINE-3", **fields), uow, NOW)
    return uow.events[0]


def test_a_line_with_its_matrix_is_told():
    told = give(families=FAMILIES, changeover=[a_step("board", "module", 120), a_step("module", "board", 60)])
    assert [each["minutes"] for each in told.changeover] == [120, 60]


def test_shared_chambers_are_told():
    units = [{"code": "A", "names": NAMES, "places": 4}]
    told = give(units=units, sharing={"temperature_within": 5, "ramp_within": 2, "contamination": [["clean"]]})
    assert told.units == units
    assert told.sharing["temperature_within"] == 5


@pytest.mark.parametrize(("fields", "errors"), [
    ({"families": [*FAMILIES, FAMILIES[0]]}, {"families.2.code": ["duplicate"]}),
    ({"families": [{"code": "x", "names": {"en": "X"}}]}, {"families.0.names.zh-Hans": ["required"]}),
    ({"families": [{"code": "x"}]}, {"families.0.names": ["required"]}),
    ({"families": [{"code": str(number), "names": NAMES} for number in range(51)]}, {"families": ["too_many"]}),
    ({"families": FAMILIES, "changeover": [a_step("board", "tile", 5)]}, {"changeover.0.next": ["unknown_family"]}),
    ({"families": FAMILIES, "changeover": [a_step("board", "module", 5)] * 2}, {"changeover.1": ["duplicate"]}),
    ({"families": FAMILIES, "changeover": [a_step("board", "module", 1441)]}, {
        "changeover.0.minutes": ["out_of_range"]}),
    ({"sharing": {"temperature_within": "5"}}, {"sharing.temperature_within": ["not_a_number"]}),
    ({"sharing": {"humidity": 5}}, {"sharing.humidity": ["unknown_field"]}),
    ({"units": [{"code": "A", "names": NAMES, "places": 0}]}, {"units.0.places": ["out_of_range"]}),
])
def test_what_is_wrong_is_named(fields, errors):
    with pytest.raises(InvalidInput) as refused:
        give(**fields)
    assert refused.value.facts["errors"] == errors
