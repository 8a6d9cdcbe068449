"""A project's way over lines, labs and platforms, as far as somebody may see it."""

from typing import Any

from services.booking.queries.arguments import VISIBLE, asking, sight
from services.booking.queries.reservations import NAMED, WITH_NAMES, plain
from services.contracts.errors import NotFound

PROJECT = """
    SELECT t.team, t.name AS team_name, project.value AS project
      FROM teams t, jsonb_array_elements(t.projects) AS project
     WHERE project.value ->> 'code' = %(project)s AND t.team = %(team)s
       AND (%(sees_all)s OR t.team = ANY(%(teams)s::text[]) OR EXISTS (
            SELECT 1 FROM reservations r WHERE r.team = t.team AND r.project = %(project)s
               AND r.facility = ANY(%(managed)s::text[])))"""
STATIONS = f"""
    SELECT {NAMED}, f.snapshot ->> 'kind' AS kind FROM {WITH_NAMES}
     WHERE {VISIBLE} AND r.team = %(team)s AND r.project = %(project)s
       AND r.state IN ('requested', 'approved', 'in_use', 'finished', 'no_show')
     ORDER BY r.starts_at, r.reservation LIMIT 1000"""


def journey(connection: Any, actor: str, team: str, project: str) -> dict[str, Any]:
    """The project with its reservations in order of time; those that came to nothing are left out.

    A facility's manager sees the stations on facilities of their own. Raises NotFound, NotAllowed.
    """
    person = asking(connection, actor)
    values = sight(person) | {"team": str(team), "project": str(project)}
    found = connection.exec_driver_sql(PROJECT, values).first()
    if found is None:
        raise NotFound
    stations = [plain(row, person) for row in connection.exec_driver_sql(STATIONS, values)]
    return {"team": found.team, "team_name": found.team_name, **found.project, "stations": stations}
