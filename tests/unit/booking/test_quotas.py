"""How much may be reserved: counted by week and month, weighted off-peak, and never exceeded by any history."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.booking import handlers
from services.booking.domain.calendar import Calendar, calendar_of
from services.booking.domain.days import BASE_ZONE
from services.booking.domain.quotas import (
    Entitlement,
    Quota,
    Use,
    applying,
    binding,
    entitlements,
    hundredths,
    is_nearly_used,
    period_of,
)
from services.booking.domain.spans import Span
from services.booking.storage.quotas import COUNTED
from services.contracts.commands import CancelReservation, MoveReservation, RequestSeries
from services.contracts.errors import DatesClash, Refusal, RuleBroken
from services.contracts.events import QuotaChanged, QuotaNearlyUsed, SiteChanged
from tests.strategies import MONDAY, QUARTER, any_instants
from tests.unit.booking.examples import BASE, DAY, HOUR, NOW, at, command, on, plat_05, request
from tests.unit.booking.fakes import FakeBase
from tests.unit.booking.test_life import SPANS

PEAK = ((480, 1200),)
HALF = Quota(code="HALF", scope="team", per="week", limit=600, off_peak_percent=50, peak_hours=PEAK)


def quota(code="HOURS", version=1, **changes):
    return QuotaChanged(**{
        "version": version, "quota": code, "scope": "team", "subject": None, "kind": None, "per": "week", "limit": 240,
        **changes,
    })


def known(code="Q", **changes):
    return Quota(**{"code": code, "scope": "team", "per": "week", "limit": 60, **changes})


def a_use(span=None, **changes):
    who = {"kind": "lab", "is_open": True, "company": "C1", "team": "red", "person": "ann", "project": None}
    return Use(*(span or on(1, 10, 12)), **who | changes)


@pytest.mark.parametrize(("per", "day", "first", "beyond"), [
    ("week", 0, 0, 7), ("week", 6, 0, 7), ("week", 7, 7, 14), ("month", 0, -22, 8), ("month", 8, 8, 39),
])
def test_weeks_begin_on_monday_and_months_on_the_first(per, day, first, beyond):
    assert period_of(at(day, 23.75), per) == Span(at(first, 0), at(beyond, 0))


@given(any_instants(), st.sampled_from(["week", "month"]))
def test_periods_are_whole_and_follow_on_each_other(instant, per):
    period = period_of(instant, per)
    assert period.starts_at <= instant < period.ends_at
    assert period_of(period.ends_at, per).starts_at == period.ends_at
    assert timedelta(days=7) <= period.length <= timedelta(days=31)


@pytest.mark.parametrize(("span", "minutes"), [
    (on(1, 10, 12), 120), (on(1, 18, 24), 240), (on(5, 10, 12), 60), (on(4, 19, 24 + 10), 60 + 7 * 60),
])
def test_off_peak_time_counts_a_part(span, minutes):
    assert hundredths(span, period_of(span.starts_at, "week"), HALF) == 100 * minutes


HOLIDAYS = calendar_of([
    {"date": at(day, 12).date().isoformat(), "kind": kind, "names": {}}
    for day, kind in ((1, "holiday"), (3, "holiday"), (5, "working_day"), (6, "holiday"))
])
"""Of the week: Tuesday and Thursday are off, Saturday is worked for it, Sunday is a holiday anyhow."""


@pytest.mark.parametrize(("span", "minutes"), [
    (on(0, 10, 12), 120), (on(1, 10, 12), 60), (on(1, 18, 24), 180), (on(5, 10, 12), 120), (on(5, 18, 22), 180),
    (on(6, 10, 12), 60), (on(2, 18, 24 + 10), 120 + 7 * 60),
])
def test_a_holiday_is_off_peak_and_a_make_up_working_day_is_not(span, minutes):
    rules = replace(HALF, calendar=HOLIDAYS)
    assert hundredths(span, period_of(span.starts_at, "week"), rules) == 100 * minutes
    other_week = Span(span.starts_at + 7 * DAY, span.ends_at + 7 * DAY)
    assert hundredths(other_week, period_of(other_week.starts_at, "week"), rules) == hundredths(
        other_week, period_of(other_week.starts_at, "week"), HALF)


def test_the_calendar_of_the_base_decides_what_a_request_takes(base):
    tell = partial(base.run, handlers.take_fact, now=NOW)
    tell(quota(limit=60, off_peak_percent=50, peak_hours=[[480, 1200]]))
    with pytest.raises(RuleBroken):
        base.run(handlers.request_reservation, request(span=on(1, 10, 12), facility="PLAT-05"), now=NOW)
    day = {"date": at(1, 12).date().isoformat(), "kind": "holiday", "names": {}}
    tell(SiteChanged(version=1, site="BASE", names={}, days=[day], known_years=[2026]))
    tell(plat_05(version=2, on_holidays="open"))
    made = base.run(handlers.request_reservation, request(span=on(1, 10, 12), facility="PLAT-05"), now=NOW)
    assert made["state"] == "approved"


@given(
    st.integers(0, 800), st.integers(1, 120), st.integers(0, 100),
    st.sampled_from([(), PEAK, ((0, 1440),), ((495, 600), (725, 1300))]), st.sampled_from(["week", "month"]),
    st.sets(st.integers(0, 16)), st.sets(st.integers(0, 16)),
)
def test_weights_against_a_walk_through_the_time(start, length, percent, peak, per, holidays, working_days):
    span = Span(MONDAY + start * QUARTER, MONDAY + (start + length) * QUARTER)
    holidays, working_days = (
        {(MONDAY + day * DAY).astimezone(BASE_ZONE).date(): {} for day in days} for days in (holidays, working_days))
    rules = known(
        per=per, off_peak_percent=percent, peak_hours=peak,
        calendar=Calendar(holidays=holidays, working_days=working_days))
    five, period, expected = timedelta(minutes=5), period_of(span.starts_at, per), 0
    for count in range(int(span.length / five)):
        instant = span.starts_at + count * five
        local = instant.astimezone(BASE_ZONE)
        minute = local.hour * 60 + local.minute
        is_worked = local.weekday() < 5 or local.date() in working_days
        is_peak = is_worked and local.date() not in holidays and any(begins <= minute < ends for begins, ends in peak)
        if period.starts_at <= instant < period.ends_at:
            expected += 5 * (100 if is_peak else percent)
    assert hundredths(span, period, rules) == expected


def test_ones_own_quota_replaces_the_one_for_each():
    each, own, other = known("EACH"), known("OWN", subject="red"), known("OTHER", subject="blue")
    labs, company = known("LABS", kind="lab"), known("FIRM", scope="company", subject="C1")
    bound = binding([each, own, other, labs, company], {"team": "red", "company": "C1", "person": "ann"})
    assert [found.code for found, _ in bound] == ["OWN", "LABS", "FIRM"]
    bound = binding([each, own, other], {"team": "green", "project": None})
    assert [(found.code, subject) for found, subject in bound] == [("EACH", "green")]


def test_a_project_with_its_own_quota_counts_on_that_alone():
    team, key = known("TEAM"), known("KEY", scope="project", subject="star", kind="lab")
    subjects = {"team": "red", "project": "star"}
    uses = [a_use(project="star"), a_use(), a_use(project="star", kind="line")]
    found = {each.quota.code: each for each in entitlements([team, key], subjects, uses)}
    assert found["KEY"].uses == (uses[0],)
    assert found["TEAM"].uses == (uses[1], uses[2])
    assert [each.quota.code for each in applying(found.values(), "lab")] == ["KEY"]
    assert [each.quota.code for each in applying(found.values(), "line")] == ["TEAM"]


def test_what_has_been_used_is_remembered_and_grows_with_each_use():
    period = period_of(at(1, 0), "week")
    before = Entitlement(quota=known(), subject="red", uses=(a_use(),))
    assert before.used(period) == 120
    assert before.with_use(a_use(on(2, 10, 11))).used(period) == 180
    assert before.used(period) == 120


@pytest.mark.parametrize(("used", "asked", "expected"), [(0, 79, False), (0, 80, True), (79, 1, True), (80, 20, False)])
def test_most_of_it_is_used_once(used, asked, expected):
    assert is_nearly_used({"per": "week", "limit": 100, "used": used, "asked": asked}) is expected


@pytest.fixture
def tell(base):
    return lambda *facts: [base.run(handlers.take_fact, fact, now=NOW) for fact in facts]


@pytest.fixture
def ask(base):
    return lambda *arguments, **fields: base.run(
        handlers.request_reservation, request(*arguments, **fields), now=NOW
    )


def exceeded(ask, *arguments, **fields):
    with pytest.raises(RuleBroken) as refusal:
        ask(*arguments, **fields)
    found = refusal.value.facts["violations"]
    assert {each["rule"] for each in found} == {"quota_exceeded"}
    return {each["facts"]["quota"]: each["facts"] for each in found}, refusal.value.facts["alternatives"]


def test_hours_of_a_team_in_a_week(tell, ask):
    tell(quota())
    ask("ann", on(1, 10, 13))
    told, alternatives = exceeded(ask, "bob", on(2, 10, 12))
    assert told["HOURS"] | {"starts_at": None, "ends_at": None} == {
        "quota": "HOURS", "scope": "team", "subject": "red", "kind": None, "per": "week", "limit": 240, "used": 180,
        "asked": 120, "starts_at": None, "ends_at": None,
    }
    assert (told["HOURS"]["starts_at"], told["HOURS"]["ends_at"]) == (at(0, 0), at(7, 0))
    assert [each["ends_at"] for each in alternatives if each["why"] == "shorter"] == [at(2, 11)]
    assert all(not at(0, 0) <= each["starts_at"] < at(7, 0) for each in alternatives if each["why"] != "shorter")
    assert {each["why"] for each in alternatives} > {"shorter"}
    ask("bob", on(7, 10, 12))
    ask("cyd", on(2, 10, 12))


def test_a_reservation_that_spans_two_weeks_counts_in_each(tell, ask):
    tell(quota())
    ask("ann", on(6, 22, 26), facility="LAB-1")
    assert exceeded(ask, "ann", on(7, 10, 13))[0]["HOURS"]["used"] == 120
    assert exceeded(ask, "ann", on(5, 10, 13), facility="LAB-1")[0]["HOURS"]["used"] == 120


def test_a_week_that_began_in_the_former_month_is_counted_whole(base, tell, ask):
    tell(quota())
    ask("ann", on(7, 10, 13))
    with pytest.raises(RuleBroken) as refusal:
        base.run(handlers.request_reservation, request("ann", on(10, 10, 12)), now=at(9, 9))
    assert refusal.value.facts["violations"][0]["facts"]["used"] == 180


def test_open_reservations_are_counted_until_they_end(base, tell, ask):
    tell(quota("OPEN", per="open", limit=2, scope="person"))
    first = ask("ann", on(1, 10, 12))
    ask("ann", on(2, 10, 12))
    assert exceeded(ask, "ann", on(3, 10, 12))[0]["OPEN"]["used"] == 2
    ask("bob", on(3, 10, 12))
    base.run(handlers.withdraw_reservation, command(CancelReservation, "ann", reservation=first["id"]), now=NOW)
    ask("ann", on(4, 10, 12))


def test_kinds_companies_and_persons(tell, ask):
    tell(quota("LINES", kind="line", limit=0), quota("FIRM", scope="company", subject="C1", limit=300))
    ask("ann", on(1, 10, 13))
    assert exceeded(ask, "cyd", on(2, 10, 13))[0]["FIRM"]["used"] == 180
    tell(quota("FIRM", 2, scope="company", subject="C1", active=False), quota("ANN", scope="person", subject="ann"))
    ask("bob", on(3, 10, 13))
    assert set(exceeded(ask, "ann", on(4, 10, 13))[0]) == {"ANN"}


def test_a_move_counts_itself_once_and_giving_time_back_is_always_allowed(base, tell, ask):
    tell(quota())
    mine = ask("ann", on(1, 10, 14))

    def move(version, **fields):
        message = command(MoveReservation, "ann", reservation=mine["id"], version=version, **fields)
        return base.run(handlers.move_reservation, message, now=NOW)

    assert move(1, starts_at=at(2, 10), ends_at=at(2, 14))["version"] == 2
    with pytest.raises(RuleBroken):
        move(2, ends_at=at(2, 14.5))
    tell(quota(version=2, limit=60))
    assert move(2, ends_at=at(2, 13))["version"] == 3
    with pytest.raises(RuleBroken):
        move(3, ends_at=at(2, 13.5))


def test_a_series_uses_its_quota_date_by_date(base, tell):
    tell(quota(limit=360))
    times = on(0, 10, 12)._asdict()
    fields = {"facility": "LAB-3", "team": "red", "purpose": "85 ℃", "rule": "FREQ=DAILY;COUNT=4", **times}
    with pytest.raises(DatesClash) as refusal:
        base.run(handlers.request_series, command(RequestSeries, "ann", **fields), now=NOW)
    (clash,) = refusal.value.facts["clashes"]
    assert (clash["date"], [each["rule"] for each in clash["violations"]]) == ("2026-11-26", ["quota_exceeded"])


def test_the_subject_is_warned_once_in_a_period(base, tell, ask):
    tell(quota(limit=600))
    for day in (0, 1, 2, 3):
        ask("ann", on(day, 10, 12.5) if day else on(day, 10, 12))
    warnings = [event for event in base.events if isinstance(event, QuotaNearlyUsed)]
    assert [(each.subject, each.used, each.limit, each.starts_at) for each in warnings] == [("red", 570, 600, at(0, 0))]


LIMITS = {"TEAM": 360, "FIRM": 900, "OPEN": 4}


class Quotas(RuleBasedStateMachine):
    """Whatever is asked, moved and given up: no subject ever holds more than its quota."""

    def __init__(self):
        super().__init__()
        self.base, self.now = FakeBase(), NOW
        half = {"off_peak_percent": 50, "peak_hours": [[600, 840]]}
        for fact in (
            *BASE, plat_05(version=2, granularity_minutes=15), quota("TEAM", limit=LIMITS["TEAM"], **half),
            quota("FIRM", scope="company", per="month", limit=LIMITS["FIRM"]),
            quota("OPEN", scope="person", per="open", limit=LIMITS["OPEN"]),
        ):
            self.base.run(handlers.take_fact, fact, now=NOW)

    def give(self, handler, message):
        try:
            self.base.run(handler, message, now=self.now)
        except Refusal:
            return

    @rule(actor=st.sampled_from(["ann", "bob", "cyd"]), span=SPANS, facility=st.sampled_from(["LAB-1", "PLAT-05"]))
    def ask(self, actor, span, facility):
        self.give(handlers.request_reservation, request(actor, span, facility))

    @precondition(lambda self: self.base.reservations)
    @rule(data=st.data(), span=SPANS)
    def move(self, data, span):
        former = self.base.reservations[data.draw(st.sampled_from(list(self.base.reservations)))]
        fields = {"version": former.version, **span._asdict()}
        self.give(handlers.move_reservation, command(MoveReservation, "ann", reservation=former.id, **fields))

    @precondition(lambda self: self.base.reservations)
    @rule(data=st.data())
    def give_up(self, data):
        reservation = data.draw(st.sampled_from(list(self.base.reservations)))
        self.give(handlers.withdraw_reservation, command(CancelReservation, "ann", reservation=reservation))

    @rule(hours=st.integers(1, 9))
    def time_passes(self, hours):
        self.now += hours * HOUR
        self.base.run(handlers.expire_due, now=self.now)

    @invariant()
    def nobody_has_more(self):
        counted = [each for each in self.base.reservations.values() if each.state in COUNTED]
        half = replace(HALF, peak_hours=((600, 840),))
        week, month = period_of(NOW + DAY, "week"), period_of(NOW + DAY, "month")
        for team in ("red", "blue"):
            used = sum(hundredths(each.span, week, half) for each in counted if each.team == team)
            assert used <= LIMITS["TEAM"] * 100
        assert sum(hundredths(each.span, month, known(per="month")) for each in counted) <= LIMITS["FIRM"] * 100
        for person in ("ann", "bob", "cyd"):
            held = [each for each in counted if each.requester == person and each.is_held]
            assert len([each for each in held if each.span.ends_at > self.now]) <= LIMITS["OPEN"]


TestQuotas = Quotas.TestCase
TestQuotas.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
