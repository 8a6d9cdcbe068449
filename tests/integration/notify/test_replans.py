"""A plan that was carried out, from its facts to one message per person and to who has what in the calendar."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.contracts import events
from services.notify.samples import replans as examples
from tests.unit.notify import situations
from tests.unit.notify.situations import RESERVATION


@pytest.fixture
def reserved(notify):
    """Two reservations that stand, of which their team has been told."""
    for reservation in (RESERVATION, examples.SECOND):
        notify.hear(replace(situations.approved_automatically().event, version=1, reservation=reservation))
    notify.change("DELETE FROM deliveries")
    return notify


def moved(reservation=RESERVATION):
    """The single fact about a reservation that the plan moved."""
    before, after = examples.place(5, 1), examples.place(6, 1)
    times = {name: datetime.fromisoformat(after[name]) for name in ("starts_at", "ends_at")}
    former = {f"former_{name}": datetime.fromisoformat(before[name]) for name in ("starts_at", "ends_at")}
    return situations.step(
        events.ReservationReplanned, "approved", 2, reservation=reservation, actor="manager-labs", **times, **former,
        former_facility="LAB-1", former_unit="A", replan=examples.REPLAN, why="later", answer_by=situations.NOW,
    )


def accepted(*items):
    return examples.accepted(*items or [
        examples.item(examples.place(5, 1), examples.place(6, 1)),
        examples.item(examples.place(5, 1), None, examples.SECOND),
    ])


def cancelled():
    event = situations.step(events.ReservationCancelled, "cancelled", 2, reservation=examples.SECOND)
    return replace(event, actor="manager-labs", of_replan=True)


FACTS = [moved, accepted, cancelled]


@pytest.mark.parametrize("order", [FACTS, FACTS[::-1]])
def test_each_person_hears_once_of_the_plan_whatever_the_order_of_its_facts(reserved, order):
    for make in order:
        assert reserved.hear(make()) == "handled"
    found = reserved.rows("SELECT recipient, step FROM deliveries WHERE channel = 'email' ORDER BY recipient")
    assert found == [("lead01", "replanned"), ("member01", "replanned")]
    calendars = reserved.rows("SELECT content -> 'calendars' AS made FROM deliveries WHERE channel = 'email'")
    assert [[each["method"] for each in row.made] for row in calendars] == [["REQUEST", "CANCEL"]] * 2


@pytest.mark.parametrize("order", [FACTS, FACTS[::-1]])
def test_what_was_moved_stays_in_the_calendars_and_what_was_cancelled_leaves_them(reserved, order):
    for make in order:
        reserved.hear(make())
    held = dict(reserved.rows("SELECT reservation::text, invited FROM reservations"))
    assert held[RESERVATION] == ["lead01", "member01"]
    assert held[examples.SECOND] == []


def test_reminders_follow_the_new_time(reserved):
    reserved.hear(moved())
    found = reserved.rows("SELECT min(due_at) AS first FROM reminders WHERE subject = %s", RESERVATION)
    assert found[0].first.isoformat().startswith("2026-03-05T0"), "a day before the new start"


def test_a_fact_that_arrives_twice_is_told_once(reserved):
    fact = accepted()
    for _ in range(2):
        reserved.hear(fact, event_id="99999999-9999-4999-8999-999999999999")
    assert len(reserved.rows("SELECT 1 FROM deliveries WHERE channel = 'email'")) == 2


def test_a_plan_for_teams_of_which_nothing_is_known_waits(notify):
    item = examples.item(examples.place(5, 1), examples.place(6, 1), team="team-77", requester="nobody")
    assert notify.hear(examples.accepted(item)) == "parked"
