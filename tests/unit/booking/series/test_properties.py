"""Whatever stands already and whatever is chosen: a series is exactly what was chosen, or it is nothing."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.rules import broken_rules
from services.booking.domain.wish import Wish
from services.contracts.commands import AddSeriesDates, CancelSeries, MoveSeries
from services.contracts.errors import DatesClash, InvalidInput, Refusal
from tests.unit.booking.examples import BASE, NOW, command, on, request, series
from tests.unit.booking.fakes import FakeBase, overlapping

FACILITIES = st.sampled_from(["LAB-1", "LAB-3", "PLAT-05"])
RULES = st.sampled_from([
    "FREQ=DAILY;COUNT=5", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=5", "FREQ=DAILY;INTERVAL=2;UNTIL=20261204",
    "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4", "FREQ=WEEKLY;COUNT=14",
])
SPANS = st.builds(lambda hour, length: on(1, hour, hour + length), st.integers(8, 17), st.sampled_from([1, 2, 3, 26]))
OTHERS = st.lists(st.tuples(
    FACILITIES, st.builds(lambda day, hour: on(day, hour, hour + 2), st.integers(0, 12), st.integers(8, 18)),
), max_size=8)
DAYS = st.dates(date(2026, 11, 24), date(2026, 12, 8)).map(date.isoformat)
SKIPS = st.lists(DAYS, max_size=3, unique=True).map(lambda days: [{"date": day, "action": "skip"} for day in days])


def base_with(others):
    base = FakeBase()
    for fact in BASE:
        base.run(handlers.take_fact, fact, now=NOW)
    for facility, span in others:
        give(base, handlers.request_reservation, request("cyd", span, facility))
    return base


def give(base, handler, message):
    try:
        return base.run(handler, message, now=NOW)
    except Refusal as refusal:
        return refusal


def living(base, identifier):
    members = [each for each in base.reservations.values() if each.series == identifier and each.is_held]
    return {each.series_date.isoformat(): (each.facility, each.unit, each.span) for each in members}


def are_allowed(base):
    """Every member passes the one rule function, and nothing stands on anything else."""
    assert not overlapping(base)
    for each in base.reservations.values():
        if each.series and each.is_held:
            assert broken_rules(Wish(span=each.span), base.facilities[each.facility], NOW) == []


@settings(max_examples=150, deadline=None)
@given(others=OTHERS, facility=FACILITIES, span=SPANS, rule=RULES, skips=SKIPS, lenient=st.booleans())
def test_a_series_is_what_was_chosen_or_nothing(others, facility, span, rule, skips, lenient):
    base = base_with(others)
    before = (dict(base.reservations), dict(base.claims), list(base.events))
    message = series(
        facility=facility, rule=rule, choices=skips, on_clash="skip" if lenient else "refuse", **span._asdict())
    answer = give(base, handlers.request_series, message)
    are_allowed(base)
    if isinstance(answer, Refusal):
        assert (base.reservations, base.claims, base.events, base.series) == (*before, {})
        assert isinstance(answer, DatesClash | InvalidInput)
        return
    (kept,) = base.series.values()
    chosen = {each["date"] for each in skips}
    dates = {day.isoformat() for day in kept.dates()}
    assert set(living(base, kept.id)) | set(answer["skipped"]) == dates
    assert not set(living(base, kept.id)) & set(answer["skipped"])
    assert chosen <= set(answer["skipped"])
    assert lenient or set(answer["skipped"]) == chosen
    assert all(each[2] == kept.span_on(date.fromisoformat(day)) for day, each in living(base, kept.id).items())


@settings(max_examples=100, deadline=None)
@given(others=OTHERS, facility=FACILITIES, span=SPANS, rule=RULES, skips=SKIPS)
def test_adding_back_what_was_skipped_equals_having_asked_for_it(others, facility, span, rule, skips):
    whole, in_parts = base_with(others), base_with(others)
    fields = {"facility": facility, "rule": rule, **span._asdict()}
    at_once = give(whole, handlers.request_series, series(**fields))
    partly = give(in_parts, handlers.request_series, series(**fields, choices=skips))
    if isinstance(at_once, Refusal) or isinstance(partly, Refusal) or not partly["skipped"]:
        return
    added = give(in_parts, handlers.add_series_dates, command(
        AddSeriesDates, "ann", series=partly["id"], dates=partly["skipped"]))
    assert not isinstance(added, Refusal), added.facts
    assert added["skipped"] == []
    wanted, found = living(whole, at_once["id"]), living(in_parts, partly["id"])
    assert {day: (place, span) for day, (place, _, span) in found.items()} == {
        day: (place, span) for day, (place, _, span) in wanted.items()}
    are_allowed(in_parts)


@settings(max_examples=150, deadline=None)
@given(
    others=OTHERS, facility=FACILITIES, span=SPANS, rule=RULES, lenient=st.booleans(), first=st.none() | DAYS,
    change=st.fixed_dictionaries({}, optional={
        "clock": st.sampled_from(["08:00", "13:00", "13:15"]), "length_minutes": st.sampled_from([60, 180, 1500]),
        "days_later": st.integers(-2, 2), "facility": FACILITIES,
    }),
)
def test_a_move_takes_all_to_the_new_time_or_none(others, facility, span, rule, lenient, first, change):
    base = base_with(others)
    asked = give(base, handlers.request_series, series(
        facility=facility, rule=rule, on_clash="skip", **span._asdict()))
    if isinstance(asked, Refusal):
        return
    before = living(base, asked["id"])
    moved = give(base, handlers.move_series, command(
        MoveSeries, "ann", series=asked["id"], version=1, from_date=first, on_clash="keep" if lenient else "refuse",
        **change))
    are_allowed(base)
    after = living(base, asked["id"])
    assert set(after) == set(before)
    if isinstance(moved, Refusal):
        assert after == before
        return
    kept = base.series[asked["id"]]
    for day, (place, _, held) in after.items():
        wanted = (kept.pattern_on(date.fromisoformat(day)).facility, kept.span_on(date.fromisoformat(day)))
        assert (place, held) == wanted or (lenient and after[day] == before[day])
        assert first is None or day >= first or after[day] == before[day]


@settings(max_examples=60, deadline=None)
@given(others=OTHERS, facility=FACILITIES, span=SPANS, rule=RULES, first=st.none() | DAYS)
def test_giving_up_frees_exactly_the_scope(others, facility, span, rule, first):
    base = base_with(others)
    held = {each for each, claim in base.claims.items() if claim[2]}
    asked = give(base, handlers.request_series, series(
        facility=facility, rule=rule, on_clash="skip", **span._asdict()))
    if isinstance(asked, Refusal):
        return
    before = living(base, asked["id"])
    give(base, handlers.cancel_series, command(CancelSeries, "ann", series=asked["id"], from_date=first))
    left = {day for day in before if first and day < first}
    assert set(living(base, asked["id"])) == left
    assert len([claim for claim in base.claims.values() if claim[2]]) == len(held) + len(left)
