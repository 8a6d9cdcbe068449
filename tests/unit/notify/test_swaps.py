"""Asks between teams: who hears of what, and that it names nobody of the other side."""

from dataclasses import replace

import pytest

from services.contracts import events
from services.notify.domain import swaps
from services.notify.domain.audience import Invitation, Part, recipients
from services.notify.domain.steps import Category
from services.notify.domain.webhooks import FACTS, Webhook, deliveries
from services.notify.samples import swaps as examples
from services.notify.samples.scene import PEOPLE
from services.notify.samples.steps import swapped, swapped_and_waiting
from tests.unit.notify.situations import CAUSE, LAB, NOW, TEAM


def names(told):
    return [[each.person.person for each in who] for _, who in told]


def test_the_holder_s_requester_and_leads_are_asked_on_every_channel_that_they_chose():
    for make in (examples.swap_asked, examples.give_way_asked):
        [(notice, told)] = make()
        assert [each.person.person for each in told] == ["member01", "lead01"]
        assert {each.category for each in told} == {Category.OFFERS}
        assert (notice.step.name, notice.reservation) == ("swap_asked", None)


def test_nobody_is_asked_when_it_is_too_late():
    [(notice, _)] = examples.swap_asked()
    assert swaps.of_ask(notice.details["event"], TEAM, {"LAB-1": LAB}, PEOPLE, notice.expires_at) == []


@pytest.mark.parametrize(("kind", "state", "made", "told"), [
    ("swap", "declined", None, [["member01"]]),
    ("give_way", "lapsed", None, [["member01"]]),
    ("give_way", "accepted", "requested", [["member01"]]),
    ("give_way", "accepted", "approved", []),
    ("swap", "accepted", "requested", []),
    ("swap", "withdrawn", None, []),
])
def test_who_asked_hears_what_no_step_of_a_reservation_tells(kind, state, made, told):
    assert names(examples.answered(kind, state, PEOPLE, reservation_state=made)) == told


def test_both_sides_keep_the_new_time_in_the_calendar():
    told = recipients(swapped())
    assert {(each.person.person, each.invitation) for each in told} == {
        ("lead01", Invitation.REQUEST), ("member01", Invitation.REQUEST)}


def test_who_has_to_decide_about_a_swap_is_told():
    parts = {each.person.person: each.part for each in recipients(swapped_and_waiting())}
    assert parts == {
        "lead01": Part.TEAM, "member01": Part.TEAM, "manager-labs": Part.MANAGER, "manager-en": Part.MANAGER}


def test_webhooks_hear_of_the_swap_and_not_of_asks():
    assert "ReservationSwapped" in FACTS
    assert not {"HolderAsked", "AskAnswered"} & set(FACTS)
    event = replace(swapped().event, actor="member01")
    assert isinstance(event, events.ReservationSwapped)
    own = Webhook(webhook="w", name="MES", url="https://mes", created_by="lead01", created_at=NOW, team="team-01")
    foreign = replace(own, webhook="v", team="team-02")
    assert [each.recipient for each in deliveries([own, foreign], event, CAUSE)] == ["w"]
