"""Series on the small base in memory: asked for as a whole, then changed, decided and given up date by date or all."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.booking import handlers
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.contracts.commands import (
    AddSeriesDates,
    ApproveReservation,
    ApproveSeries,
    CancelReservation,
    CancelSeries,
    MoveReservation,
    MoveSeries,
    RejectSeries,
    WithdrawReservation,
)
from services.contracts.errors import DatesClash, InvalidInput, NotAllowed, NotFound, StaleVersion, WrongState
from services.contracts.events import SeriesCancelled, SeriesDecided, SeriesEvent, SeriesMoved, SeriesRequested
from tests.unit.booking.examples import DAY, HOUR, NOW, at, command, on, plat_05, request, series

HANDLERS = {
    AddSeriesDates: handlers.add_series_dates, ApproveSeries: handlers.approve_series,
    CancelSeries: handlers.cancel_series, MoveSeries: handlers.move_series, RejectSeries: handlers.reject_series,
}
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = ("2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27")


@pytest.fixture
def ask(base):
    return lambda *arguments, now=NOW, **fields: base.run(
        handlers.request_series, series(*arguments, **fields), now=now)


@pytest.fixture
def act(base):
    def act(kind, actor, asked, now=NOW, **fields):
        return base.run(HANDLERS[kind], command(kind, actor, series=asked["id"], **fields), now=now)

    return act


@pytest.fixture
def single(base):
    return lambda *arguments, **fields: base.run(
        handlers.request_reservation, request(*arguments, **fields), now=NOW)


@pytest.fixture
def spans(base):
    """The living members of a series: {date: (facility, span)}."""
    def spans(asked):
        members = [each for each in base.reservations.values() if each.series == asked["id"] and each.is_held]
        assert len({each.series_date for each in members}) == len(members)
        return {each.series_date.isoformat(): (each.facility, each.span) for each in members}

    return spans


def facts_of(base):
    return [fact for fact in base.events if isinstance(fact, SeriesEvent)]


def test_every_date_is_held_and_told_of_once(base, ask, spans):
    asked = ask(project="red-p")
    assert [each["starts_at"] for each in asked["members"]] == [at(day, 10) for day in (1, 2, 3, 4)]
    assert spans(asked)[FRIDAY] == ("LAB-3", on(4, 10, 12))
    (fact,) = facts_of(base)
    assert isinstance(fact, SeriesRequested)
    assert (fact.version, fact.rule, fact.skipped, fact.actor) == (1, "FREQ=DAILY;COUNT=4", [], "ann")
    members = [(each["reservation"], each["version"], each["state"]) for each in fact.members]
    assert members == [(each["id"], 1, "requested") for each in asked["members"]]
    own = [(event.reservation, event.series) for event in base.events if getattr(event, "of_series", False)]
    assert own == [(each["id"], asked["id"]) for each in asked["members"]]


def test_an_automatic_facility_grants_the_whole(ask):
    assert {each["state"] for each in ask(facility="PLAT-05")["members"]} == {"approved"}


def test_all_or_nothing_leaves_nothing_and_names_each_clash_with_other_times(base, ask, single):
    single("cyd", on(2, 10, 12))
    single("cyd", on(3, 11, 13))
    before = (len(base.reservations), len(base.events))
    with pytest.raises(DatesClash) as refused:
        ask()
    assert (len(base.reservations), len(base.events), base.series) == (*before, {})
    clashes = refused.value.facts["clashes"]
    assert [(each["date"], each["taken"], each["violations"]) for each in clashes] == [
        (WEDNESDAY, True, []), (THURSDAY, True, [])]
    assert {each["why"] for each in clashes[0]["alternatives"]} == {"earlier", "later", "equivalent_facility"}


def test_the_best_ways_of_all_dates_may_be_chosen_together(ask, single, spans):
    """No two dates are offered the same time first."""
    for day in (1, 2, 3, 4):
        single("cyd", on(day, 8, 14))
    with pytest.raises(DatesClash) as refused:
        ask(**on(1, 10, 13)._asdict())
    clashes = refused.value.facts["clashes"]
    chosen = [
        {"date": each["date"], **{name: each["alternatives"][0][name] for name in (
            "facility", "unit", "starts_at", "ends_at")}}
        for each in clashes
    ]
    asked = ask(**on(1, 10, 13)._asdict(), choices=[
        each | {name: each[name].isoformat() for name in ("starts_at", "ends_at")} for each in chosen])
    assert len(chosen) == 4
    assert {day: span for day, (_, span) in spans(asked).items()} == {
        each["date"]: Span(each["starts_at"], each["ends_at"]) for each in chosen}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_each_other_time_that_is_offered_may_be_chosen(ask, single, spans, number):
    single("cyd", on(2, 10, 12))
    with pytest.raises(DatesClash) as refused:
        ask()
    way = refused.value.facts["clashes"][0]["alternatives"][number]
    times = {name: way[name].isoformat() for name in ("starts_at", "ends_at")}
    asked = ask(choices=[{"date": WEDNESDAY, "facility": way["facility"], "unit": way["unit"], **times}])
    assert spans(asked)[WEDNESDAY] == (way["facility"], Span(way["starts_at"], way["ends_at"]))


def test_what_is_skipped_is_exactly_what_was_chosen(base, ask, single, spans):
    single("cyd", on(2, 10, 12))
    asked = ask(choices=[{"date": WEDNESDAY, "action": "skip"}, {"date": THURSDAY, "action": "skip"}])
    assert asked["skipped"] == [WEDNESDAY, THURSDAY]
    assert set(spans(asked)) == {TUESDAY, FRIDAY}
    assert facts_of(base)[0].skipped == [WEDNESDAY, THURSDAY]


def test_what_is_taken_in_the_meantime_is_left_out_only_where_that_was_allowed(ask, single, spans):
    single("cyd", on(2, 10, 12))
    asked = ask(on_clash="skip")
    assert (asked["skipped"], len(spans(asked))) == ([WEDNESDAY], 3)
    with pytest.raises(DatesClash):
        ask("cyd", on_clash="skip", **on(1, 11, 13)._asdict(), rule="FREQ=WEEKLY;COUNT=1")


def test_dates_see_the_earlier_ones_of_the_same_series(ask):
    """A run of 26 hours every day stands in its own way."""
    with pytest.raises(DatesClash) as refused:
        ask(facility="LAB-1", unit="A", **on(1, 10, 36)._asdict())
    assert [each["date"] for each in refused.value.facts["clashes"]] == [WEDNESDAY, FRIDAY]


def test_broken_rules_are_told_by_date(ask):
    with pytest.raises(DatesClash) as refused:
        ask(rule="FREQ=DAILY;COUNT=6")
    found = [(each["date"], each["violations"][0]["rule"], each["taken"]) for each in refused.value.facts["clashes"]]
    assert found == [(f"2026-11-{day}", "outside_opening_hours", False) for day in (28, 29)]


@pytest.mark.parametrize(("fields", "errors"), [
    ({"rule": "FREQ=DAILY"}, {"rule": ["rule_endless"]}),
    ({"rule": "FREQ=DAILY;UNTIL=20261101"}, {"rule": ["rule_without_dates"]}),
    ({"team": "blue", "facility": "LAB-9"}, {"team": ["unknown_team"], "facility": ["unknown"]}),
    ({"starts_at": at(1, 10) + timedelta(seconds=7)}, {"starts_at": ["not_whole_minutes"]}),
    ({"choices": [{"day": WEDNESDAY}]}, {"choices.0.date": ["required"], "choices.0.day": ["unknown_field"]}),
    ({"choices": [{"date": WEDNESDAY, "action": "keep"}, {"date": "2026-02-30"}]},
     {"choices.0.action": ["unknown_choice"], "choices.1.date": ["not_in_series"]}),
    ({"choices": [{"date": WEDNESDAY}, {"date": WEDNESDAY, "action": "skip"}]}, {"choices.1.date": ["duplicate"]}),
    ({"choices": [{"date": WEDNESDAY, "starts_at": "2026-11-25T10:00+08:00"}]}, {"choices.0.ends_at": ["required"]}),
    ({"choices": [{"date": WEDNESDAY, "starts_at": "2026-11-25T10:00+08:00", "ends_at": "2099-11-25T10:00+08:00"}]},
     {"choices.0.ends_at": ["out_of_range"]}),
    ({"ends_at": at(400, 12)}, {"ends_at": ["out_of_range"]}),
    ({"choices": [{"date": WEDNESDAY, "facility": "LAB-4", "unit": "Z"}]}, {"choices.0.unit": ["unknown_unit"]}),
    ({"choices": [{"date": day, "action": "skip"} for day in (TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)]},
     {"choices": ["no_dates_left"]}),
])
def test_wrong_fields_are_named(ask, fields, errors):
    with pytest.raises(InvalidInput) as refused:
        ask(**fields)
    assert refused.value.facts["errors"] == errors


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
