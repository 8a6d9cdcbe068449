"""A series is decided, added to and given up, date by date or all."""

from collections import Counter
from datetime import date

import pytest

from services.booking import handlers
from services.booking.domain.states import State
from services.contracts.commands import (
    AddSeriesDates,
    ApproveReservation,
    ApproveSeries,
    CancelReservation,
    CancelSeries,
    MoveSeries,
    RejectSeries,
)
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, StaleVersion, WrongState
from services.contracts.events import SeriesCancelled, SeriesDecided
from tests.unit.booking.examples import DAY, HOUR, NOW, at, command, on, plat_05
from tests.unit.booking.series_examples import FRIDAY, THURSDAY, TUESDAY, WEDNESDAY, facts_of


def test_a_single_member_is_cancelled_as_ever_and_its_date_can_be_added_back(base, ask, act, spans):
    asked = ask(facility="PLAT-05")
    base.run(handlers.cancel_reservation, command(
        CancelReservation, "ann", reservation=asked["members"][1]["id"]), now=NOW)
    assert set(spans(asked)) == {TUESDAY, THURSDAY, FRIDAY}
    act(AddSeriesDates, "ann", asked, dates=[WEDNESDAY])
    assert spans(asked)[WEDNESDAY] == ("PLAT-05", on(2, 10, 12))
    with pytest.raises(InvalidInput) as refused:
        act(AddSeriesDates, "ann", asked, dates=[WEDNESDAY, "2026-12-24"])
    assert refused.value.facts["errors"] == {"dates.0": ["not_in_series"], "dates.1": ["not_in_series"]}


def test_giving_up_this_and_the_following_or_all_that_are_to_come(base, ask, act, spans):
    asked = ask()
    base.run(handlers.approve_reservation, command(
        ApproveReservation, "mia", reservation=asked["members"][3]["id"]), now=NOW)
    act(CancelSeries, "ann", asked, from_date=THURSDAY)
    assert Counter(each.state for each in base.reservations.values()) == {
        State.REQUESTED: 2, State.WITHDRAWN: 1, State.CANCELLED: 1}
    (fact,) = [each for each in facts_of(base) if isinstance(each, SeriesCancelled)]
    assert [each["state"] for each in fact.members] == ["withdrawn", "cancelled"]
    act(CancelSeries, "ann", asked, now=at(1, 11))
    assert set(spans(asked)) == {TUESDAY}, "what has begun stays"
    with pytest.raises(InvalidInput) as refused:
        act(CancelSeries, "ann", asked, now=at(1, 11))
    assert refused.value.facts["errors"] == {"from_date": ["no_dates_left"]}


def test_the_base_gives_a_reason_when_it_cancels(base, ask, act):
    asked = ask()
    with pytest.raises(InvalidInput) as refused:
        act(CancelSeries, "bea", asked)
    assert refused.value.facts["errors"] == {"reason": ["required"]}
    act(CancelSeries, "bea", asked, reason="the chamber is broken")
    assert {each.state for each in base.reservations.values()} == {State.REJECTED}


@pytest.mark.parametrize(("kind", "fields", "state"), [
    (ApproveSeries, {}, State.APPROVED), (RejectSeries, {"reason": "calibration"}, State.REJECTED)])
def test_a_manager_decides_about_the_whole_at_once(base, ask, act, kind, fields, state):
    asked = ask()
    assert len(act(kind, "mia", asked, **fields)["members"]) == 4
    assert {each.state for each in base.reservations.values()} == {state}
    fact = facts_of(base)[-1]
    assert isinstance(fact, SeriesDecided)
    assert (fact.version, fact.approved, len(fact.members)) == (2, state is State.APPROVED, 4)
    with pytest.raises(WrongState):
        act(kind, "mia", asked, **fields)


def test_only_the_members_on_facilities_of_ones_own_are_decided(base, ask, act):
    chosen = {"date": WEDNESDAY, "facility": "PLAT-05", "starts_at": "2026-11-25T10:00+08:00",
              "ends_at": "2026-11-25T12:00+08:00"}
    base.run(handlers.take_fact, plat_05(version=2, approval="manager"), now=NOW)
    asked = ask(choices=[chosen])
    assert len(act(ApproveSeries, "mia", asked)["members"]) == 3
    assert len(act(ApproveSeries, "max", asked)["members"]) == 1


def test_who_may_not(ask, act):
    asked = ask()
    with pytest.raises(NotFound):
        act(CancelSeries, "cyd", asked)
    with pytest.raises(NotFound):
        act(ApproveSeries, "max", asked)
    with pytest.raises(NotAllowed):
        act(ApproveSeries, "ann", asked)
    with pytest.raises(NotAllowed):
        act(AddSeriesDates, "mia", asked, more=1)
    own = ask("mia", facility="LAB-4")
    with pytest.raises(NotAllowed):
        act(ApproveSeries, "mia", own)
    with pytest.raises(StaleVersion):
        act(MoveSeries, "ann", asked, version=2, clock="14:00")
    with pytest.raises(NotFound):
        act(CancelSeries, "ann", {"id": "00000000-0000-4000-8000-000000000000"})


def test_further_dates_follow_the_rule_and_the_present_time(ask, act, spans, base):
    asked = ask(rule="FREQ=WEEKLY;COUNT=2")
    act(MoveSeries, "ann", asked, version=1, from_date="2026-12-01", clock="14:00")
    act(AddSeriesDates, "ann", asked, more=2, choices=[{"date": "2026-12-08", "action": "skip"}])
    assert spans(asked)["2026-12-15"] == ("LAB-3", on(22, 14, 16))
    (kept,) = base.series.values()
    assert (str(kept.rule), kept.skipped) == ("FREQ=WEEKLY;COUNT=4", (date(2026, 12, 8),))
    with pytest.raises(InvalidInput) as refused:
        act(AddSeriesDates, "ann", asked, more=200)
    assert refused.value.facts["errors"] == {"more": ["rule_too_long"]}
    with pytest.raises(InvalidInput) as refused:
        act(AddSeriesDates, "ann", asked)
    assert refused.value.facts["errors"] == {"dates": ["no_dates_left"]}


def test_a_series_waits_no_longer_than_each_date(ask):
    asked = ask(now=NOW)
    assert [each["decide_by"] for each in asked["members"]] == [NOW + DAY] * 4
    late = ask("cyd", **on(0, 18, 20)._asdict(), rule="FREQ=DAILY;COUNT=2", now=NOW + HOUR)
    assert late["members"][0]["decide_by"] == at(0, 18)
