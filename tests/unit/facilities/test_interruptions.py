"""Outages, maintenance, closures: who may, what makes sense, how they end, and how they repeat."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.commands import (
    CallOffInterruption,
    DeclareInterruption,
    DescribeInterruption,
    EndInterruption,
    ExtendInterruption,
)
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, StaleVersion, WrongState
from services.facilities import handlers
from services.facilities.domain import recurrence
from services.facilities.domain.interruption import HORIZON
from tests.unit.facilities.fakes import NOW, a_base

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REASON = {"zh-Hans": "压缩机故障"}
STEPS = {
    ExtendInterruption: handlers.extend_interruption, EndInterruption: handlers.end_interruption,
    CallOffInterruption: handlers.call_off_interruption, DescribeInterruption: handlers.describe_interruption,
}


@pytest.fixture
def uow():
    return a_base()


def declare(uow, actor="keeper", now=NOW, **fields):
    asked = {
        "kind": "outage", "facility": "LAB-1", "starts_at": NOW - HOUR, "ends_at": NOW + 3 * HOUR, "reason": REASON,
        "note": "供应商周三到场", **fields,
    }
    return handlers.declare_interruption(DeclareInterruption(actor=actor, request_key="k", **asked), uow, now)


def declared(uow, **fields):
    return declare(uow, **fields)["interruption"]


def step(uow, kind, interruption, actor="keeper", now=NOW, **fields):
    return STEPS[kind](kind(actor=actor, request_key="k", interruption=interruption, **fields), uow, now)


def spans_of(uow):
    """What was told last, as hours from NOW."""
    return [
        tuple((datetime.fromisoformat(span[name]) - NOW) / HOUR for name in ("starts_at", "ends_at"))
        for span in uow.events[-1].spans
    ]


def errors_of(uow, **fields):
    with pytest.raises(InvalidInput) as refused:
        declare(uow, **fields)
    return refused.value.facts["errors"]


class TestDeclaring:
    def test_it_is_kept_and_told_without_the_note(self, uow):
        answer = declare(uow, unit="A", open_end=True)
        (fact,) = uow.events
        assert (fact.interruption, fact.version) == (answer["interruption"], 1)
        assert (fact.kind, fact.site, fact.facility, fact.unit, fact.open_end) == ("outage", "BASE", "LAB-1", "A", True)
        assert (fact.reason, fact.actor, spans_of(uow)) == (REASON, "keeper", [(-1, 3)])
        assert uow.interruptions.get(fact.interruption).note not in str(vars(fact))

    def test_a_closure_takes_a_whole_site(self, uow):
        declare(uow, "chief", kind="closure", facility=None, site="BASE")
        assert (uow.events[0].kind, uow.events[0].facility, uow.events[0].site) == ("closure", None, "BASE")

    @pytest.mark.parametrize(("actor", "fields"), [
        ("member", {}), ("gone", {}), ("former", {}), ("nobody", {}), ("keeper", {"facility": "LAB-2"}),
        ("keeper", {"kind": "closure", "facility": None}), ("keeper", {"kind": "closure"}),
    ])
    def test_others_take_nothing_away(self, uow, actor, fields):
        with pytest.raises(NotAllowed):
            declare(uow, actor, **fields)

    @pytest.mark.parametrize(("fields", "expected"), [
        ({"ends_at": NOW - 2 * HOUR}, {"ends_at": ["ends_before_start"]}),
        ({"ends_at": NOW - HOUR / 2}, {"ends_at": ["in_the_past"]}),
        ({"ends_at": NOW + 400 * DAY}, {"ends_at": ["too_long"]}),
        ({"starts_at": NOW - 40 * DAY}, {"starts_at": ["in_the_past"]}),
        ({"facility": "LAB-7"}, {"facility": ["unknown"]}),
        ({"facility": None}, {"facility": ["required"]}),
        ({"unit": "Z"}, {"unit": ["unknown_unit"]}),
        ({"kind": "closure", "facility": None, "site": "NORTH"}, {"site": ["unknown"]}),
        ({"kind": "closure", "site": "BASE"}, {"facility": ["not_for_this_kind"]}),
        ({"kind": "closure", "facility": None}, {"site": ["required"]}),
        ({"site": "BASE"}, {"site": ["not_for_this_kind"]}),
        ({"kind": "maintenance", "open_end": True}, {"open_end": ["not_for_this_kind"]}),
        ({"rule": "FREQ=DAILY"}, {"rule": ["not_for_this_kind"]}),
        ({"reason": {"zh-Hans": " "}}, {"reason": ["required"]}),
        ({"reason": {"fr": "panne"}}, {"reason.fr": ["unknown_language"]}),
    ])
    def test_what_makes_no_sense(self, uow, fields, expected):
        assert errors_of(uow, actor="admin", **fields) == expected

    def test_everything_wrong_is_told_at_once(self, uow):
        found = errors_of(uow, actor="admin", facility="LAB-7", ends_at=NOW - DAY, reason={}, rule="FREQ=DAILY")
        assert set(found) == {"facility", "ends_at", "reason", "rule"}


class TestSteps:
    def test_ended_early(self, uow):
        outage = declared(uow, open_end=True)
        step(uow, EndInterruption, outage, now=NOW + HOUR)
        assert (spans_of(uow), uow.events[-1].version, uow.events[-1].open_end) == ([(-1, 1)], 2, False)
        with pytest.raises(WrongState):
            step(uow, EndInterruption, outage, now=NOW + 2 * HOUR)

    def test_extended_and_shortened(self, uow):
        outage = declared(uow)
        step(uow, ExtendInterruption, outage, ends_at=NOW + 9 * HOUR, version=1)
        assert spans_of(uow) == [(-1, 9)]
        step(uow, ExtendInterruption, outage, ends_at=NOW + HOUR)
        assert spans_of(uow) == [(-1, 1)]

    @pytest.mark.parametrize(("hours", "word"), [(0, "in_the_past"), (-2, "ends_before_start"), (9999, "too_long")])
    def test_an_end_lies_ahead(self, uow, hours, word):
        outage = declared(uow)
        with pytest.raises(InvalidInput) as refused:
            step(uow, ExtendInterruption, outage, ends_at=NOW + hours * HOUR)
        assert refused.value.facts["errors"] == {"ends_at": [word]}

    def test_what_is_over_is_over(self, uow):
        outage = declared(uow)
        for kind, more in ((ExtendInterruption, {"ends_at": NOW + 9 * DAY}), (CallOffInterruption, {})):
            with pytest.raises(WrongState):
                step(uow, kind, outage, now=NOW + DAY, **more)

    def test_called_off_before_and_while_it_runs(self, uow):
        planned = declared(uow, kind="maintenance", starts_at=NOW + HOUR)
        step(uow, CallOffInterruption, planned)
        assert spans_of(uow) == []
        running = declared(uow)
        step(uow, CallOffInterruption, running)
        assert spans_of(uow) == [(-1, 0)]

    def test_another_reason_is_told_and_the_same_is_not(self, uow):
        outage = declared(uow)
        step(uow, DescribeInterruption, outage, reason={"en": "Leak"}, note="x")
        assert (uow.events[-1].reason, uow.events[-1].version) == ({"en": "Leak"}, 2)
        assert step(uow, DescribeInterruption, outage, reason={"en": "Leak"}, note="x")["version"] == 2
        assert len(uow.events) == 2

    @pytest.mark.parametrize("kind", [EndInterruption, CallOffInterruption])
    def test_rights_and_versions(self, uow, kind):
        outage = declared(uow)
        with pytest.raises(NotAllowed):
            step(uow, kind, outage, "member")
        with pytest.raises(StaleVersion):
            step(uow, kind, outage, version=7)
        with pytest.raises(NotFound):
            step(uow, kind, "00000000-0000-0000-0000-000000000000")


class TestOpenEnd:
    def test_it_moves_on_until_somebody_ends_it(self, uow):
        outage = declared(uow, open_end=True)
        assert handlers.move_on(uow, NOW + 2 * HOUR) == 0
        assert handlers.move_on(uow, NOW + 2.5 * HOUR) == 1
        assert (spans_of(uow), uow.events[-1].actor) == ([(-1, 4)], "")
        assert handlers.move_on(uow, NOW + 50 * HOUR) == 1
        assert spans_of(uow) == [(-1, 51)]
        step(uow, EndInterruption, outage, now=NOW + 50.5 * HOUR)
        assert handlers.move_on(uow, NOW + 90 * HOUR) == 0

    def test_a_certain_end_stays(self, uow):
        declare(uow)
        assert handlers.move_on(uow, NOW + 9 * HOUR) == 0


WEEKLY = {"kind": "maintenance", "starts_at": NOW + HOUR, "ends_at": NOW + 3 * HOUR, "rule": "FREQ=WEEKLY;COUNT=3"}


class TestRepeated:
    def test_each_stretch_is_told(self, uow):
        declare(uow, **WEEKLY)
        assert spans_of(uow) == [(1, 3), (169, 171), (337, 339)]

    def test_the_one_that_runs_ends_and_the_others_stay(self, uow):
        step(uow, EndInterruption, declared(uow, **WEEKLY), now=NOW + 2 * HOUR)
        assert spans_of(uow) == [(1, 2), (169, 171), (337, 339)]

    def test_the_next_one_is_extended_but_not_into_the_one_after(self, uow):
        repeated = declared(uow, **WEEKLY)
        step(uow, ExtendInterruption, repeated, ends_at=NOW + 170 * HOUR, now=NOW + 4 * HOUR)
        assert spans_of(uow) == [(1, 3), (169, 170), (337, 339)]
        with pytest.raises(InvalidInput):
            step(uow, ExtendInterruption, repeated, ends_at=NOW + 338 * HOUR, now=NOW + 4 * HOUR)

    def test_called_off_leaves_what_was(self, uow):
        repeated = declared(uow, **WEEKLY)
        step(uow, CallOffInterruption, repeated, now=NOW + 170 * HOUR)
        assert spans_of(uow) == [(1, 3), (169, 170)]
        assert handlers.top_up(uow, NOW + 900 * DAY) == 0

    def test_the_horizon_moves_on_and_nothing_comes_twice(self, uow):
        declare(uow, **WEEKLY | {"rule": "FREQ=WEEKLY"})
        before = spans_of(uow)
        assert handlers.top_up(uow, NOW + DAY) == 0
        assert handlers.top_up(uow, NOW + 60 * DAY) == 1
        after = spans_of(uow)
        assert after[:len(before)] == before
        assert all(later[0] - earlier[0] == 168 for earlier, later in pairwise(after))
        assert after[-1][0] * HOUR > HORIZON + 50 * DAY
        assert uow.events[-1].version == 2

    def test_what_has_come_to_its_last_date_tells_nothing_more(self, uow):
        declare(uow, **WEEKLY)
        assert handlers.top_up(uow, NOW + 60 * DAY) == 1
        assert len(uow.events) == 1
        assert handlers.top_up(uow, NOW + 61 * DAY) == 0

    @pytest.mark.parametrize(("rule", "word"), [
        ("FREQ=DAILY;INTERVAL=2", None), ("FREQ=WEEKLY;BYDAY=MO,FR", None), ("FREQ=MONTHLY;BYDAY=-1FR", None),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", None), ("FREQ=DAILY;UNTIL=20260401", None),
        ("FREQ=DAILY;UNTIL=20260401T000000Z", None), ("FREQ=DAILY;UNTIL=20250401", "never"),
        ("FREQ=SECONDLY", "malformed"), ("FREQ=YEARLY", "malformed"), ("FREQ=DAILY;BYMONTH=2", "malformed"),
        ("FREQ=DAILY;FREQ=DAILY", "malformed"), ("FREQ=WEEKLY;BYDAY=2MO", "malformed"), ("DAILY", "malformed"),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "malformed"), ("RRULE:FREQ=DAILY", "malformed"),
        ("FREQ=DAILY;UNTIL=20261399", "malformed"), ("FREQ=DAILY;COUNT=0", "malformed"),
    ])
    def test_rules_that_are_taken(self, uow, rule, word):
        if word is None:
            assert len(declare(uow, **WEEKLY | {"rule": rule})["spans"]) > 1
        else:
            assert errors_of(uow, **WEEKLY | {"rule": rule}) == {"rule": [word]}

    def test_it_is_over_before_it_begins_again(self, uow):
        fields = WEEKLY | {"ends_at": NOW + 30 * HOUR, "rule": "FREQ=DAILY"}
        assert errors_of(uow, **fields) == {"rule": ["overlapping"]}

    @given(st.integers(0, 10**5), st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]), st.integers(1, 9))
    def test_it_begins_at_the_same_local_time(self, minutes, frequency, interval):
        first = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        rule = f"FREQ={frequency};INTERVAL={interval};COUNT=9"
        local = {start.astimezone(ZoneInfo("Asia/Shanghai")).time() for start in recurrence.starts(rule, first)}
        assert local == {first.astimezone(ZoneInfo("Asia/Shanghai")).time()}
