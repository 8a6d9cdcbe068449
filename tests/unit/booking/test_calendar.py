"""Which hours a facility keeps on a date: exception, holiday, make-up working day, week; in this order."""

from dataclasses import replace
from datetime import date, timedelta

import chinese_calendar
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.calendar import Calendar, Opening, calendar_of, exceptions_of
from services.booking.domain.rules import broken_rules
from services.booking.domain.wish import Wish
from tests.strategies import MONDAY, QUARTER, facilities, hours_of_a_day, spans
from tests.unit.booking.examples import ALL_DAY, DAY, NOW, OFFICE, facility_changed, lab_1, on
from tests.unit.booking.test_rules import broken, facility

NAMES = {"zh-Hans": "元旦", "en": "New Year"}
SATURDAY, NEXT_MONDAY = "2026-11-28", "2026-11-30"
DATES = st.dates(date(2026, 11, 1), date(2027, 2, 1))
CALENDARS = st.builds(
    lambda holidays, working: Calendar(
        holidays=dict.fromkeys(holidays, NAMES), working_days=dict.fromkeys(working - holidays, NAMES)),
    st.frozensets(DATES, max_size=9), st.frozensets(DATES, max_size=4),
)
EXCEPTIONS = st.dictionaries(DATES, hours_of_a_day().map(lambda hours: {"hours": hours}), max_size=6)


def holiday(day, kind="holiday"):
    return {"date": day, "kind": kind, "names": NAMES}


def on_calendar(*days, **changes):
    return replace(facility(**changes), calendar=calendar_of(days))


@st.composite
def openings(draw):
    return Opening(
        weekdays=tuple(draw(hours_of_a_day()) for _ in range(7)), calendar=draw(CALENDARS),
        open_on_holidays=draw(st.booleans()), exceptions=draw(EXCEPTIONS),
    )


@given(openings(), DATES)
def test_what_says_anything_first_counts(opening, day):
    expected = opening.weekdays[day.weekday()]
    if day in opening.calendar.working_days:
        expected = opening.weekdays[0]
    if day in opening.calendar.holidays and not opening.open_on_holidays:
        expected = ()
    if day in opening.exceptions:
        expected = opening.exceptions[day]["hours"]
    assert opening.hours_on(day) == expected


@given(openings(), DATES)
def test_a_day_that_does_not_follow_the_week_is_told_as_such(opening, day):
    special = opening.special_on(day)
    if special is None:
        assert opening.hours_on(day) == opening.weekdays[day.weekday()]
    else:
        assert day in opening.special_dates
        assert special["date"] == day.isoformat()


@given(DATES, hours_of_a_day())
def test_exceptions_are_read_as_they_are_told(day, hours):
    entry = {"date": day.isoformat(), "hours": [list(pair) for pair in hours], "names": NAMES}
    assert exceptions_of([entry])[day]["hours"] == hours


def test_a_holiday_closes_and_names_itself():
    rules = on_calendar(holiday(NEXT_MONDAY))
    assert broken(on(7, 10, 12), rules) == ["outside_opening_hours"]
    (violation,) = broken_rules(Wish(span=on(7, 10, 12)), rules, NOW)
    assert violation.facts == {"opens": [()], "special": [holiday(NEXT_MONDAY)]}
    assert broken(on(8, 10, 12), rules) == []


def test_a_facility_may_stay_open_on_holidays():
    assert broken(on(7, 10, 12), on_calendar(holiday(NEXT_MONDAY), on_holidays="open")) == []


def test_a_make_up_day_has_mondays_hours():
    hours = [[[600, 1080]], *[OFFICE] * 4, [], []]
    rules = on_calendar(holiday(SATURDAY, "working_day"), opening_hours=hours)
    assert broken(on(5, 10, 12), rules) == []
    assert broken(on(5, 8, 10), rules) == ["outside_opening_hours"]
    assert broken(on(6, 10, 12), rules) == ["outside_opening_hours"]


def test_an_exception_wins_over_a_holiday_and_over_the_week():
    exceptions = [{"date": NEXT_MONDAY, "hours": [[600, 720]], "names": {}}, {"date": "2026-12-01", "hours": []}]
    rules = on_calendar(holiday(NEXT_MONDAY), date_exceptions=exceptions)
    assert broken(on(7, 10, 12), rules) == []
    assert broken(on(8, 10, 12), rules) == ["outside_opening_hours"]


def test_a_run_of_a_thousand_hours_crosses_holidays_where_the_lab_stays_open():
    days = [holiday(f"2026-12-{day:02}") for day in (1, 2, 3)]
    run = Wish(span=on(1, 10, 10 + 1000))
    open_lab = replace(facility(lab_1(on_holidays="open")), calendar=calendar_of(days))
    closed_lab = replace(facility(lab_1()), calendar=calendar_of(days))
    assert broken_rules(run, open_lab, NOW) == []
    assert [each.rule for each in broken_rules(run, closed_lab, NOW)] == ["outside_opening_hours"]


def test_an_open_night_ends_where_a_holiday_begins():
    rules = on_calendar(holiday(NEXT_MONDAY), opening_hours=[ALL_DAY] * 7, longest_minutes=4000)
    assert broken(on(6, 20, 24), rules) == []
    assert broken(on(6, 20, 25), rules) == ["outside_opening_hours"]
    assert broken(on(7, 23, 26), rules) == ["outside_opening_hours"]
    assert broken(on(8, 0, 10 - 4), rules) == []


@given(st.data())
def test_open_throughout_means_open_at_every_step_with_any_calendar(data):
    """Against a walk through the time in steps, over days that follow no week."""
    rules = replace(
        data.draw(facilities()), active=True, calendar=data.draw(CALENDARS),
        on_holidays=data.draw(st.sampled_from(["open", "closed"])),
    )
    span = data.draw(spans(longest=timedelta(days=10)))
    instants = [span.starts_at + count * QUARTER for count in range(int(span.length / QUARTER))]
    is_open = all(
        any(opens <= left // timedelta(minutes=1) < closes for opens, closes in rules.hours_on(MONDAY + day * DAY))
        for day, left in (divmod(instant - MONDAY, DAY) for instant in instants)
    )
    assert ("outside_opening_hours" in broken(span, rules)) != is_open


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_the_published_year_2026(day):
    """Both halves of each make-up: the weekend that is worked and the weekday that is not."""
    days = [
        {"date": each.isoformat(), "kind": kind, "names": NAMES}
        for kind, published in (("holiday", chinese_calendar.holidays), ("working_day", chinese_calendar.workdays))
        for each in published if each.year == 2026
    ]
    opening = replace(facility(facility_changed()), calendar=calendar_of(days)).opening
    assert bool(opening.hours_on(day)) == chinese_calendar.is_workday(day)
