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


@pytest.mark.parametrize(("address", "name"), [
    ("/facilities/LAB-3/edit/use", "version"), ("/facilities/LAB-3/edit/requests", "version"),
    ("/facilities/LAB-3/edit/changeover", "version"), ("/facilities/LAB-3/edit/approval", "decision_hours"),
])
@pytest.mark.parametrize("text", ["9" * 20, "9" * 5000, "-1", "1.5"])
def test_a_manager_reads_that_a_number_is_none(manager, address, name, text):
    assert manager.post(address, {name: text}).status_code == 422


@pytest.mark.parametrize("limit", ["9" * 20, "9" * 5000, "1e9999", "nan"])
def test_a_limit_beyond_all_sense_is_marked(admin, limit):
    assert admin.post("/quotas/save", {"scope": "team", "per": "week", "limit": limit}).status_code == 422


@pytest.mark.parametrize("minutes", ["9" * 20, "9" * 5000])
def test_nor_is_a_length(member, minutes):
    assert member.get(f"/find?place=LAB-3&minutes={minutes}").status_code == 200
