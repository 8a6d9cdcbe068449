"""Who might go a little aside so that somebody stays who would be cancelled otherwise."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.booking.domain.replan.instance import Instance
from services.booking.domain.replan.plan import Placement, Plan
from services.booking.domain.reservation import Reservation
from services.booking.domain.spans import Span
from services.booking.domain.states import State

MOST = 40
AROUND = timedelta(days=2)
MOVABLE = frozenset({State.REQUESTED, State.APPROVED})


def windows(plan: Plan, instance: Instance) -> dict[str, list[Span]]:
    """Where and when room is wanted for those who would be cancelled, by facility."""
    found: dict[str, list[Span]] = {}
    for each in plan.placements:
        if each.is_cancelled and each.reservation in instance.by_id:
            for facility in instance.targets(instance.by_id[each.reservation]):
                found.setdefault(facility.code, []).append(each.before.span.widened(AROUND, AROUND))
    return found


def neighbours(plan: Plan, instance: Instance, standing: Iterable[Reservation]) -> list[str]:
    """The nearest of those that stand there, a bounded number; never what has begun or is a step of a campaign."""
    wanted = windows(plan, instance)
    cancelled = [each for each in plan.placements if each.is_cancelled]
    known = {*instance.by_id, *(hit.id for hit in instance.kept)}
    found = [
        (distance(each, cancelled), each.id) for each in standing
        if each.id not in known and is_movable(each, instance.now)
        and any(window.overlaps(each.span) for window in wanted.get(each.facility, ()))
    ]
    return [id for _, id in sorted(found)[:MOST]]


def is_movable(each: Reservation, now: datetime) -> bool:
    return each.state in MOVABLE and each.span.starts_at > now and each.campaign is None


def distance(each: Reservation, cancelled: Iterable[Placement]) -> timedelta:
    return min(abs(each.span.starts_at - one.before.span.starts_at) for one in cancelled)
