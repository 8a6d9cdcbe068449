"""A series moves as a whole, from a date on, or into its own places."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from services.booking import handlers
from services.booking.domain.states import State
from services.contracts.commands import ApproveSeries, MoveReservation, MoveSeries, WithdrawReservation
from services.contracts.errors import DatesClash
from services.contracts.events import SeriesMoved
from tests.unit.booking.examples import NOW, at, command, on
from tests.unit.booking.series_examples import FRIDAY, THURSDAY, TUESDAY, WEDNESDAY, facts_of


def test_this_and_the_following_move_and_the_earlier_stay(base, ask, act, spans):
    asked = ask()
    moved = act(MoveSeries, "bob", asked, version=1, from_date=THURSDAY, clock="14:00", length_minutes=60)
    assert moved["version"] == 2
    assert spans(asked) == {
        TUESDAY: ("LAB-3", on(1, 10, 12)), WEDNESDAY: ("LAB-3", on(2, 10, 12)),
        THURSDAY: ("LAB-3", on(3, 14, 15)), FRIDAY: ("LAB-3", on(4, 14, 15)),
    }
    fact = facts_of(base)[-1]
    assert isinstance(fact, SeriesMoved)
    assert [each["starts_at"] for each in fact.members] == [at(day, 14).isoformat() for day in (3, 4)]


def test_all_move_a_day_on_into_each_others_places(ask, act, spans):
    asked = ask(rule="FREQ=DAILY;COUNT=3")
    act(MoveSeries, "ann", asked, version=1, days_later=1)
    assert [spans(asked)[day][1] for day in (TUESDAY, WEDNESDAY, THURSDAY)] == [on(day, 10, 12) for day in (2, 3, 4)]


def test_all_move_to_another_facility_and_wait_there(ask, act, spans, base):
    asked = ask()
    act(ApproveSeries, "mia", asked)
    act(MoveSeries, "ann", asked, version=2, facility="LAB-4")
    assert {facility for facility, _ in spans(asked).values()} == {"LAB-4"}
    assert {each.state for each in base.reservations.values()} == {State.REQUESTED}


def test_a_date_that_cannot_move_is_refused_chosen_or_kept(ask, act, single, spans):
    asked = ask()
    single("cyd", on(3, 14, 16))
    with pytest.raises(DatesClash) as refused:
        act(MoveSeries, "ann", asked, version=1, clock="14:00")
    (clash,) = refused.value.facts["clashes"]
    assert (clash["date"], clash["taken"]) == (THURSDAY, True)
    assert {span for _, span in spans(asked).values()} == {on(day, 10, 12) for day in (1, 2, 3, 4)}
    act(MoveSeries, "ann", asked, version=1, clock="14:00", on_clash="keep")
    assert [span for _, span in sorted(spans(asked).values(), key=lambda each: each[1])] == [
        on(1, 14, 16), on(2, 14, 16), on(3, 10, 12), on(4, 14, 16)]
    way = {"starts_at": at(3, 8).isoformat(), "ends_at": at(3, 9).isoformat()}
    act(MoveSeries, "ann", asked, version=2, clock="14:00", choices=[{"date": THURSDAY, **way}])
    assert spans(asked)[THURSDAY] == ("LAB-3", on(3, 8, 9))


def test_a_member_that_is_kept_stands_in_the_way_of_those_that_move(ask, act, spans):
    """Each would go where the next one is; the last cannot move, so none can."""
    asked = ask()
    with pytest.raises(DatesClash):
        act(MoveSeries, "ann", asked, version=1, days_later=1, on_clash="keep")
    assert spans(asked)[FRIDAY] == ("LAB-3", on(4, 10, 12))


def test_moving_to_where_it_is_changes_nothing_and_brings_strays_back(base, ask, act, spans):
    asked = ask()
    before = len(base.events)
    assert act(MoveSeries, "ann", asked, version=1)["version"] == 1
    assert len(base.events) == before
    stray = asked["members"][2]
    base.run(handlers.move_reservation, command(
        MoveReservation, "ann", reservation=stray["id"], version=1, **on(3, 14, 16)._asdict()), now=NOW)
    assert base.reservations[stray["id"]].series == asked["id"]
    assert not base.events[-1].of_series
    assert base.events[-1].series == asked["id"]
    act(MoveSeries, "ann", asked, version=1)
    assert spans(asked)[THURSDAY] == ("LAB-3", on(3, 10, 12))


def test_when_the_zone_s_clock_changes_the_members_are_derived_anew_or_the_conflicts_are_listed(
    base, ask, act, single, spans,
):
    """A new release of the zone data, as if the base had put its clocks on by an hour."""
    asked = ask()
    base.series[asked["id"]] = replace(base.series[asked["id"]], zone=ZoneInfo("Asia/Tokyo"))
    rival = single("cyd", on(3, 8, 9))
    with pytest.raises(DatesClash) as refused:
        act(MoveSeries, "ann", asked, version=1)
    assert [each["date"] for each in refused.value.facts["clashes"]] == [THURSDAY]
    assert {span for _, span in spans(asked).values()} == {on(day, 10, 12) for day in (1, 2, 3, 4)}
    base.run(handlers.withdraw_reservation, command(WithdrawReservation, "cyd", reservation=rival["id"]), now=NOW)
    act(MoveSeries, "ann", asked, version=1)
    assert {span for _, span in spans(asked).values()} == {on(day, 9, 11) for day in (1, 2, 3, 4)}
