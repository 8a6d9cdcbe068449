"""Trainings: asking for one, answering, qualifying people in bulk, and what a facility requires."""

import pytest

from services.portal.pages.trainings import end_of
from tests.unit.portal.pages.fake_trainings import WISH


def sent(services, name):
    return [fields for kind, fields in services.trained if kind == name]


@pytest.mark.parametrize(("day", "until"), [
    ("2027-06-30", "2027-07-01T00:00:00+08:00"), (" 2026-12-31 ", "2027-01-01T00:00:00+08:00"),
    ("", None), ("30.6.2027", None), ("1999-01-01", None),
])
def test_a_training_holds_through_its_last_day(day, until):
    ends = end_of(day)
    assert (ends and ends.isoformat()) == until


def test_a_member_asks_once_and_sees_that_it_waits(member, services):
    assert "申请培训" in member.page("/trainings?code=EMC&facility=LAB-3").text
    member.post("/trainings/EMC/ask", {"note": "下周", "facility": "LAB-3"})
    (fields,) = sent(services, "request_training")
    assert (fields["actor"], fields["qualification"], fields["facility"], fields["note"]) == (
        "member01", "EMC", "LAB-3", "下周",
    )
    assert "已申请" in member.page("/trainings").text


def test_a_manager_sees_who_asks_and_qualifies(manager, services):
    text = manager.page("/trainings/holders").text
    assert "李薇" in text
    assert "下周三之前" in text
    manager.post(f"/trainings/wishes/{WISH}/decide", {"decision": "grant", "until": "2027-06-30"})
    assert sent(services, "decide_training")[0]["until"] == "2027-06-30T16:00:00+00:00"


def test_qualifying_needs_a_day(manager, services):
    answer = manager.post(f"/trainings/wishes/{WISH}/decide", {"decision": "grant", "until": ""})
    assert answer.status_code == 422
    assert sent(services, "decide_training") == []


def test_people_are_qualified_in_bulk_each_line_with_a_day_of_its_own_if_need_be(manager, services):
    people = "member01\n member02, 2027-01-31 \nlead01\t2027-02-28\n\nlead02;-\n"
    form = {"qualification": "EMC", "until": "2027-06-30", "people": people}
    assert manager.post("/trainings/holders", form).status_code == 303
    (fields,) = sent(services, "grant_qualifications")
    assert [(line["person"], line["until"]) for line in fields["grants"]] == [
        ("member01", "2027-07-01T00:00:00+08:00"), ("member02", "2027-02-01T00:00:00+08:00"),
        ("lead01", "2027-03-01T00:00:00+08:00"), ("lead02", None),
    ]


def test_a_line_that_cannot_be_read_is_named_and_nothing_is_sent(manager, services):
    answer = manager.post("/trainings/holders", {"qualification": "EMC", "until": "", "people": "a, 2027-01-01\nb"})
    assert answer.status_code == 422
    assert "第 2 行" in answer.text
    assert "member01" in answer.text  # the page is still whole
    assert sent(services, "grant_qualifications") == []


def test_members_see_no_holders(member):
    assert member.get("/trainings/holders").status_code == 403


def test_a_facility_is_told_what_it_requires_and_nothing_else_changes(manager, services):
    before = dict(services.facilities["LAB-3"])
    manager.post("/facilities/LAB-3/edit/trainings", {"qualifications": "EMC", "version": "3"})
    after = services.facilities["LAB-3"]
    assert after["qualifications"] == ["EMC"]
    assert {name for name in before if before[name] != after[name]} == {"qualifications"}
