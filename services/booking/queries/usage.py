"""Who is in, who is late, what is free next: the day as managers, doors and the hall see it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.booking.domain.facility import DAY, Facility, midnight_before
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import DOOR, Person, capacity
from services.booking.domain.states import HELD, Action, State
from services.booking.domain.using import usable_actions
from services.booking.queries.arguments import VISIBLE, FaultsListed, OfDay, asking, load, sight
from services.booking.queries.reservations import NAMED, WITH_NAMES, later_ends, plain
from services.booking.storage.faults import FAULT
from services.booking.storage.rows import RESERVATION, reservation_of, snapshot_in
from services.booking.storage.tables import quoted
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.errors import NotAllowed

NEXT_SHOWN = 3
LOOKED_BACK = timedelta(days=90)
FEWEST_RUNS = 5

DAYS_USE = f"""
    SELECT {NAMED} FROM {WITH_NAMES}
     WHERE {VISIBLE} AND r.state IN ('approved', 'in_use', 'finished', 'no_show')
       AND (%(facility)s::text IS NULL OR r.facility = %(facility)s)
       AND (NOT %(mine)s OR r.team = ANY(%(teams)s::text[]))
       AND (tstzrange(r.starts_at, r.ends_at) && tstzrange(%(starts_at)s, %(ends_at)s) OR r.state = 'in_use')
     ORDER BY r.starts_at, r.facility, r.unit, r.reservation LIMIT 500"""
AT_DOOR = f"""
    SELECT {RESERVATION} FROM reservations r
     WHERE r.facility = %(facility)s AND r.state IN ({quoted(HELD)})
       AND (r.state = 'in_use' OR r.ends_at > %(now)s) AND r.starts_at < %(until)s
     ORDER BY r.starts_at, r.reservation"""
IN_HALL = f"""
    SELECT r.facility, r.unit, r.starts_at, r.ends_at, r.state = 'in_use' AS in_use FROM reservations r
     WHERE r.state IN ({quoted(HELD)})
       AND (tstzrange(r.starts_at, r.ends_at) && tstzrange(%(starts_at)s, %(ends_at)s) OR r.state = 'in_use')
     ORDER BY r.starts_at, r.reservation"""
FACILITIES = """
    SELECT snapshot::text FROM facilities
     WHERE (snapshot ->> 'active')::boolean
     ORDER BY array_position(ARRAY['line', 'lab', 'platform'], snapshot ->> 'kind'), facility"""
FAULTS = f"""
    SELECT {FAULT}, p.name AS reporter_name, c.name AS closed_by_name, k.snapshot -> 'names' AS facility_names
      FROM faults f LEFT JOIN persons p ON p.person = f.reporter LEFT JOIN persons c ON c.person = f.closed_by
      LEFT JOIN facilities k ON k.facility = f.facility
     WHERE (%(sees_all)s OR f.facility = ANY(%(managed)s::text[]))
       AND (%(facility)s::text IS NULL OR f.facility = %(facility)s)
       AND (%(state)s = 'all' OR (f.closed_at IS NULL) = (%(state)s = 'open'))
     ORDER BY coalesce(f.closed_at, f.reported_at) DESC, f.fault LIMIT 200"""
RUNS = """
    SELECT count(*)::int AS runs, count(*) FILTER (WHERE late > 0)::int AS late,
           coalesce(round(avg(late) FILTER (WHERE late > 0)), 0)::int AS late_minutes
      FROM (SELECT floor(extract(epoch FROM r.checked_out_at - r.ends_at) / 60) AS late FROM reservations r
             WHERE r.facility = %(facility)s AND r.state = 'finished' AND r.starts_at > %(since)s
               AND r.checked_out_at IS NOT NULL) AS run"""


def day_of_use(connection: Any, now: datetime, actor: str, **wanted: Any) -> dict[str, Any]:
    """What is used today, by start, with what the actor may do about it; ``late``: the team should be here by now.

    ``mine``: only that of the own teams. Raises InvalidInput, NotAllowed.
    """
    given = load(OfDay, **wanted)
    person, today = asking(connection, actor), midnight_before(now)
    values = vars(given) | sight(person) | {"starts_at": today, "ends_at": today + DAY}
    rows = connection.exec_driver_sql(DAYS_USE, values).all()
    facilities = facilities_of(connection, rows)
    return {"items": [used(row, person, facilities[row.facility], now) for row in rows]}


def used(row: Any, person: Person, facility: Facility, now: datetime) -> dict[str, Any]:
    found = reservation_of(row)
    late = found.state is State.APPROVED and found.span.starts_at <= now
    return plain(row, person) | {
        "late": late, "overdue": is_overdue(found, now),
        "allowed_actions": usable_actions(person, found, facility, now),
    }


def is_overdue(reservation: Reservation, now: datetime) -> bool:
    return reservation.state is State.IN_USE and reservation.latest_end <= now


def facilities_of(connection: Any, rows: Iterable[Any]) -> dict[str, Facility]:
    codes = sorted({row.facility for row in rows})
    return {facility.code: facility for facility in BookingUnitOfWork(connection).copies.facilities(codes)}


def door(connection: Any, now: datetime, actor: str) -> dict[str, Any]:
    """What stands on the screen at a facility's door: times only, of nobody the name. Raises NotAllowed."""
    person, code = asking(connection, actor), str(actor).removeprefix(DOOR)
    found = BookingUnitOfWork(connection).copies.facilities([code])
    if "door" not in person.roles or not found:
        raise NotAllowed
    rows = connection.exec_driver_sql(AT_DOOR, {"facility": code, "now": now, "until": now + 7 * DAY}).all()
    standing = [reservation_of(row) for row in rows]
    snapshot = connection.exec_driver_sql(
        "SELECT snapshot::text FROM facilities WHERE facility = %(facility)s", {"facility": code}
    ).scalar_one()
    shown = snapshot_in(snapshot)
    return {
        "facility": code, "names": shown["names"],
        "units": [
            {"code": unit["code"], "names": unit["names"]}
            | at_unit([each for each in standing if each.unit == unit["code"]], connection, person, found[0], now)
            for unit in shown["units"]
        ],
    }


