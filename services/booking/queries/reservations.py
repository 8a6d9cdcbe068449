"""Reservations that somebody may see: lists, one with its history, and what waits for a decision."""

import base64
import binascii
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.booking.domain.approval import progress
from services.booking.domain.reservation import Reservation, allowed_actions
from services.booking.domain.rights import Person, sees
from services.booking.domain.states import Action
from services.booking.domain.using import longer, possible_ends, usable_actions
from services.booking.handlers.campaigns.neighbours import beside_steps
from services.booking.handlers.quotas import entitled
from services.booking.handlers.using import claims_after
from services.booking.queries.arguments import SHARED, VISIBLE, Listed, asking, load, sight
from services.booking.storage.rows import RESERVATION, facility_in, reservation_of
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.errors import InvalidInput, NotFound

MOST_WAITING = 200

NAMED = f"""
    {RESERVATION}, floor(extract(epoch FROM r.checked_out_at - r.checked_in_at) / 60)::int AS used_minutes,
    (SELECT o.name FROM persons o WHERE o.person = r.run ->> 'operator') AS operator_name,
    t.name AS team_name, q.name AS requester_name, f.snapshot -> 'names' AS facility_names,
    (SELECT each.value -> 'names' FROM jsonb_array_elements(f.snapshot -> 'units') AS each
      WHERE each.value ->> 'code' = r.unit) AS unit_names,
    (SELECT each.value ->> 'name' FROM jsonb_array_elements(t.projects) AS each
      WHERE each.value ->> 'code' = r.project) AS project_name,
    (SELECT json_build_object('interruption', n.interruption, 'kind', n.kind, 'reason', n.reason,
                              'until', upper(i.period), 'open_end', n.open_end)
       FROM claims c JOIN interrupted i ON i.unit_id = c.unit_id AND i.period && c.period
       JOIN interruptions n ON n.interruption = i.interruption
      WHERE c.reservation = r.reservation AND c.held ORDER BY upper(i.period) DESC LIMIT 1) AS hit"""
WITH_NAMES = """
    reservations r LEFT JOIN teams t ON t.team = r.team LEFT JOIN persons q ON q.person = r.requester
    LEFT JOIN facilities f ON f.facility = r.facility"""
HISTORY = """
    (SELECT json_agg(json_build_object(
                'version', h.version, 'action', h.action, 'actor', h.actor, 'actor_name', a.name, 'at', h.at,
                'reason', h.reason, 'former', h.former, 'changed', h.changed, 'basis', h.basis,
                'for_name', (SELECT name FROM persons WHERE person = h.basis ->> 'for')) ORDER BY h.version)
       FROM reservation_history h LEFT JOIN persons a ON a.person = h.actor
      WHERE h.reservation = r.reservation) AS history"""

ATTACHMENTS = """
    (SELECT coalesce(json_agg(json_build_object(
                'id', d.attachment, 'name', d.name, 'type', d.type, 'size', d.size, 'sha256', d.sha256,
                'added_by', d.added_by, 'added_at', d.added_at) ORDER BY d.added_at, d.attachment), '[]')
       FROM attachments d WHERE d.reservation = r.reservation) AS attachments,
    f.snapshot ->> 'attachments' AS takes_files"""
TOLD_TO_COLLEAGUES = frozenset({
    "id", "version", "state", "facility", "unit", "starts_at", "ends_at", "team", "purpose", "team_name",
    "facility_names", "unit_names",
})

FILE = f"""
    SELECT d.name, d.type, d.size, d.sha256, d.content
      FROM attachments d JOIN reservations r USING (reservation)
     WHERE d.attachment = %(attachment)s AND r.reservation = %(reservation)s AND {VISIBLE}"""
ONE = f"""
    SELECT {NAMED}, {HISTORY}, {ATTACHMENTS}, CASE WHEN r.team = ANY(%(teams)s::text[]) THEN r.pin END AS pin,
           f.snapshot::text AS snapshot
      FROM {WITH_NAMES} WHERE r.reservation = %(reservation)s AND ({VISIBLE} OR {SHARED})"""
# What is of colleagues comes only to those who ask for their team or the facility.
ASKED_FOR = "(%(team)s::text IS NOT NULL OR %(facility)s::text IS NOT NULL)"
SOME = f"""
    SELECT {NAMED} FROM {WITH_NAMES}
     WHERE ({VISIBLE} OR ({ASKED_FOR} AND {SHARED}))
       AND (%(team)s::text IS NULL OR r.team = %(team)s)
       AND (%(facility)s::text IS NULL OR r.facility = %(facility)s)
       AND (%(state)s::text IS NULL OR r.state = %(state)s)
       AND (%(starts_at)s::timestamptz IS NULL OR r.ends_at > %(starts_at)s)
       AND (%(ends_at)s::timestamptz IS NULL OR r.starts_at < %(ends_at)s)
       AND (%(after_start)s::timestamptz IS NULL
            OR (r.starts_at, r.reservation) > (%(after_start)s::timestamptz, %(after_id)s::uuid))
     ORDER BY r.starts_at, r.reservation LIMIT %(limit)s + 1"""
# Base management may decide at every stage, but is not asked before the teams' leads have answered.
WAITING = """
    r.state = 'requested' AND r.requester <> ALL(%(own)s::text[])
    AND (r.awaits <> 'lead' AND %(sees_all)s
         OR r.awaits = 'manager' AND r.facility = ANY(%(managed)s::text[])
         OR r.awaits = 'lead' AND r.team = ANY(%(led)s::text[]))"""
