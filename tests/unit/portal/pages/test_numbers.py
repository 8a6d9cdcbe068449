"""Numbers as they were typed: what is none or beyond all sense never breaks a page."""

import pytest

from services.portal.pages.numbers import number, whole
from tests.unit.portal.examples import RESERVATION


@pytest.mark.parametrize(("text", "found"), [
    ("", 7), ("0", 0), ("12", 12), ("-1", 7), ("1.5", 7), ("²", 7), ("1" * 9, 111_111_111), ("1" * 10, 7),
    ("9" * 5000, 7),
])
def test_a_whole_number_or_what_is_taken_instead(text, found):
    assert whole(text, 7) == found


@pytest.mark.parametrize(("text", "found"), [
    ("", ""), ("12", 12), ("-40", -40), ("--4", "--4"), ("warm", "warm"), ("9" * 20, "9" * 20),
])
def test_what_cannot_be_read_is_left_for_the_service(text, found):
    assert number(text) == found


@pytest.mark.parametrize("version", ["9" * 20, "9" * 5000, "x", ""])
def test_a_version_that_is_none_is_no_failure(manager, services, version):
    answer = manager.post(f"/contention/{RESERVATION}/allocate", {"version": version, "reason": "so"})
    assert answer.status_code == 303
    assert services.commands[-1].version == 1


@pytest.mark.parametrize("minutes", ["9" * 20, "9" * 5000])
def test_nor_is_a_length(member, minutes):
    assert member.get(f"/find?place=LAB-3&minutes={minutes}").status_code == 200
