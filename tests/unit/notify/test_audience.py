"""Who is told of what, and what happens to their calendar."""

from dataclasses import replace

import pytest

from services.contracts import events
from services.notify.domain.audience import (
    Invitation,
    Part,
    concerns_anybody,
    invited_after,
    recipients,
)
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
    for kind in (events.ReservationStarted, events.ReservationFinished, events.ReservationNoShow):
        assert not concerns_anybody(given.step(kind, "in_use"), given.NOW)


def test_an_empty_invitation_is_false():
    assert not Invitation.NONE