QUEUE = f"""
    SELECT {NAMED},
           (SELECT count(*) FROM reservations o
             WHERE o.state = 'requested' AND o.facility = r.facility AND o.team <> r.team
               AND tstzrange(o.starts_at, o.ends_at) && tstzrange(r.starts_at, r.ends_at)) AS rivals,
           (SELECT h.at FROM reservation_history h
             WHERE h.reservation = r.reservation AND h.version = 1) AS requested_at, {ATTACHMENTS}
      FROM {WITH_NAMES} WHERE {WAITING} ORDER BY r.decide_by, r.reservation LIMIT {MOST_WAITING}"""
QUEUE_LENGTH = f"SELECT count(*) FROM reservations r WHERE {WAITING}"


def reservation(connection: Any, now: datetime, actor: str, reservation: str) -> dict[str, Any]:
    """One with its history and what the actor may do with it. Raises NotFound, NotAllowed.

    ``later_ends`` are those to which a run that goes on may be extended as things stand; ``pin`` is for the
    team's own eyes.
    """
    person = asking(connection, actor)
    row = connection.exec_driver_sql(ONE, {"reservation": known_id(reservation), **sight(person)}).first()
    if row is None:
        raise NotFound
    told = {name: value for name, value in plain(row, person).items() if name != "snapshot"}
    if told["shared"]:
        return told | {"history": [], "attachments": [], "stages": [], "allowed_actions": [], "later_ends": []}
    found = reservation_of(row)
    usable = usable_actions(person, found, facility_in(row.snapshot), now)
    ends = later_ends(connection, found, now) if Action.EXTEND in usable else []
    decided = judged(row, person, now)
    return told | decided | {"allowed_actions": decided["allowed_actions"] + usable, "later_ends": ends}


def attachment(connection: Any, actor: str, reservation: str, attachment: str) -> dict[str, Any]:
    """A file with its ``content`` in base64, for those who see its reservation. Raises NotFound, NotAllowed."""
    person = asking(connection, actor)
    values = {"reservation": known_id(reservation), "attachment": known_id(attachment), **sight(person)}
    row = connection.exec_driver_sql(FILE, values).first()
    if row is None:
        raise NotFound
    return {**row._mapping, "content": base64.b64encode(row.content).decode()}


def reservations(connection: Any, actor: str, **filters: Any) -> dict[str, Any]:
    """What the actor may see, by start; ``next_cursor`` leads on. Raises InvalidInput, NotAllowed."""
    given = load(Listed, **filters)
    after_start, after_id = read_cursor(given.cursor)
    person = asking(connection, actor)
    values = vars(given) | sight(person) | {"after_start": after_start, "after_id": after_id}
    rows = connection.exec_driver_sql(SOME, values).all()
    page = rows[:given.limit]
    return {
        "items": [plain(row, person) for row in page],
        "next_cursor": write_cursor(page[-1]) if len(rows) > given.limit else None,
    }


def later_ends(connection: Any, reservation: Reservation, now: datetime) -> Sequence[datetime]:
    """The later ends that a run may have, in order."""
    uow = BookingUnitOfWork(connection)
    operator = reservation.run.operator or reservation.requester
    asking = uow.copies.asking(operator, reservation.team, reservation.facility, operator)
    facility = asking.facility
    if facility is None:
        return []
    wish = longer(reservation, reservation.span.ends_at, asking.party(reservation.project))
    wish = entitled(beside_steps(wish, reservation, uow), [facility.kind], uow, now, [reservation.id], locking=False)
    return possible_ends(wish, facility, claims_after(wish, facility, uow, now, [reservation.id]), now)


def approvals(connection: Any, now: datetime, actor: str) -> dict[str, Any]:
    """What waits for the actor's decision, the most urgent first.

    ``rivals`` counts the requests of other teams for the same facility and time; ``requested_at``
    is when it was first asked for.
    """
    person = asking(connection, actor)
    rows = connection.exec_driver_sql(QUEUE, sight(person))
    return {"items": [plain(row, person) | judged(row, person, now) for row in rows]}


def approvals_count(connection: Any, actor: str) -> dict[str, int]:
    return {"count": connection.exec_driver_sql(QUEUE_LENGTH, sight(asking(connection, actor))).scalar_one()}


def judged(row: Any, person: Person, now: datetime) -> dict[str, Any]:
    """What a person may do with it now, and how far its approval is."""
    reservation = reservation_of(row)
    idle = () if row.takes_files != "none" else ("attach",)
    idle = idle if row.attachments else (*idle, "detach")
    allowed = [action for action in allowed_actions(person, reservation, now) if action not in idle]
    return {"allowed_actions": allowed, "stages": progress(reservation)}


def plain(row: Any, person: Person) -> dict[str, Any]:
    """A row of NAMED, with what else was selected, as it travels; ``shared`` ones without what is only the team's."""
    if row.team in person.teams or sees(person, row.team, row.facility):
        return {**row._mapping, "mine": row.team in person.teams, "shared": False}
    told = {name: row._mapping[name] if name in TOLD_TO_COLLEAGUES else None for name in row._mapping}
    return told | {"mine": False, "shared": True}


def known_id(text: Any) -> str:
    """What is no id at all is not found either."""
    try:
        return str(uuid.UUID(str(text)))
    except ValueError as error:
        raise NotFound from error


def write_cursor(row: Any) -> str:
    return base64.urlsafe_b64encode(f"{row.starts_at.isoformat()} {row.id}".encode()).decode()


def read_cursor(cursor: str | None) -> tuple[datetime | None, str | None]:
    if cursor is None:
        return None, None
    try:
        start, _, last = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return datetime.fromisoformat(start), str(uuid.UUID(last))
    except (ValueError, binascii.Error) as error:
        raise InvalidInput(errors={"cursor": ["malformed"]}) from error
