"""Re-plans in PostgreSQL, the reservations that they are about, and what the teams answered."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.booking.domain.replan.displacement import Displacement
from services.booking.domain.replan.plan import place_in, plan_in
from services.booking.domain.replan.replan import Replan, ReplanState
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person
from services.booking.domain.spans import Span
from services.booking.domain.states import HELD
from services.booking.storage.quotas import LOCK
from services.booking.storage.rows import PERSON, RESERVATION, person_of, reservation_of
from services.booking.storage.tables import quoted
from services.contracts.messaging import encoding

REPLAN = """
    n.replan::text AS id, n.version, n.state, n.key, n.cause, n.hits::text[], n.places, n.created_at, n.plan,
    n.is_planned, n.progress, n.pins, n.excluded_reservations::text[], n.excluded_facilities,
    n.decided_by, n.decided_at"""
LOCKED = f"""
    SELECT {REPLAN}, asking.*
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN LATERAL (SELECT {PERSON} FROM persons p WHERE p.person = %(actor)s) AS asking ON true
     CROSS JOIN replans n
     WHERE n.replan = %(replan)s
       FOR UPDATE OF n"""
OPEN_FOR = f"""
    SELECT {REPLAN} FROM replans n WHERE n.key = %(key)s AND n.state IN ('computing', 'proposed')
     ORDER BY n.replan FOR UPDATE"""
UNPLANNED = f"""
    SELECT {REPLAN} FROM replans n WHERE n.state = 'computing' AND NOT n.is_planned AND n.created_at <= %(since)s
     ORDER BY n.created_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED"""
# Who takes one has it until then, and renews that with the progress it tells; who dies lets it lapse.
TAKE = f"""
    UPDATE replans AS n SET taken_until = %(until)s
     WHERE n.replan = (SELECT replan FROM replans
                        WHERE state = 'computing' AND is_planned
                          AND (taken_until IS NULL OR taken_until <= %(now)s)
                        ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING {REPLAN}"""
PROGRESS = """
    UPDATE replans SET progress = %(progress)s, taken_until = %(until)s
     WHERE replan = %(replan)s AND version = %(version)s AND state = 'computing'"""
FORGOTTEN = f"""
    SELECT {REPLAN} FROM replans n
     WHERE n.state = 'computing' AND n.is_planned
       AND coalesce(n.taken_until, n.created_at) <= %(since)s
     ORDER BY n.created_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED"""
ADD = """
    INSERT INTO replans (replan, version, state, key, cause, hits, places, facilities, created_at, plan, is_planned,
                         progress, pins, excluded_reservations, excluded_facilities, decided_by, decided_at)
    VALUES (%(replan)s, %(version)s, %(state)s, %(key)s, %(cause)s, %(hits)s::uuid[], %(places)s::text[],
            %(facilities)s::text[], %(created_at)s, %(plan)s, %(is_planned)s, %(progress)s, %(pins)s,
            %(excluded_reservations)s::uuid[], %(excluded_facilities)s::text[], %(decided_by)s, %(decided_at)s)"""
CHANGE = """
    UPDATE replans SET version = %(version)s, state = %(state)s, hits = %(hits)s::uuid[], places = %(places)s::text[],
           facilities = %(facilities)s::text[], plan = %(plan)s, is_planned = %(is_planned)s,
           progress = %(progress)s, pins = %(pins)s,
           excluded_reservations = %(excluded_reservations)s::uuid[],
           excluded_facilities = %(excluded_facilities)s::text[], decided_by = %(decided_by)s,
           decided_at = %(decided_at)s, taken_until = NULL
     WHERE replan = %(replan)s"""

SOME = f"SELECT {RESERVATION} FROM reservations r WHERE r.reservation = ANY(%(ids)s::uuid[]) ORDER BY r.reservation"
# A campaign is locked before its members, whatever is done with them.
LOCK_CAMPAIGNS = """
    SELECT FROM campaigns c
     WHERE c.campaign IN (SELECT campaign FROM reservations WHERE reservation = ANY(%(ids)s::uuid[]))
     ORDER BY c.campaign FOR UPDATE;"""
STANDING = f"""
    SELECT {RESERVATION} FROM reservations r
     WHERE r.facility = ANY(%(facilities)s) AND r.state IN ({quoted(HELD)}) AND r.ends_at > %(starts_at)s
       AND r.starts_at < %(ends_at)s ORDER BY r.starts_at, r.reservation"""
CAMPAIGNS = f"""
    SELECT {RESERVATION} FROM reservations r
     WHERE r.campaign = ANY(%(campaigns)s::uuid[]) ORDER BY r.campaign, r.campaign_step"""

DISPLACEMENT = """
    d.reservation::text, d.replan::text, d.facility, d.unit, d.starts_at, d.ends_at, d.answer_by, d.reason, d.answer,
    d.answered_at"""
OVERTAKE = """
    UPDATE displacements SET answer = 'overtaken', answered_at = %(at)s
     WHERE reservation = %(reservation)s AND answer = 'none'"""
DISPLACE = """
    INSERT INTO displacements (reservation, replan, facility, unit, starts_at, ends_at, answer_by, reason, answer)
    VALUES (%(reservation)s, %(replan)s, %(facility)s, %(unit)s, %(starts_at)s, %(ends_at)s, %(answer_by)s, %(reason)s,
            'none')"""
UNANSWERED = f"""
    SELECT {DISPLACEMENT} FROM displacements d
     WHERE d.reservation = %(reservation)s AND d.answer = 'none' AND d.answer_by > %(now)s"""
ANSWER = """
    UPDATE displacements SET answer = %(answer)s, answered_at = %(now)s
     WHERE reservation = %(reservation)s AND answer = 'none' AND answer_by > %(now)s"""


class Replans:
    """The plans, one row each, and the displacements of those that were accepted."""

    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def add(self, replan: Replan) -> None:
        self.execute(ADD, values_of(replan))

    def change(self, replan: Replan) -> None:
        """Keep the next version of one that is locked; whoever was computing it has it no longer."""
        self.execute(CHANGE, values_of(replan))

    def locked(self, replan: str, actor: str) -> tuple[Replan | None, Person | None]:
        """A re-plan, locked until the end of the transaction, and the person who asks."""
        row = self.execute(LOCKED, {"replan": replan, "actor": actor}).first()
        return (replan_of(row), person_of(row)) if row else (None, None)

    def open_for(self, key: str) -> list[Replan]:
        """Those not yet decided for one cause, locked."""
        return [replan_of(row) for row in self.execute(OPEN_FOR, {"key": key})]

    def unplanned(self, since: datetime, limit: int) -> list[Replan]:
        """Those without any plan since then, locked; those that others hold are left out."""
        return [replan_of(row) for row in self.execute(UNPLANNED, {"since": since, "limit": limit})]

    def take(self, now: datetime, until: datetime) -> Replan | None:
        """One for which a better plan is to be found, kept from others ``until`` then."""
        row = self.execute(TAKE, {"now": now, "until": until}).first()
        return replan_of(row) if row else None

    def tell_progress(self, replan: Replan, progress: dict[str, Any], until: datetime) -> bool:
        """Whether it is still wanted."""
        values = {"replan": replan.id, "version": replan.version, "progress": as_json(progress), "until": until}
        return bool(self.execute(PROGRESS, values).rowcount)

    def forgotten(self, since: datetime, limit: int) -> list[Replan]:
        """Those that nobody has been computing ``since`` then, locked."""
        return [replan_of(row) for row in self.execute(FORGOTTEN, {"since": since, "limit": limit})]

    def reservations(self, ids: Collection[str], *, locking: bool = False) -> list[Reservation]:
        """Reservations in the order of their ids, in which everybody locks who locks several."""
        statement = f"{LOCK_CAMPAIGNS} {SOME} FOR UPDATE" if locking else SOME
        return [reservation_of(row) for row in self.execute(statement, {"ids": list(ids)})] if ids else []

    def standing(self, facilities: Sequence[str], window: Span) -> list[Reservation]:
        """The reservations that hold time on facilities in ``window``, by start."""
        values = {"facilities": list(facilities), **window._asdict()}
        return [reservation_of(row) for row in self.execute(STANDING, values)]

    def of_campaigns(self, campaigns: Collection[str]) -> list[Reservation]:
        """All steps of campaigns, each in order."""
        if not campaigns:
            return []
        return [reservation_of(row) for row in self.execute(CAMPAIGNS, {"campaigns": list(campaigns)})]

    def lock_subjects(self, keys: Iterable[str]) -> None:
        """What quotas bind, all at once, so that nobody adds to what is used of them."""
        self.execute(LOCK, {"keys": sorted(keys)})

    def displace(self, displacement: Displacement, now: datetime) -> None:
        """Remember where a reservation was; an answer that is still open is overtaken."""
        values = displacement_values(displacement)
        self.execute(OVERTAKE, {"reservation": displacement.reservation, "at": now})
        self.execute(DISPLACE, values)

    def unanswered(self, reservation: str, now: datetime) -> Displacement | None:
        """Where a reservation was before, as long as its team may answer."""
        row = self.execute(UNANSWERED, {"reservation": reservation, "now": now}).first()
        return displacement_of(row) if row else None

    def answer(self, reservation: str, answer: str, now: datetime) -> bool:
        """Whether there was something to answer."""
        return bool(self.execute(ANSWER, {"reservation": reservation, "answer": answer, "now": now}).rowcount)


def as_json(value: Any) -> str:
    return encoding.dumps(value).decode()


def values_of(replan: Replan) -> dict[str, Any]:
    return {
        "replan": replan.id, "version": replan.version, "state": str(replan.state), "key": replan.key,
        "cause": as_json(replan.cause), "hits": list(replan.hits), "places": list(replan.places),
        "facilities": sorted(replan.facilities), "created_at": replan.created_at,
        "plan": replan.plan and as_json(replan.plan.to_dict()), "is_planned": replan.is_planned,
        "progress": as_json(replan.progress),
        "pins": as_json({each: place.to_dict() for each, place in replan.pins.items()}),
        **{name: sorted(getattr(replan, name)) for name in ("excluded_reservations", "excluded_facilities")},
        "decided_by": replan.decided_by, "decided_at": replan.decided_at,
    }


def replan_of(row: Any) -> Replan:
    return Replan(
        id=row.id, version=row.version, state=ReplanState(row.state), key=row.key, cause=row.cause,
        hits=tuple(row.hits), places=tuple(row.places), created_at=row.created_at,
        plan=plan_in(row.plan) if row.plan else None, is_planned=row.is_planned, progress=row.progress,
        pins={each: place_in(place) for each, place in row.pins.items()},
        excluded_reservations=frozenset(row.excluded_reservations),
        excluded_facilities=frozenset(row.excluded_facilities), decided_by=row.decided_by, decided_at=row.decided_at,
    )


def displacement_values(displacement: Displacement) -> dict[str, Any]:
    return {
        "reservation": displacement.reservation, "replan": displacement.replan, **displacement.former.to_dict(),
        "answer_by": displacement.answer_by, "reason": displacement.reason,
    }


def displacement_of(row: Any) -> Displacement:
    return Displacement.of_row(row._mapping)
