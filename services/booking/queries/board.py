"""The board: all facilities and who has them when, in a window of time."""

from typing import Any

from services.booking.domain.rights import Person
from services.booking.domain.states import SHOWN
from services.booking.queries.arguments import VISIBLE, OnBoard, asking, load, sight, window_of
from services.booking.storage.rows import snapshot_in
from services.booking.storage.tables import quoted

FACILITIES = """
    SELECT snapshot::text FROM facilities
     WHERE %(facility)s::text IS NULL OR facility = %(facility)s ORDER BY facility"""
# The times come as text, because a board is a thousand rows: reading each into a datetime and
# writing it out again took as long as the query. So did a join for the names of fifty teams.
# What is a rival's does not even leave the database.
ITEMS = f"""
    SELECT r.facility, r.unit, (r.starts_at AT TIME ZONE 'UTC')::text, (r.ends_at AT TIME ZONE 'UTC')::text, seen.*
      FROM reservations r
      LEFT JOIN LATERAL (SELECT r.reservation::text, r.state, r.version, r.team, r.purpose
                          WHERE {VISIBLE}) AS seen ON true
     WHERE tstzrange(r.starts_at, r.ends_at) && tstzrange(%(starts_at)s, %(ends_at)s)
       AND r.state IN ({quoted(SHOWN)}) AND (%(facility)s::text IS NULL OR r.facility = %(facility)s)
     ORDER BY r.starts_at, r.reservation"""
TEAM_NAMES = "SELECT team, name FROM teams"


def board(connection: Any, actor: str, starts_at: Any, ends_at: Any, facility: str | None = None) -> dict[str, Any]:
    """Facilities with their rules, and items: own and managed ones in full, of rivals only the slot.

    Raises InvalidInput, NotAllowed.
    """
    given = load(OnBoard, starts_at=starts_at, ends_at=ends_at, facility=facility)
    person = asking(connection, actor)
    values = {"facility": given.facility, **window_of(given)._asdict(), **sight(person)}
    facilities = connection.exec_driver_sql(FACILITIES, values)
    names = dict(connection.exec_driver_sql(TEAM_NAMES).all())
    rows = connection.exec_driver_sql(ITEMS, values).all()
    return {
        "facilities": [snapshot_in(row.snapshot) for row in facilities],
        "items": [item(row, person, names) for row in rows],
    }


def item(row: Any, person: Person, names: dict[str, str]) -> dict[str, Any]:
    facility, unit, starts_at, ends_at, reservation, state, version, team, purpose = row
    slot = {
        "facility": facility, "unit": unit, "starts_at": f"{starts_at[:10]}T{starts_at[11:]}+00:00",
        "ends_at": f"{ends_at[:10]}T{ends_at[11:]}+00:00", "state": state or "taken", "mine": team in person.teams,
    }
    if reservation is not None:
        slot.update(id=reservation, version=version, team=team, team_name=names.get(team), purpose=purpose)
    return slot
