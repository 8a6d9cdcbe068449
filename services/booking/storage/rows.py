"""From rows to the values of the domain."""

from functools import lru_cache
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person
from services.booking.domain.run import Run
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.team import Team
from services.contracts.events import FacilityChanged
from services.contracts.messaging import encoding

RESERVATION = """
    r.reservation::text AS id, r.version, r.state, r.facility, r.unit, r.starts_at, r.ends_at,
    r.team, r.project, r.purpose, r.requester, r.decide_by, r.run, r.series::text,
    r.series_date"""
PERSON = """
    p.person, p.name AS person_name, p.active, p.roles, p.manages,
    ARRAY(SELECT m.team FROM members m WHERE m.person = p.person) AS teams"""

NOT_KEPT = ("descriptions", "location")
ONLY_FOR_PAGES = ("names",)


def reservation_of(row: Any) -> Reservation:
    return Reservation(
        id=row.id, version=row.version, state=State(row.state), facility=row.facility, unit=row.unit,
        span=Span(row.starts_at, row.ends_at), team=row.team, project=row.project, purpose=row.purpose,
        requester=row.requester, decide_by=row.decide_by, run=Run(**row.run),
        series=row.series, series_date=row.series_date,
    )


def person_of(row: Any) -> Person | None:
    if row.person is None:
        return None
    return Person(
        person=row.person, name=row.person_name, active=row.active, roles=frozenset(row.roles),
        manages=frozenset(row.manages), teams=frozenset(row.teams),
    )


def team_of(row: Any) -> Team | None:
    if row.team is None:
        return None
    projects = {project["code"]: project for project in row.projects}
    return Team(team=row.team, company=row.company, projects=projects)


def snapshot_of(event: FacilityChanged) -> dict[str, Any]:
    """What booking keeps of a facility, which is called by its ``code`` here as everywhere in answers."""
    kept = {name: value for name, value in vars(event).items() if name not in NOT_KEPT}
    return {"code": kept.pop("facility"), **kept}


# Keyed by the text itself, so that no version can be mistaken for another one's.
@lru_cache(maxsize=512)
def snapshot_in(text: str) -> dict[str, Any]:
    """A kept snapshot as it is shown; not to be changed."""
    return encoding.loads(text)


@lru_cache(maxsize=512)
def facility_in(text: str) -> Facility:
    """A kept snapshot as the domain knows it."""
    kept = {name: value for name, value in snapshot_in(text).items() if name not in ONLY_FOR_PAGES}
    tuples = {name: tuple(value) for name, value in kept.items() if isinstance(value, list)}
    return Facility(**kept | tuples | {
        "units": tuple(unit["code"] for unit in kept["units"]),
        "opening_hours": tuple(tuple(tuple(pair) for pair in hours) for hours in kept["opening_hours"]),
    })
