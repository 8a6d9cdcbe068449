"""The board: all facilities and who has them when, in a window of time."""

from typing import Any

from services.booking.domain.rights import Person, managed, sees_all
from services.booking.domain.states import SHOWN
from services.booking.queries.arguments import OnBoard, asking, load, window_of
from services.booking.storage.rows import snapshot_in
from services.booking.storage.tables import quoted

FACILITIES = """
    SELECT snapshot::text FROM facilities
     WHERE %(facility)s::text IS NULL OR facility = %(facility)s ORDER BY facility"""
# The times come as text, because a board is a thousand rows: reading each into a datetime and
# writing it out again took as long as the query.
ITEMS = f"""
    SELECT r.facility, r.unit, (r.starts_at AT TIME ZONE 'UTC')::text, (r.ends_at AT TIME ZONE 'UTC')::text,
           r.reservation::text, r.state, r.version, r.team, t.name, r.purpose
      FROM reservations r LEFT JOIN teams t ON t.team = r.team
     WHERE tstzrange(r.starts_at, r.ends_at) && tstzrange(%(starts_at)s, %(ends_at)s)
       AND r.state IN ({quoted(SHOWN)}) AND (%(facility)s::text IS NULL OR r.facility = %(facility)s)
     ORDER BY r.starts_at, r.reservation"""


def board(connection: Any, actor: str, starts_at: Any, ends_at: Any, facility: str | None = None) -> dict[str, Any]:
    """Facilities with their rules, and items: own and managed ones in full, of rivals only the slot.

    Raises InvalidInput, NotAllowed.
    """
    given = load(OnBoard, starts_at=starts_at, ends_at=ends_at, facility=facility)
    values = {"facility": given.facility, **window_of(given)._asdict()}
    person = asking(connection, actor)
    facilities = connection.exec_driver_sql(FACILITIES, values)
    shown = [snapshot_in(row.snapshot) for row in facilities]
    return {"facilities": shown, "items": items(connection.exec_driver_sql(ITEMS, values).all(), person)}


def items(rows: Any, person: Person) -> list[dict[str, Any]]:
    everything, managing, teams = sees_all(person), managed(person), person.teams
    found = []
    for facility, unit, starts_at, ends_at, reservation, state, version, team, team_name, purpose in rows:
        slot = {"facility": facility, "unit": unit, "starts_at": iso(starts_at), "ends_at": iso(ends_at)}
        is_own = team in teams
        if is_own or everything or facility in managing:
            slot.update(id=reservation, state=state, version=version, mine=is_own, team=team, team_name=team_name)
            slot["purpose"] = purpose
        else:
            slot.update(state="taken", mine=False)
        found.append(slot)
    return found


def iso(text: str) -> str:
    """PostgreSQL's text of a UTC time as it travels."""
    return f"{text[:10]}T{text[11:]}+00:00"
