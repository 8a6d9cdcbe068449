"""Rules of repetition: which are understood, on which local dates they fall, and clocks that change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.recurrence import MOST_DATES, REACH, WEEKDAYS, WrongRule, rule_of
from services.booking.domain.series import Pattern, pattern_of
from services.booking.domain.spans import Span

BASE = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = date(2026, 11, 26)


def rule(text, zone=BASE, clock=time(9)):
    return rule_of(text, zone, clock)


def dates(text, first=THURSDAY):
    return [f"{day:%m-%d}" for day in rule(text).dates(first)]


@pytest.mark.parametrize(("text", "expected"), [
    ("FREQ=DAILY;COUNT=3", ["11-26", "11-27", "11-28"]),
    ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=3", ["11-26", "11-27", "11-30"]),
    ("RRULE:FREQ=WEEKLY;UNTIL=20261210", ["11-26", "12-03", "12-10"]),
    ("freq=weekly;interval=2;byday=mo,th;count=4;wkst=mo", ["11-26", "12-07", "12-10", "12-21"]),
    ("FREQ=MONTHLY;COUNT=2", ["11-26", "12-26"]),
    ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", ["12-31", "01-31", "03-31"]),
    ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", ["11-30", "12-31", "01-31"]),
    ("FREQ=MONTHLY;BYDAY=2TU;COUNT=2", ["12-08", "01-12"]),
    ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["11-27", "12-25"]),
    ("FREQ=DAILY;UNTIL=20261128T010000Z", ["11-26", "11-27", "11-28"]),
    ("FREQ=DAILY;UNTIL=20261128T005959Z", ["11-26", "11-27"]),
])
def test_the_dates_of_a_rule(text, expected):
    assert dates(text) == expected


@pytest.mark.parametrize(("text", "word"), [
    ("", "rule_malformed"), ("every monday", "rule_malformed"), ("FREQ=DAILY;COUNT", "rule_malformed"),
    ("FREQ=DAILY;COUNT=3;COUNT=4", "rule_malformed"), ("COUNT=3", "rule_malformed"),
    ("FREQ=DAILY;COUNT=0", "rule_malformed"), ("FREQ=DAILY;COUNT=-1", "rule_malformed"),
    ("FREQ=DAILY;INTERVAL=100;COUNT=2", "rule_malformed"), ("FREQ=WEEKLY;BYDAY=XX;COUNT=2", "rule_malformed"),
    ("FREQ=MONTHLY;BYMONTHDAY=32;COUNT=2", "rule_malformed"), ("FREQ=DAILY;UNTIL=2026-W01", "rule_malformed"),
    ("FREQ=DAILY;UNTIL=20261301", "rule_malformed"), ("FREQ=DAILY;UNTIL=00010101T000000Z", "rule_malformed"),
    ("FREQ=YEARLY;COUNT=3", "rule_frequency"), ("FREQ=SECONDLY;COUNT=3", "rule_frequency"),
    ("FREQ=DAILY", "rule_endless"), ("FREQ=DAILY;COUNT=3;UNTIL=20261201", "rule_both_ends"),
    ("FREQ=MONTHLY;BYSETPOS=1;COUNT=3", "rule_part_unknown"), ("FREQ=WEEKLY;WKST=SU;COUNT=3", "rule_part_unknown"),
    ("FREQ=WEEKLY;BYDAY=2TU;COUNT=3", "rule_part_unknown"), ("FREQ=DAILY;BYMONTHDAY=3;COUNT=3", "rule_part_unknown"),
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3", "rule_part_unknown"),
    ("FREQ=DAILY;COUNT=201", "rule_too_long"), ("FREQ=DAILY;UNTIL=20271231", "rule_too_long"),
    ("FREQ=DAILY;UNTIL=20261125", "rule_without_dates"), ("FREQ=MONTHLY;COUNT=40", "rule_too_far"),
    ("FREQ=MONTHLY;INTERVAL=40;BYMONTHDAY=26;COUNT=2", "rule_too_far"), ("FREQ=MONTHLY;UNTIL=20991231", "rule_too_far"),
])
def test_every_other_rule_is_refused_with_a_word(text, word):
    with pytest.raises(WrongRule) as refused:
        rule(text).dates(THURSDAY)
    assert str(refused.value) == word


def ends():
    until = st.integers(0, 700).map(lambda days: f"UNTIL={THURSDAY + timedelta(days=days):%Y%m%d}")
    return st.integers(1, MOST_DATES).map(lambda count: f"COUNT={count}") | until


def parts():
    days = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4, unique=True).map(",".join)
    placed = st.builds("{}{}".format, st.sampled_from([1, 2, 3, 4, -1]), st.sampled_from(WEEKDAYS))
    return st.one_of(
        st.just("FREQ=DAILY"), days.map("FREQ=DAILY;BYDAY={}".format), st.just("FREQ=WEEKLY"),
        days.map("FREQ=WEEKLY;BYDAY={}".format), st.just("FREQ=MONTHLY"), placed.map("FREQ=MONTHLY;BYDAY={}".format),
        st.integers(-31, 31).filter(bool).map("FREQ=MONTHLY;BYMONTHDAY={}".format),
    )


RULES = st.builds("{};INTERVAL={};{}".format, parts(), st.integers(1, 4), ends())


@given(text=RULES, first=st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_rule_is_what_the_standard_says_or_refused(text, first):
    """dateutil reads the text itself and its dates are ours."""
    try:
        found = rule(text).dates(first)
    except WrongRule:
        return
    known = rrulestr(text, dtstart=datetime.combine(first, time()))
    assert found == [instant.date() for instant in known]
    assert 0 < len(found) <= MOST_DATES
    assert found[-1] <= first + REACH


@given(text=RULES, more=st.integers(1, 30))
def test_a_longer_rule_has_the_same_dates_and_so_many_more(text, more):
    known = rule(text)
    try:
        before = known.dates(THURSDAY)
        longer = known.longer(THURSDAY, more)
        after = longer.dates(THURSDAY)
    except WrongRule:
        return
    assert after[:len(before)] == before
    assert len(after) == len(before) + more
    assert rule(str(longer)) == longer


@given(text=RULES)
def test_a_rule_is_kept_as_its_text(text):
    assert rule(str(rule(text))) == rule(text)


def pattern(minute, **changes):
    return Pattern(starting=THURSDAY, facility="LAB-1", unit=None, minute=minute, length_minutes=120, **changes)


@pytest.mark.parametrize(("day", "minute", "starts_at"), [
    (date(2026, 10, 24), 9 * 60, datetime(2026, 10, 24, 7, tzinfo=UTC)),
    (date(2026, 10, 26), 9 * 60, datetime(2026, 10, 26, 8, tzinfo=UTC)),
    (date(2027, 3, 28), 2 * 60 + 30, datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # is not there: 03:30, after the gap
    (date(2026, 10, 25), 2 * 60 + 30, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # is there twice: the first
])
def test_the_clock_on_the_wall_is_kept_where_clocks_change(day, minute, starts_at):
    assert pattern(minute).span_on(day, BERLIN) == Span(starts_at, starts_at + timedelta(hours=2))


@given(day=st.dates(date(2026, 1, 1), date(2030, 12, 31)), minute=st.integers(0, 1439), zone=st.sampled_from([
    BASE, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kolkata")]))
def test_a_member_starts_at_the_series_clock_or_after_the_gap_and_lasts_as_long_as_all(day, minute, zone):
    starts_at, ends_at = pattern(minute).span_on(day, zone)
    assert ends_at - starts_at == timedelta(hours=2)
    local = starts_at.astimezone(zone)
    wall = datetime.combine(day, time(*divmod(minute, 60)))
    late = local.replace(tzinfo=None) - wall
    assert late in (timedelta(0), timedelta(minutes=30), timedelta(hours=1))
    assert local.fold == 0
    if late:  # only where that wall time is missing: it does not come back as itself
        assert wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall


@given(day=st.dates(date(2026, 1, 1), date(2027, 12, 31)), minute=st.integers(0, 1439), zone=st.sampled_from([
    BASE, BERLIN]))
def test_a_pattern_is_found_in_its_first_member(day, minute, zone):
    first = pattern(minute).span_on(day, zone)
    found = pattern_of(first, zone, "LAB-1", None)
    assert found.span_on(found.starting, zone) == first
