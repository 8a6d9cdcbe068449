"""A series is asked for: held as chosen, or refused with each date that clashes."""

from datetime import timedelta

import pytest

from services.booking.domain.spans import Span
from services.contracts.errors import DatesClash, InvalidInput
from services.contracts.events import SeriesRequested
from tests.unit.booking.examples import at, on
from tests.unit.booking.series_examples import FRIDAY, THURSDAY, TUESDAY, WEDNESDAY, facts_of


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
