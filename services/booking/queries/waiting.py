"""Who waits for which time, as far as somebody may see it, with their place in the order and what is offered."""

from dataclasses import dataclass
from typing import Annotated, Any

from services.booking.domain.rights import Person
from services.booking.queries.arguments import asking, load, sight
from services.booking.queries.reservations import known_id
from services.booking.storage.waiting import ENTRY
from services.contracts.errors import NotFound
from services.contracts.values import Code, OneOf

MOST_TOLD = 200
# Before somebody are those whom time within the own window might be given first (domain/waiting.py).
BEFORE = """
    (SELECT count(*) FROM wait_entries b
      WHERE b.facility = w.facility AND b.state = 'waiting'
        AND (b.rank, b.joined_at, b.wait_entry) < (w.rank, w.joined_at, w.wait_entry)
        AND b.starts_at < w.ends_at AND b.ends_at > w.starts_at
        AND (b.unit IS NULL OR w.unit IS NULL OR b.unit = w.unit))"""
OFFER = """
    (SELECT json_build_object('id', r.reservation, 'version', r.version, 'state', r.state, 'unit', r.unit,
                              'starts_at', r.starts_at, 'ends_at', r.ends_at, 'decide_by', r.decide_by)
       FROM reservations r WHERE r.reservation = w.reservation)"""
NAMED = f"""
    {ENTRY}, t.name AS team_name, q.name AS requester_name, f.snapshot -> 'names' AS facility_names,
    (SELECT each.value -> 'names' FROM jsonb_array_elements(f.snapshot -> 'units') AS each
      WHERE each.value ->> 'code' = w.unit) AS unit_names,
    (SELECT each.value ->> 'name' FROM jsonb_array_elements(t.projects) AS each
      WHERE each.value ->> 'code' = w.project) AS project_name,
    CASE WHEN w.state = 'waiting' THEN 1 + {BEFORE} END AS position,
    (SELECT count(*) FROM wait_entries o WHERE o.facility = w.facility AND o.state = 'waiting') AS waiting,
    {OFFER} AS offer"""
WITH_NAMES = """
    wait_entries w LEFT JOIN teams t ON t.team = w.team LEFT JOIN persons q ON q.person = w.requester
    LEFT JOIN facilities f ON f.facility = w.facility"""
VISIBLE = "(%(sees_all)s OR w.team = ANY(%(teams)s::text[]) OR w.facility = ANY(%(managed)s::text[]))"
SOME = f"""
    SELECT {NAMED} FROM {WITH_NAMES}
     WHERE {VISIBLE}
       AND (%(facility)s::text IS NULL OR w.facility = %(facility)s)
       AND (%(team)s::text IS NULL OR w.team = %(team)s)
       AND (NOT %(mine)s OR w.team = ANY(%(teams)s::text[]))
       AND (%(state)s = 'all' OR w.state IN ('waiting', 'offered'))
     ORDER BY w.facility, w.state <> 'offered', w.rank, w.joined_at, w.wait_entry LIMIT {MOST_TOLD}"""
ONE = f"SELECT {NAMED} FROM {WITH_NAMES} WHERE w.wait_entry = %(entry)s AND {VISIBLE}"


@dataclass(frozen=True, kw_only=True)
class WaitListed:
    """``mine`` leaves out what is seen only because of an office; ``all`` shows what is over, too."""

    facility: Code | None = None
    team: Code | None = None
    mine: bool = False
    state: Annotated[str, OneOf(("open", "all"))] = "open"


def wait_list(connection: Any, actor: str, **filters: Any) -> dict[str, Any]:
    """The entries of own teams, and of the facilities on which the actor decides, by facility in their order.

    ``position`` counts only who might be given time within the same window; a team is not told who they are.

    Raises InvalidInput, NotAllowed.
    """
    given = load(WaitListed, **filters)
    person = asking(connection, actor)
    rows = connection.exec_driver_sql(SOME, vars(given) | sight(person))
    return {"items": [plain(row, person) for row in rows]}


def wait_entry(connection: Any, actor: str, wait_entry: str) -> dict[str, Any]:
    """One of them. Raises NotFound, NotAllowed."""
    person = asking(connection, actor)
    row = connection.exec_driver_sql(ONE, {"entry": known_id(wait_entry), **sight(person)}).first()
    if row is None:
        raise NotFound
    return plain(row, person)


def plain(row: Any, person: Person) -> dict[str, Any]:
    """A row as it travels, with what the person may do."""
    mine = row.team in person.teams
    allowed = {"waiting": ["leave"], "offered": ["accept", "decline"]}.get(row.state, []) if mine else []
    return {**row._mapping, "mine": mine, "allowed_actions": allowed}
