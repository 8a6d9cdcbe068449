"""The demo leaves one run past its end, and faults that were told."""

from datetime import UTC, datetime, timedelta

from deploy.demo.lives import Step
from deploy.demo.plans import Plan
from deploy.demo.signs_of_use import with_faults, with_one_overrunning
from services.booking.domain.spans import Span
from services.booking.domain.states import Action

NOW = datetime(2026, 11, 25, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


def plan(ended_hours_ago, unit="A", last=Action.CHECK_OUT):
    ends_at = NOW - ended_hours_ago * HOUR
    span = Span(ends_at - 2 * HOUR, ends_at)
    steps = [Step(span.starts_at - HOUR, Action.REQUEST), Step(span.starts_at, Action.CHECK_IN), Step(ends_at, last)]
    return Plan(
        facility="LAB-3", unit=unit, span=span, team="team-01", requester="lead01", project="p", purpose="p",
        steps=steps,
    )


def test_the_run_that_ended_last_is_not_checked_out():
    earlier, latest, later = plan(2.5, "B"), plan(1, "A"), plan(-2, "C")
    changed = with_one_overrunning([earlier, latest, later], NOW)
    assert [each.steps[-1].action for each in changed] == [Action.CHECK_OUT, Action.CHECK_IN, Action.CHECK_OUT]


def test_none_overruns_long_ago_or_where_others_have_come_since():
    assert with_one_overrunning([plan(4)], NOW) == [plan(4)]
    followed = [plan(2), plan(-1)]
    assert with_one_overrunning(followed, NOW) == followed
    assert with_one_overrunning([], NOW) == []


def test_the_newest_check_outs_tell_the_faults():
    plans = [plan(30), plan(5), plan(3), plan(1, last=Action.CANCEL), plan(100)]
    told = with_faults(plans, ["no vacuum", "no light"], NOW)
    assert [each.steps[-1].reason for each in told] == ["", "no vacuum", "no light", "", ""]
    assert with_faults(plans, [], NOW) == plans
