"""Who is told of what, and what happens to their calendar."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.contracts import events
from services.notify.domain.audience import (
    Invitation,
    Part,
    concerns_anybody,
    invited_after,
    next_in_line,
    recipients,
)
from services.notify.domain.preferences import Preferences
from tests.unit.notify import situations as given


def told(situation):
    return {each.person.person: (each.part.value, each.invitation.value) for each in recipients(situation)}


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (given.requested(), {"manager-labs": ("manager", ""), "manager-en": ("manager", "")}),
        (given.approved(), {"member01": ("team", "REQUEST"), "lead01": ("team", "REQUEST")}),
        (given.approved_automatically(), {"member01": ("team", "REQUEST"), "lead01": ("team", "REQUEST")}),
        (given.moved(), {"member01": ("team", "REQUEST"), "lead01": ("team", "REQUEST")}),
        (
            given.moved_and_waiting(),
            {
                "member01": ("team", "REQUEST"),
                "lead01": ("team", "REQUEST"),
                "manager-labs": ("manager", ""),
                "manager-en": ("manager", ""),
            },
        ),
        (given.rejected(), {"member01": ("team", ""), "lead01": ("team", "")}),
        (
            given.withdrawn(),
            {"member01": ("team", ""), "manager-labs": ("manager", ""), "manager-en": ("manager", "")},
        ),
        (given.cancelled(), {"member01": ("team", "CANCEL"), "lead01": ("team", "CANCEL")}),
        (given.expired(), {"member01": ("team", ""), "lead01": ("team", "")}),
        (given.asked_of_a_lead(), {"lead01": ("lead", "")}),
        (given.forwarded(), {"manager-labs": ("manager", ""), "manager-en": ("manager", "")}),
        (given.escalated(), {"base": ("manager", "")}),
        (given.extended(), {"member01": ("team", "REQUEST"), "lead01": ("team", "REQUEST")}),
        (given.moved_by_base(), {"member01": ("team", "REQUEST"), "lead01": ("team", "REQUEST")}),
        (given.cancelled_by_base(), {"member01": ("team", "CANCEL"), "lead01": ("team", "CANCEL")}),
        (
            given.overrun(),
            {
                "member01": ("team", ""),
                "lead01": ("team", ""),
                "manager-labs": ("manager", ""),
                "manager-en": ("manager", ""),
            },
        ),
        *((each, {"member01": ("team", ""), "lead01": ("team", "")}) for each in (
            given.offered(), given.offer_expired(), given.offer_taken_back())),
        (given.no_show(), {"member01": ("team", ""), "lead01": ("team", "")}),
        (given.starts_soon(), {"member01": ("team", ""), "lead01": ("team", "")}),
    ],
)
def test_who_is_told_and_what_their_calendar_does(situation, expected):
    assert told(situation) == expected


def test_a_request_that_waits_again_takes_no_new_place_in_a_calendar():
    never_approved = replace(given.moved_and_waiting(), invited=frozenset())
    assert told(never_approved)["member01"] == ("team", "")


@pytest.mark.parametrize("ended", [given.rejected, given.withdrawn, given.expired, given.cancelled])
def test_what_ended_leaves_every_calendar_it_was_in(ended):
    former_lead = given.person("lead09", name="旧负责人")
    before = ended()
    situation = replace(before, invited=frozenset({"lead01", "lead09"}), people=before.people | {"lead09": former_lead})
    found = told(situation)
    assert found["lead09"] == ("team", "CANCEL")
    assert found["lead01"] == ("team", "CANCEL"), "also of the one whose click it was"
    assert invited_after(situation, recipients(situation)) == frozenset()


def test_who_has_left_the_team_hears_nothing_of_its_moves():
    former_lead = given.person("lead09")
    before = given.moved()
    situation = replace(before, invited=before.invited | {"lead09"}, people=before.people | {"lead09": former_lead})
    assert "lead09" not in told(situation)
    assert "lead09" in invited_after(situation, recipients(situation)), "the entry is still in their calendar"


def test_inactive_people_hear_nothing():
    gone = replace(given.LEAD, active=False)
    assert "lead01" not in told(given.situation(given.approved().event, people=(gone, given.MEMBER)))


def test_one_person_with_several_parts_is_told_once():
    both = replace(given.LEAD, manages=("LAB-1",))
    found = recipients(
        given.situation(given.moved_and_waiting().event, people=(both, given.MEMBER), invited=("lead01",))
    )
    assert [each.part for each in found if each.person.person == "lead01"] == [Part.TEAM]


def test_nobody_decides_on_their_own_request():
    own = replace(given.MEMBER, manages=("LAB-1",))
    assert "member01" not in told(given.situation(given.requested().event, people=(own, given.LEAD, given.MANAGER)))


def test_a_facility_that_nobody_manages_is_looked_after_by_the_base_managers():
    nobody = (given.LEAD, given.MEMBER, replace(given.MANAGER, active=False), given.BASE_MANAGER)
    assert told(given.situation(given.requested().event, people=nobody)) == {"base": ("manager", "")}


def test_invitations_are_held_by_those_who_got_them():
    no_mail = replace(given.LEAD, email="")
    situation = given.situation(given.approved().event, people=(no_mail, given.MEMBER))
    assert invited_after(situation, recipients(situation)) == {"member01"}


def test_what_is_over_and_what_nobody_hears_of_concerns_nobody():
    assert concerns_anybody(given.approved().event, given.NOW)
    assert not concerns_anybody(given.over().event, given.NOW)
    for kind in (events.ReservationStarted, events.ReservationFinished):
        assert not concerns_anybody(given.step(kind, "in_use"), given.NOW)


def test_how_time_was_used_concerns_people_for_a_day_after_its_end():
    event = given.no_show().event
    assert concerns_anybody(event, event.ends_at + timedelta(hours=23))
    assert not concerns_anybody(event, event.ends_at + timedelta(hours=25))


def test_a_step_that_was_taken_for_a_series_is_not_told_singly():
    assert not concerns_anybody(replace(given.approved().event, series="s-1", of_series=True), given.NOW)
    assert concerns_anybody(replace(given.approved().event, series="s-1"), given.NOW)


def test_an_empty_invitation_is_false():
    assert not Invitation.NONE


def test_who_is_on_leave_is_stood_in_for():
    leave = {"delegate": "base", "starts_at": "2026-03-01T00:00:00+00:00", "ends_at": "2026-03-10T00:00:00+00:00"}
    away = replace(given.MANAGER, away=leave)
    people = (given.LEAD, given.MEMBER, away, given.BASE_MANAGER)
    assert told(given.situation(given.requested().event, people=people)) == {"base": ("manager", "")}
    back = replace(given.situation(given.requested().event, people=people), at=given.NOW + timedelta(days=30))
    assert set(told(back)) == {"manager-labs"}


def test_a_delegate_who_asked_for_it_does_not_stand_in():
    leave = {"delegate": "member01", "starts_at": "2026-03-01T00:00:00+00:00", "ends_at": "2026-03-10T00:00:00+00:00"}
    people = (given.LEAD, given.MEMBER, replace(given.MANAGER, away=leave))
    assert set(told(given.situation(given.requested().event, people=people))) == {"manager-labs"}


def test_what_is_critical_for_the_team_is_a_request_for_its_managers():
    event = replace(given.moved_and_waiting().event, actor="base")
    found = recipients(given.situation(event, invited=("lead01", "member01")))
    assert {each.part: each.category for each in found} == {Part.TEAM: "urgent", Part.MANAGER: "requests"}
    assert {each.critical for each in found if each.part is Part.TEAM} == {True}


def test_who_reads_digests_is_invited_to_nothing_new_but_keeps_what_they_have():
    reader = replace(given.LEAD, preferences=Preferences(digest="daily"))
    people = (reader, given.MEMBER)
    assert told(given.situation(given.approved().event, people=people))["lead01"] == ("team", "")
    held = given.situation(given.moved().event, people=people, invited=("lead01",))
    assert told(held)["lead01"] == ("team", "REQUEST")


def test_the_next_team_hears_of_an_overrun_once_and_not_who_it_is():
    """A lead of both teams is told as of the one that must go."""
    own = given.overrun()
    following = replace(given.overrun_before(), team=replace(given.TEAM, leads=("lead01", "lead02")))
    following = replace(following, people=following.people | {"lead02": given.person("lead02")})
    assert [each.person.person for each in next_in_line(own, following)] == ["lead02"]
