"""The what-if desk: a trial hits exactly those whom publishing it hits, and counts what is lost and gained."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.hits import Standing
from services.booking.domain.rules.places import is_open_throughout
from services.booking.domain.spans import Span
from services.booking.domain.trying import Trial, changed, days, figures, first_change, hit_by, joined, taken_too, weeks
from services.contracts.errors import Refusal
from tests.unit.booking.examples import BASE, NOW, at, lab_1, lab_3, on, request
from tests.unit.booking.fakes import FakeBase, FakeCopies
from tests.unit.booking.test_interruptions import interruption

WEEK = Span(at(0, 0), at(7, 0))
OFFICE = ((480, 1200),)


@pytest.fixture
def lab(base):
    return facility_of(base)


def facility_of(base, code="LAB-3"):
    return FakeCopies(base).facilities([code])[0]


def standing_of(base):
    return [
        Standing(each.id, each.facility, each.unit, each.span, base.claims[each.id][1])
        for each in base.reservations.values() if each.is_held
    ]


def test_what_is_taken_away_is_lost_where_it_was_open(lab):
    after = changed(lab, Trial(spans=(on(1, 6, 10), on(5, 0, 24))))
    assert figures(lab, after, WEEK) == {"before": 5 * 720, "after": 5 * 720 - 120, "lost": 120, "gained": 0}
    (tuesday,) = [each for each in days(lab, after, None, WEEK) if each["date"] == "2026-11-24"]
    assert (tuesday["before"], tuesday["after"]) == ([[480, 1200]], [[600, 1200]])


def test_one_unit_counts_as_one(base):
    lab = facility_of(base, "LAB-1")
    after = changed(lab, Trial(unit="B", spans=(on(1, 0, 12),)))
    assert figures(lab, after, WEEK)["lost"] == 720
    whole, one = (days(lab, after, unit, Span(at(1, 0), at(2, 0)))[0]["after"] for unit in (None, "B"))
    assert (whole, one) == ([[0, 1440]], [[720, 1440]])


def test_an_extra_shift_opens_more_on_its_dates_only(lab):
    trial = Trial(first=date(2026, 11, 27), last=date(2026, 11, 28), more=((1140, 1320),))
    after = changed(lab, trial)
    assert [each["hours"] for each in after.date_exceptions] == [[[480, 1320]], [[1140, 1320]]]
    assert figures(lab, after, WEEK) == {"before": 3600, "after": 3600 + 120 + 180, "lost": 0, "gained": 300}
    assert first_change(trial, NOW) == at(4, 0)
    assert changed(after, trial).date_exceptions == after.date_exceptions


def test_weeks_are_those_of_the_local_calendar(lab):
    after = changed(lab, Trial(opening_hours=(((480, 720),),) * 5 + ((),) * 2))
    found = weeks(lab, after, Span(at(2, 0), at(9, 0)))
    assert [(each["week"], each["lost"]) for each in found] == [("2026-11-23", 3 * 480), ("2026-11-30", 2 * 480)]


def test_hours_of_a_day_join():
    assert joined([(600, 720), (480, 600), (800, 900), (850, 860)]) == ((480, 720), (800, 900))


def test_places_are_looked_for_beside_what_would_be_taken_away(lab):
    found = taken_too({}, [lab], Trial(spans=(on(1, 8, 10),)))
    assert [held.period for held in found["LAB-3", "A"]] == [on(1, 8, 10)]
    assert taken_too({}, [lab], Trial(unit="B", spans=(on(1, 8, 10),))) == {}


SPANS = st.builds(lambda day, hour, length: on(day, hour, hour + length), st.integers(1, 4), st.integers(6, 18),
                  st.integers(1, 30))
TAKEN = st.lists(st.tuples(st.sampled_from(["LAB-1", "LAB-3"]), SPANS), max_size=8)
HOURS = st.sampled_from([(), ((480, 720),), ((0, 1440),), ((600, 900), (960, 1320))])


def base_with(taken):
    base = FakeBase()
    for fact in BASE:
        base.run(handlers.take_fact, fact, now=NOW)
    for facility, span in taken:
        try:
            base.run(handlers.request_reservation, request("ann", span, facility), now=NOW)
        except Refusal:
            continue
    return base


@settings(max_examples=60, deadline=None)
@given(taken=TAKEN, spans=st.lists(SPANS, min_size=1, max_size=2), unit=st.sampled_from([None, "A", "B"]))
def test_a_tried_interruption_hits_whom_the_real_one_hits(taken, spans, unit):
    base = base_with(taken)
    before = {"LAB-1": facility_of(base, "LAB-1")}
    standing = [each for each in standing_of(base) if each.facility == "LAB-1"]
    tried = hit_by(Trial(unit=unit, spans=tuple(spans)), standing, before)
    kept = (dict(base.reservations), dict(base.claims))
    assert (base.reservations, base.claims) == kept
    told = interruption(*spans, facility="LAB-1", unit=unit)
    base.run(handlers.take_fact, told, now=NOW)
    fact = next(each for each in reversed(base.events) if type(each).__name__ == "ReservationsHit")
    assert set(tried) == {each["reservation"] for each in fact.hits}
    assert changed(before["LAB-1"], Trial(unit=unit, spans=tuple(spans))).interruptions[0].spans == tuple(spans)


@settings(max_examples=60, deadline=None)
@given(taken=TAKEN, hours=st.lists(HOURS, min_size=7, max_size=7))
def test_tried_hours_hit_whom_the_real_ones_hit(taken, hours):
    base = base_with(taken)
    before = {code: facility_of(base, code) for code in ("LAB-1", "LAB-3")}
    standing, trial = standing_of(base), Trial(opening_hours=tuple(hours))
    tried = hit_by(trial, standing, before)
    for made in (lab_1, lab_3):
        base.run(handlers.take_fact, made(version=2, opening_hours=[[list(pair) for pair in day] for day in hours]),
                 now=NOW)
    published = {code: facility_of(base, code) for code in before}
    assert set(tried) == {
        each.id for each in standing
        if is_open_throughout(each.span, before[each.facility])
        and not is_open_throughout(each.span, published[each.facility])
    }
    for code, facility in before.items():
        assert changed(facility, trial).opening_hours == published[code].opening_hours