def at_unit(
    standing: Sequence[Reservation], connection: Any, person: Person, facility: Facility, now: datetime,
) -> dict[str, Any]:
    """``state`` is in_use, due (somebody may check in) or free; ``present`` is what that is about."""
    told = [slot(each, connection, person, facility, now) for each in standing]
    running = [each for each in told if each["state"] == "in_use"]
    due = [each for each in told if str(Action.CHECK_IN) in each["allowed_actions"]]
    present = [*running, *due]
    following = [each for each in told if each["id"] not in {one["id"] for one in running}]
    return {
        "state": "in_use" if running else "due" if due else "free", "present": present[0] if present else None,
        "due": due, "following": following[:NEXT_SHOWN],
        "free_until": following[0]["starts_at"] if following and not present else None,
    }


def slot(
    reservation: Reservation, connection: Any, person: Person, facility: Facility, now: datetime,
) -> dict[str, Any]:
    allowed = usable_actions(person, reservation, facility, now)
    ends = later_ends(connection, reservation, now)[:2] if reservation.state is State.IN_USE else []
    return {
        "id": reservation.id, "version": reservation.version, "state": str(reservation.state),
        "unit": reservation.unit, **reservation.span._asdict(), "latest_end": reservation.latest_end,
        "overdue": is_overdue(reservation, now), "allowed_actions": allowed, "later_ends": ends,
    }


def hall(connection: Any, now: datetime, actor: str) -> dict[str, Any]:
    """All facilities with their slots of today: times only. Raises NotAllowed."""
    asking(connection, actor)
    today = midnight_before(now)
    facilities = [snapshot_in(row.snapshot) for row in connection.exec_driver_sql(FACILITIES)]
    rows = connection.exec_driver_sql(IN_HALL, {"starts_at": today, "ends_at": today + DAY})
    return {
        "facilities": [
            {name: each[name] for name in ("code", "kind", "names", "units", "opening_hours")} for each in facilities
        ],
        "items": [dict(row._mapping) for row in rows],
    }


def faults(connection: Any, actor: str, **filters: Any) -> dict[str, Any]:
    """What is broken on the facilities that the actor manages, the newest first. Raises InvalidInput, NotAllowed."""
    given = load(FaultsListed, **filters)
    person = asking(connection, actor)
    rows = connection.exec_driver_sql(FAULTS, vars(given) | sight(person))
    return {"items": [
        dict(row._mapping) | {"state": "open" if row.closed_at is None else "closed"} for row in rows
    ]}


def overrun_risk(connection: Any, now: datetime, actor: str, facility: str) -> dict[str, Any]:
    """How runs of this facility have kept to their ends in the last 90 days, for those who manage it.

    ``percent`` is None when there are too few runs to tell. Raises NotAllowed.
    """
    person = asking(connection, actor)
    if capacity(person, str(facility)) is None:
        raise NotAllowed
    row = connection.exec_driver_sql(RUNS, {"facility": str(facility), "since": now - LOOKED_BACK}).one()
    percent = round(100 * row.late / row.runs) if row.runs >= FEWEST_RUNS else None
    return {"runs": row.runs, "late": row.late, "late_minutes": row.late_minutes, "percent": percent}
