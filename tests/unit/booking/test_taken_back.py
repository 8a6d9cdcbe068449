"""Offers whose time an interruption or other hours take away: they end, and nobody loses a place in the list."""

from dataclasses import replace

import pytest

from services.booking import handlers
from services.booking.domain.states import State
from services.booking.domain.waiting import EntryState
from services.contracts.events import (
    ReservationOfferExpired,
    ReservationOfferTakenBack,
    ReservationsHit,
    WaitEntryLapsed,
)
from tests.unit.booking.examples import at, facility_changed, lab_3, on
from tests.unit.booking.test_interruptions import interruption
from tests.unit.booking.test_waiting import Waiting


@pytest.fixture
def lists(base):
    return Waiting(base)


@pytest.fixture
def offered(lists):
    """To ann, tomorrow from ten to twelve; cyd waits behind her."""
    entry, _ = lists.join("ann"), lists.join("cyd")
    lists.free()
    return lists.entry(entry)


TAKEN = (
    ("outage", interruption(on(1, 8, 11))),
    ("maintenance", interruption(on(1, 11, 14), kind="maintenance")),
    ("outage", interruption(on(1, 9, 10), unit="A")),
    ("closure", interruption(on(1, 0, 24), kind="closure", facility=None)),
    ("hours", lab_3(version=2, opening_hours=[[[660, 1200]]] * 7)),
    ("hours", facility_changed("LAB-3", version=2, date_exceptions=[
        {"date": at(1, 10).date().isoformat(), "hours": [], "names": {}}])),
)


@pytest.mark.parametrize(("kind", "fact"), TAKEN, ids=lambda value: value if isinstance(value, str) else "")
def test_the_offer_ends_at_once_and_the_team_keeps_its_place(lists, offered, kind, fact):
    lists.run(handlers.take_fact, fact)
    lists.settle()
    kept = lists.base.wait_entries[offered.id]
    assert (kept.state, kept.order, kept.missed) == (EntryState.WAITING, offered.order, 0)
    ended = lists.base.reservations[offered.reservation]
    assert (ended.state, lists.base.claims[ended.id][2]) == (State.EXPIRED, False)
    (told,) = lists.told(ReservationOfferTakenBack)
    assert (told.wait_entry, told.cause["kind"], told.waits) == (offered.id, kind, True)
    assert lists.base.history[ended.id][-1].basis["taken_by"]["kind"] == kind
    lists.settle()
    assert len(lists.told(ReservationOfferTakenBack)) == 1


def test_nothing_else_tells_the_team_and_nothing_is_planned(lists, offered):
    lists.run(handlers.take_fact, interruption(on(1, 8, 11)))
    lists.run(handlers.take_fact, lab_3(version=2, opening_hours=[[[660, 1200]]] * 7))
    lists.settle()
    assert [each.hits for each in lists.told(ReservationsHit)] == [[]]
    assert not lists.told(ReservationOfferExpired)
    assert not lists.base.replans


def test_what_does_not_touch_it_leaves_it(lists, offered):
    lists.run(handlers.take_fact, interruption(on(1, 12.5, 14), on(2, 8, 20)))
    lists.run(handlers.take_fact, interruption(on(1, 8, 20), code="I-2", facility="LAB-1"))
    lists.run(handlers.take_fact, lab_3(version=2, opening_hours=[[[540, 780]]] * 7))
    lists.settle()
    assert lists.base.wait_entries[offered.id] == offered


def test_when_it_can_be_used_again_it_is_offered_to_the_same_team_first(lists, offered):
    lists.run(handlers.take_fact, interruption(on(1, 8, 11)))
    lists.settle()
    lists.run(handlers.take_fact, interruption(version=2))
    lists.settle()
    assert lists.base.wait_entries[offered.id].state is EntryState.OFFERED


def test_other_time_of_the_window_is_offered_in_its_place(lists):
    entry = lists.join("ann", span=on(1, 8, 20), minutes=240)
    lists.settle()
    assert lists.offer(entry).span == on(1, 13, 17)
    lists.run(handlers.take_fact, interruption(on(1, 16, 20)))
    lists.free()
    assert lists.offer(entry).span == on(1, 8, 12)


def test_when_nothing_of_the_window_is_left_one_fact_tells_it(lists, offered):
    lists.now = at(1, 9.9)
    lists.base.reservations[offered.reservation] = replace(
        lists.base.reservations[offered.reservation], decide_by=at(1, 10))
    lists.run(handlers.take_fact, interruption(on(1, 8, 11)))
    lists.settle()
    assert lists.base.wait_entries[offered.id].state is EntryState.LAPSED
    assert [each.waits for each in lists.told(ReservationOfferTakenBack)] == [False]
    assert [each.wait_entry for each in lists.told(WaitEntryLapsed)] == [
        each for each in lists.base.wait_entries if each != offered.id]
