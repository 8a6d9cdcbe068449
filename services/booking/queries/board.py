"""The board: all facilities and who has them when, in a window of time."""

from collections.abc import Iterable, Set
from typing import Any

from services.booking.domain.days import BASE_ZONE
from services.booking.domain.facility import Facility
from services.booking.domain.rights import Person, sees
from services.booking.domain.spans import Span
from services.booking.domain.states import SHOWN
from services.booking.queries.arguments import SHARED, VISIBLE, OnBoard, asking, load, sight, window_of
from services.booking.queries.board_contention import contested
from services.booking.storage.rows import WITH_SITE, facility_in, snapshot_in
from services.booking.storage.tables import quoted

FACILITIES = f"""
    SELECT f.snapshot::text, s.days::text AS days FROM {WITH_SITE}
     WHERE %(facility)s::text IS NULL OR f.facility = %(facility)s ORDER BY f.facility"""
# The times come as text, because a board is a thousand rows: reading each into a datetime and
# writing it out again took as long as the query. So did a join for the names of fifty teams.
# What is a rival's does not even leave the database.
ITEMS = f"""
    SELECT r.facility, r.unit, (r.starts_at AT TIME ZONE 'UTC')::text, (shown.ends_at AT TIME ZONE 'UTC')::text,
           r.run ->> 'places', r.run -> 'profile' -> 'temperature', seen.*
      FROM reservations r
     CROSS JOIN LATERAL (
            SELECT CASE WHEN r.state = 'finished' AND r.checked_out_at < r.ends_at
                        THEN greatest(r.checked_out_at, r.starts_at + interval '5 minutes')
                        ELSE r.ends_at END AS ends_at) AS shown
      LEFT JOIN LATERAL (SELECT r.reservation::text, r.state, r.version, r.team, r.purpose
                          WHERE {VISIBLE} OR {SHARED}) AS seen ON true
     WHERE tstzrange(r.starts_at, r.ends_at) && tstzrange(%(starts_at)s, %(ends_at)s)
       AND shown.ends_at > %(starts_at)s AND r.state IN ({quoted(SHOWN)})
       AND (%(facility)s::text IS NULL OR r.facility = %(facility)s)
     ORDER BY r.starts_at, r.reservation"""
TEAM_NAMES = "SELECT team, name FROM teams"
# What takes the whole facility away is one item and not one for each unit.
INTERRUPTIONS = """
    SELECT f.facility, i.unit, span ->> 'starts_at' AS starts_at, span ->> 'ends_at' AS ends_at, i.kind, i.reason,
           i.open_end, i.interruption
      FROM interruptions i
      JOIN facilities f ON f.facility = i.facility OR i.facility IS NULL AND i.site = f.snapshot ->> 'site'
     CROSS JOIN jsonb_array_elements(i.spans) AS span
     WHERE i.last_end > %(starts_at)s AND (%(facility)s::text IS NULL OR f.facility = %(facility)s)
       AND tstzrange((span ->> 'starts_at')::timestamptz, (span ->> 'ends_at')::timestamptz)
           && tstzrange(%(starts_at)s, %(ends_at)s)
     ORDER BY starts_at, i.interruption, f.facility"""
HIT = """
    SELECT DISTINCT c.reservation::text
      FROM interrupted i JOIN claims c ON c.unit_id = i.unit_id AND c.period && i.period
     WHERE c.held AND c.period && tstzrange(%(starts_at)s, %(ends_at)s)"""


def board(connection: Any, actor: str, starts_at: Any, ends_at: Any, facility: str | None = None) -> dict[str, Any]:
    """Facilities with their rules, and items: own and managed ones in full, of rivals only the slot.

    Where a facility shows it, what other teams of one's company have there is told, too.

    Interruptions are items too, without a unit where all are concerned; ``hit`` are own and managed ones that
    stand in the way of one. ``special_days`` are those of the window that do not follow the facility's week.

    Where requests are collected, those that compete are items too: own ones in full, of others how many there are.

    Raises InvalidInput, NotAllowed.
    """
    given = load(OnBoard, starts_at=starts_at, ends_at=ends_at, facility=facility)
    person = asking(connection, actor)
    values = {"facility": given.facility, **window_of(given)._asdict(), **sight(person)}
    facilities = [shown(row, window_of(given)) for row in connection.exec_driver_sql(FACILITIES, values)]
    shared = shared_units(facilities)
    names = dict(connection.exec_driver_sql(TEAM_NAMES).all())
    rows = connection.exec_driver_sql(ITEMS, values).all()
    interruptions = [dict(row._mapping) for row in connection.exec_driver_sql(INTERRUPTIONS, values)]
    hit = set(connection.exec_driver_sql(HIT, values).scalars()) if interruptions else set()
    return {
        "facilities": facilities,
        "items": [
            *(item(row, person, names, hit, shared) for row in rows), *(interruption(each) for each in interruptions),
            *contested(connection, values, person, names),
        ],
    }


def shown(row: Any, window: Span) -> dict[str, Any]:
    snapshot = snapshot_in(row.snapshot)
    special = special_days(facility_in(row.snapshot, row.days), window)
    return snapshot | {"special_days": special} if special else snapshot


def special_days(facility: Facility, window: Span) -> list[dict[str, Any]]:
    """The dates of the window that do not follow the week: {date, kind, names, hours}."""
    opening = facility.opening
    first, last = (instant.astimezone(BASE_ZONE).date() for instant in window)
    days = sorted(day for day in opening.special_dates if first <= day <= last)
    return [special | {"hours": opening.hours_on(day)} for day in days if (special := opening.special_on(day))]


def interruption(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "state": row.pop("kind"), "mine": False}


def shared_units(facilities: Iterable[dict[str, Any]]) -> dict[tuple[str, str], int]:
    """The units that runs may share, and how many places each has."""
    return {
        (each["code"], unit["code"]): unit["places"] for each in facilities if each.get("sharing")
        for unit in each["units"] if unit.get("places", 1) > 1
    }


def item(
    row: Any, person: Person, names: dict[str, str], hit: Set[str], shared: dict[tuple[str, str], int],
) -> dict[str, Any]:
    """A reservation on the board; of one that shares everybody sees the places and the temperature, not whose it is."""
    facility, unit, starts_at, ends_at, places, temperature, reservation, state, version, team, purpose = row
    slot = {
        "facility": facility, "unit": unit, "starts_at": f"{starts_at[:10]}T{starts_at[11:]}+00:00",
        "ends_at": f"{ends_at[:10]}T{ends_at[11:]}+00:00", "state": state or "taken", "mine": team in person.teams,
    }
    if places and (facility, unit) in shared:
        slot["sharing"] = {"places": int(places), "of": shared[facility, unit], "temperature": temperature}
    if reservation is not None:
        slot.update(id=reservation, version=version, team=team, team_name=names.get(team), purpose=purpose)
        if team in person.teams or sees(person, team, facility):
            slot["hit"] = reservation in hit
    return slot
