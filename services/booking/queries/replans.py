"""Re-plans for those who decide on them, and for the teams what became of their reservations.

What is of facilities that somebody does not manage, and of teams that are not theirs, is counted and not shown.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.replan.cause import told_to_teams
from services.booking.domain.replan.displacement import Displacement
from services.booking.domain.replan.plan import Placement
from services.booking.domain.replan.replan import Replan, may_accept, may_revise, may_see
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person, managed, sees, sees_all
from services.booking.handlers.moving import wish_of
from services.booking.handlers.placing import offers
from services.booking.handlers.quotas import entitled
from services.booking.queries.arguments import ReplansListed, asking, load
from services.booking.queries.reservations import known_id
from services.booking.storage.replans import DISPLACEMENT, REPLAN, displacement_of, replan_of
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.errors import NotFound

MOST = 100
SEEN = "(%(sees_all)s OR n.places && %(managed)s::text[])"
SOME = f"""
    SELECT {REPLAN} FROM replans n
     WHERE {SEEN} AND (%(state)s::text IS NULL OR n.state = %(state)s)
       AND (%(interruption)s::text IS NULL OR n.cause ->> 'interruption' = %(interruption)s)
     ORDER BY n.state NOT IN ('computing', 'proposed'), n.created_at DESC, n.replan LIMIT {MOST}"""
OPEN = f"SELECT count(*) FROM replans n WHERE {SEEN} AND n.state IN ('computing', 'proposed')"
ONE = f"SELECT {REPLAN} FROM replans n WHERE n.replan = %(replan)s"
NAMES = """
    SELECT r.reservation::text AS id, r.version, r.state, r.purpose, r.project, r.campaign::text, r.team,
           t.name AS team_name, d.answer, d.answer_by
      FROM reservations r LEFT JOIN teams t ON t.team = r.team
      LEFT JOIN displacements d ON d.reservation = r.reservation AND d.replan = %(replan)s
     WHERE r.reservation = ANY(%(ids)s::uuid[])"""
TEAM_NAME = "SELECT name FROM teams WHERE team = %(team)s"
DISPLACED = f"""
    SELECT {DISPLACEMENT}, n.cause
      FROM displacements d JOIN replans n USING (replan) JOIN reservations r ON r.reservation = d.reservation
     WHERE d.answer = 'none' AND d.answer_by > %(now)s AND r.team = ANY(%(teams)s::text[])
       AND (%(reservation)s::uuid IS NULL OR d.reservation = %(reservation)s)
     ORDER BY d.answer_by, d.reservation LIMIT {MOST}"""


def replans(
    connection: Any, actor: str, state: str | None = None, interruption: str | None = None,
) -> dict[str, Any]:
    """Those about facilities that the actor manages, the open ones first, then the latest.

    Each as ``replan`` tells it, without its items. Raises InvalidInput, NotAllowed.
    """
    given = load(ReplansListed, state=state, interruption=interruption)
    person = asking(connection, actor)
    rows = connection.exec_driver_sql(SOME, vars(given) | sight(person))
    return {"items": [head(replan_of(row), person, connection) for row in rows]}


def replans_count(connection: Any, actor: str) -> dict[str, int]:
    """How many are still to be decided."""
    return {"count": connection.exec_driver_sql(OPEN, sight(asking(connection, actor))).scalar_one()}


def replan(connection: Any, actor: str, replan: str) -> dict[str, Any]:
    """One with its items: what becomes of each reservation. Raises NotFound, NotAllowed."""
    person = asking(connection, actor)
    row = connection.exec_driver_sql(ONE, {"replan": known_id(replan)}).first()
    if row is None or not may_see(person, kept := replan_of(row)):
        raise NotFound
    placements = kept.plan.placements if kept.plan else ()
    names = {"ids": [each.reservation for each in placements], "replan": kept.id}
    known = {each.id: each for each in connection.exec_driver_sql(NAMES, names)}
    items = [item(each, known[each.reservation], kept) for each in placements if is_seen(person, each)]
    return head(kept, person, connection) | {"items": items, "hidden": len(placements) - len(items)}


def is_seen(person: Person, each: Placement) -> bool:
    return any(sees(person, each.team, place.facility) for place in (each.before, each.after) if place)


def sight(person: Person) -> dict[str, Any]:
    return {"sees_all": sees_all(person), "managed": sorted(managed(person))}


def head(kept: Replan, person: Person, connection: Any) -> dict[str, Any]:
    """A plan without what becomes of whom. ``is_planned`` is false while it shows the plan from before a revision."""
    plan = kept.plan
    goals = plan.goals._asdict() if plan else None
    allowed = {
        "accept": plan is not None and kept.is_planned and may_accept(person, kept),
        "revise": may_revise(person, kept), "discard": may_revise(person, kept),
    }
    return {
        "id": kept.id, "version": kept.version, "state": str(kept.state), "cause": shown_cause(kept, connection),
        "progress": dict(kept.progress), "method": plan and plan.method, "optimal": bool(plan and plan.optimal),
        "is_planned": kept.is_planned, "goals": goals, "excluded_facilities": sorted(kept.excluded_facilities),
        "created_at": kept.created_at, "facilities": sorted(kept.facilities), "places": list(kept.places),
        "hits": len(kept.hits), "decided_by": kept.decided_by or None, "decided_at": kept.decided_at,
        "allowed_actions": [action for action, may in allowed.items() if may and kept.is_open],
    }


def shown_cause(kept: Replan, connection: Any) -> dict[str, Any]:
    """For those who decide: also for whom a priority case is."""
    cause = {name: value for name, value in kept.cause.items() if name not in ("run", "requester")}
    if cause.get("team"):
        cause["team_name"] = connection.exec_driver_sql(TEAM_NAME, {"team": cause["team"]}).scalar()
    return cause


def item(each: Placement, row: Any, kept: Replan) -> dict[str, Any]:
    return {
        "reservation": each.reservation, "version": each.version, "team": each.team, "team_name": row.team_name,
        "purpose": row.purpose, "project": row.project, "priority": priority_of(each), "campaign": row.campaign,
        "state": row.state, "before": each.before.to_dict(), "after": each.after and each.after.to_dict(),
        "reason": each.reason, "obstacles": list(each.obstacles), "shift_minutes": each.shift_minutes,
        "pinned": each.reservation in kept.pins, "excluded": each.reservation in kept.excluded_reservations,
        "answer": row.answer, "answer_by": row.answer_by,
    }


def priority_of(each: Placement) -> str:
    return "urgent" if each.weight >= 9 else "key" if each.weight >= 3 else "normal"


def replanned(connection: Any, now: datetime, actor: str, reservation: str | None = None) -> dict[str, Any]:
    """The actor's teams' reservations that were moved and wait for an answer, the most urgent first.

    ``alternatives`` are other times that may be had instead. Raises NotAllowed.
    """
    person = asking(connection, actor)
    asked = {
        "now": now, "teams": sorted(person.teams), "reservation": known_id(reservation) if reservation else None,
    }
    rows = connection.exec_driver_sql(DISPLACED, asked).all()
    uow = BookingUnitOfWork(connection)
    kept = {each.id: each for each in uow.replans.reservations([row.reservation for row in rows])}
    return {"items": [displaced(kept[row.reservation], row.cause, displacement_of(row), uow, now) for row in rows]}


def displaced(
    kept: Reservation, cause: Mapping[str, Any], displacement: Displacement, uow: Any, now: datetime,
) -> dict[str, Any]:
    return {
        "reservation": kept.id, "version": kept.version, "state": str(kept.state), "team": kept.team,
        "purpose": kept.purpose, "project": kept.project, "replan": displacement.replan,
        "cause": told_to_teams(cause), "before": displacement.former.to_dict(),
        "after": {"facility": kept.facility, "unit": kept.unit, **kept.span._asdict()},
        "reason": displacement.reason, "answer_by": displacement.answer_by,
        "alternatives": other_times(kept, displacement, uow, now),
    }


def other_times(kept: Reservation, displacement: Displacement, uow: Any, now: datetime) -> Sequence[Mapping[str, Any]]:
    """What may be had instead: near the former time, on the facility where it was first."""
    operator = kept.run.operator or kept.requester
    asking = uow.copies.asking(kept.requester, kept.team, displacement.former.facility, operator)
    facility: Facility | None = asking.facility
    if facility is None:
        return []
    wish = wish_of(kept, facility, displacement.former.span, None, asking.party(kept.project))
    wish = entitled(wish, [facility.kind], uow, now, [kept.id], locking=False)
    present = (kept.facility, kept.span.starts_at)
    found = offers(wish, facility, uow, now, [kept.id])
    return [each for each in found if (each["facility"], each["starts_at"]) != present]
