"""What the demo's runs leave behind: one that goes on past its end, and faults that were told at check-out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from deploy.demo.lives import Step
from deploy.demo.plans import Plan
from services.booking.domain.states import Action

NOT_LONG_AGO = timedelta(hours=3)
"""An overrun is still open by then: the system checks out four hours after an end."""

RECENT = timedelta(days=2)


def with_one_overrunning(plans: Sequence[Plan], now: datetime) -> list[Plan]:
    """The run that ended last, if that is not long ago, has not been checked out; nobody came after it."""
    over = [plan for plan in plans if is_over(plan, now) and now - plan.span.ends_at < NOT_LONG_AGO]
    last = max((plan for plan in over if not is_followed(plan, plans, now)), key=lambda each: each.span, default=None)
    return [replace(each, steps=each.steps[:-1]) if each is last else each for each in plans]


def is_over(plan: Plan, now: datetime) -> bool:
    return plan.unit is not None and plan.span.ends_at <= now and plan.steps[-1].action is Action.CHECK_OUT


def is_followed(plan: Plan, plans: Sequence[Plan], now: datetime) -> bool:
    """Whether somebody has come to its unit since."""
    place = (plan.facility, plan.unit)
    after = [each for each in plans if (each.facility, each.unit) == place]
    return any(plan.span.ends_at <= each.span.starts_at <= now for each in after)


def with_faults(plans: Sequence[Plan], faults: Sequence[str], now: datetime) -> list[Plan]:
    """The newest runs that were checked out tell what is broken, one each."""
    ended = [plan for plan in plans if plan.steps[-1].action is Action.CHECK_OUT and plan.steps[-1].at <= now]
    newest = sorted((plan for plan in ended if now - plan.steps[-1].at < RECENT), key=lambda each: each.steps[-1].at)
    told = dict(zip(map(id, newest[-len(faults):] if faults else []), faults, strict=False))
    return [replace(each, steps=telling(each.steps, told[id(each)])) if id(each) in told else each for each in plans]


def telling(steps: Sequence[Step], fault: str) -> list[Step]:
    return [*steps[:-1], replace(steps[-1], reason=fault)]
