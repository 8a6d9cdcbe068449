"""Time for which requests are collected, as the board shows it: how many ask, and nobody's name but one's own."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.booking.domain.rights import Person, sees

COMPETING = """
    SELECT r.facility, r.unit, r.starts_at, r.ends_at, r.reservation::text AS id, r.version, r.team, r.purpose
      FROM reservations r
     WHERE r.state = 'competing' AND r.starts_at < %(ends_at)s AND r.ends_at > %(starts_at)s
       AND (%(facility)s::text IS NULL OR r.facility = %(facility)s)
     ORDER BY r.facility, r.starts_at, r.reservation"""


def contested(
    connection: Any, values: Mapping[str, Any], person: Person, names: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Each request that one may see, and each stretch for which others ask too, with their number."""
    rows = connection.exec_driver_sql(COMPETING, dict(values)).all()
    found = [own(row, person, names) for row in rows if sees(person, row.team, row.facility)]
    return found + [told for stretch in stretches(rows) for told in of_others(stretch, person)]


def own(row: Any, person: Person, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "facility": row.facility, "unit": row.unit, "starts_at": row.starts_at, "ends_at": row.ends_at,
        "state": "competing", "mine": row.team in person.teams, "id": row.id, "version": row.version,
        "team": row.team, "team_name": names.get(row.team), "purpose": row.purpose, "hit": False,
    }


def stretches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Those that overlap on a facility, together; ``rows`` come by facility and start."""
    together: list[Any] = []
    for row in rows:
        if together and (row.facility != together[0].facility or row.starts_at >= max(r.ends_at for r in together)):
            yield together
            together = []
        together.append(row)
    if together:
        yield together


def of_others(stretch: list[Any], person: Person) -> Iterator[dict[str, Any]]:
    """One item for all that the reader may not see."""
    hidden = [row for row in stretch if not sees(person, row.team, row.facility)]
    if hidden:
        yield {
            "facility": hidden[0].facility, "unit": None, "starts_at": min(row.starts_at for row in hidden),
            "ends_at": max(row.ends_at for row in hidden), "state": "competing", "mine": False,
            "requests": len(stretch),
        }
