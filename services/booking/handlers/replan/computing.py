"""Plans for those that wait for one: one at once, then a better one by the solver's process.

    waiting ──plan_at_once──► computing, with a plan ──take, solve, finish──► proposed

Where the solver's process does not answer, booking itself finds the plan at once, and proposes it after a while.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from services.booking.domain.replan.checker import faults
from services.booking.domain.replan.greedy import greedy
from services.booking.domain.replan.instance import Instance
from services.booking.domain.replan.neighbours import neighbours, windows
from services.booking.domain.replan.plan import Plan
from services.booking.domain.replan.replan import Replan, ReplanState
from services.booking.domain.spans import Span
from services.booking.handlers.replan.loading import instance_of
from services.booking.handlers.replan.recording import note

log = logging.getLogger(__name__)

BATCH = 5
LEASE = timedelta(seconds=10)
"""So long whoever computes may keep silent before another takes it."""

PATIENCE = timedelta(seconds=3)
ABANDONED = timedelta(seconds=60)


def plan_at_once(uow: Any, now: datetime, patience: timedelta = timedelta(0)) -> int:
    """The first plan for those that have none. Returns how many there were."""
    waiting = uow.replans.unplanned(now - patience / uow.time_scale, BATCH)
    for replan in waiting:
        plan = greedy(instance_of(replan, uow, now))
        planned = replan.with_plan(plan, ReplanState.COMPUTING)
        uow.replans.change(planned)
        note(uow, planned, goals=planned.plan.goals._asdict())
    return len(waiting)


def plan_anyhow(uow: Any, now: datetime) -> int:
    """What the solver's process leaves undone: a plan is found at once, or what was found is proposed."""
    found = plan_at_once(uow, now, PATIENCE)
    for replan in uow.replans.forgotten(now - ABANDONED / uow.time_scale, BATCH):
        uow.replans.change(replan.with_plan(replan.plan, ReplanState.PROPOSED))
        found += 1
    return found


def take(uow: Any, now: datetime) -> tuple[Replan, Instance] | None:
    """A re-plan to find a better plan for, and what it is made from. Nobody else takes it during the lease."""
    replan = uow.replans.take(now, now + LEASE)
    return (replan, instance_of(replan, uow, now)) if replan else None


def tell_progress(replan: Replan, progress: dict[str, Any], uow: Any, now: datetime) -> bool:
    """Whether a better plan is still wanted."""
    return uow.replans.tell_progress(replan, progress, now + LEASE)


def with_neighbours(replan: Replan, instance: Instance, plan: Plan, uow: Any, now: datetime) -> Instance | None:
    """The same with some who were not hit and may go a little aside; None when there is nobody."""
    wanted = windows(plan, instance)
    if not wanted:
        return None
    reach = Span(
        min(each.starts_at for spans in wanted.values() for each in spans),
        max(each.ends_at for spans in wanted.values() for each in spans))
    found = neighbours(plan, instance, uow.replans.standing(sorted(wanted), reach))
    return instance_of(replan, uow, now, neighbours=found) if found else None


def finish(replan: Replan, instance: Instance, plan: Plan, uow: Any, now: datetime) -> bool:
    """Propose the better plan, or the one that is there when it is none or breaks a rule.

    Returns whether it was still wanted: meanwhile somebody may have decided, or had it made again.
    """
    present, _ = uow.replans.locked(replan.id, "")
    if present is None or (present.version, present.state) != (replan.version, ReplanState.COMPUTING):
        return False
    wrong = faults(instance, plan)
    if wrong:
        log.error("a plan of the solver was refused", extra={"replan": replan.id, "faults": wrong[:5]})
    is_better = not wrong and plan.goals <= replan.plan.goals
    proposed = present.with_plan(plan if is_better else replan.plan, ReplanState.PROPOSED)
    uow.replans.change(proposed)
    note(uow, proposed, goals=proposed.plan.goals._asdict(), method=proposed.plan.method)
    return True
