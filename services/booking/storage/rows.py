"""From rows to the values of the domain."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from services.booking.domain.calendar import ORDINARY_WEEKS, Calendar, calendar_of
from services.booking.domain.facility import Contended, Facility
from services.booking.domain.interruption import Interruption
from services.booking.domain.quotas import Quota
from services.booking.domain.reservation import Reservation, Route
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
    r.series_date, r.awaits, r.route, r.waivers, r.exception, r.checked_in_at, r.checked_out_at,
    r.overran, r.campaign::text, r.campaign_step"""
LEADS = "ARRAY(SELECT m.team FROM members m WHERE m.person = {0}.person AND m.role = 'lead')"
# Whether somebody is on leave is a matter of the moment in which it is asked.
ABSENT = f"""
    (SELECT json_agg(json_build_object('person', a.person, 'name', a.name, 'active', a.active, 'roles', a.roles,
                                       'manages', a.manages, 'leads', {LEADS.format("a")}) ORDER BY a.person)
       FROM persons a
      WHERE a.delegate = p.person AND a.active AND now() >= a.away_from AND now() < a.away_until)"""
PERSON = f"""
    p.person, p.name AS person_name, p.active, p.roles, p.manages,
    ARRAY(SELECT m.team FROM members m WHERE m.person = p.person) AS teams,
    {LEADS.format("p")} AS leads,
    ARRAY(SELECT DISTINCT o.team FROM members m JOIN teams t USING (team) JOIN teams o ON o.company = t.company
           WHERE m.person = p.person AND t.company <> '' AND o.team <> t.team) AS colleagues,
    {ABSENT} AS absent"""

NOT_KEPT = ("descriptions", "location")
ONLY_FOR_PAGES = ("names",)

MOST_INTERRUPTIONS = 50
ASIDE = f"""
    s.days::text AS days,
    (SELECT json_agg(json_build_object('id', i.interruption, 'kind', i.kind, 'unit', i.unit, 'reason', i.reason,
                                       'spans', i.spans, 'open_end', i.open_end) ORDER BY i.last_end)::text
       FROM (SELECT * FROM interruptions n
              WHERE n.facility = f.facility OR n.facility IS NULL AND n.site = f.snapshot ->> 'site'
              ORDER BY n.last_end DESC LIMIT {MOST_INTERRUPTIONS}) AS i) AS interruptions,
    (SELECT json_agg(json_build_object(
                'unit', c.unit, 'starts_at', r.starts_at, 'decide_by', r.decide_by,
                'ends_at', r.ends_at + make_interval(mins => coalesce((r.run ->> 'elastic_minutes')::int, 0))
            ) ORDER BY r.starts_at, r.reservation)::text
       FROM reservations r JOIN contenders c USING (reservation)
      WHERE r.state = 'competing' AND r.facility = f.facility) AS contended"""
"""What a facility is judged by beside its own snapshot, from WITH_SITE; of its interruptions those that end last."""

WITH_SITE = "facilities f LEFT JOIN sites s ON s.site = f.snapshot ->> 'site'"


def reservation_of(row: Any) -> Reservation:
    return Reservation(
        id=row.id, version=row.version, state=State(row.state), facility=row.facility, unit=row.unit,
        span=Span(row.starts_at, row.ends_at), team=row.team, project=row.project, purpose=row.purpose,
        requester=row.requester, decide_by=row.decide_by, run=Run(**row.run),
        series=row.series, series_date=row.series_date,
        awaits=row.awaits, route=route_of(row.route), waivers=tuple(row.waivers), exception=row.exception,
        checked_in_at=row.checked_in_at, checked_out_at=row.checked_out_at, overran=row.overran,
        campaign=row.campaign, campaign_step=row.campaign_step,
    )


def route_of(kept: dict[str, Any]) -> Route:
    return Route(**{name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()})


def person_of(row: Any) -> Person | None:
    if row.person is None:
        return None
    return Person(
        person=row.person, name=row.person_name, active=row.active, roles=frozenset(row.roles),
        manages=frozenset(row.manages), teams=frozenset(row.teams), leads=frozenset(row.leads),
        colleagues=frozenset(row.colleagues), absent=tuple(absent_of(each) for each in row.absent or ()),
    )


def absent_of(kept: dict[str, Any]) -> Person:
    sets = {name: frozenset(kept[name]) for name in ("roles", "manages", "leads")}
    return Person(**kept | sets)


def team_of(row: Any) -> Team | None:
    if row.team is None:
        return None
    projects = {project["code"]: project for project in row.projects}
    return Team(team=row.team, company=row.company, projects=projects)


def qualifications_of(row: Any) -> dict[str, datetime]:
    return {each["qualification"]: datetime.fromisoformat(each["until"]) for each in row.grants or ()}


def snapshot_of(event: FacilityChanged) -> dict[str, Any]:
    """What booking keeps of a facility, which is called by its ``code`` here as everywhere in answers."""
    kept = {name: value for name, value in vars(event).items() if name not in NOT_KEPT}
    return {"code": kept.pop("facility"), **kept}


# Keyed by the text itself, so that no version can be mistaken for another one's.
@lru_cache(maxsize=512)
def snapshot_in(text: str) -> dict[str, Any]:
    """A kept snapshot as it is shown; not to be changed."""
    return encoding.loads(text)


@lru_cache(maxsize=64)
def calendar_in(days: str | None) -> Calendar:
    """The kept days of a base as the domain knows them; a base that is not known follows the week."""
    return calendar_of(encoding.loads(days)) if days else ORDINARY_WEEKS


@lru_cache(maxsize=512)
def interruptions_in(text: str | None) -> tuple[Interruption, ...]:
    """What may stand in the way on one facility, as ASIDE selects it."""
    return tuple(
        Interruption(**each | {"spans": tuple(span_in(span) for span in each["spans"])})
        for each in encoding.loads(text or "[]")
    )


def span_in(span: dict[str, str]) -> Span:
    return Span(datetime.fromisoformat(span["starts_at"]), datetime.fromisoformat(span["ends_at"]))


@lru_cache(maxsize=64)
def quotas_in(text: str | None, days: str | None) -> tuple[Quota, ...]:
    """The kept snapshots of all quotas in force, with the calendar of the base."""
    return tuple(
        Quota(**each | {
            "peak_hours": tuple(tuple(pair) for pair in each["peak_hours"]), "calendar": calendar_in(days),
        })
        for each in encoding.loads(text or "[]")
    )


@lru_cache(maxsize=512)
def contended_in(text: str | None) -> tuple[Contended, ...]:
    """What requests compete for on one facility, as ASIDE selects it."""
    return tuple(
        Contended(each["unit"], span_in(each), datetime.fromisoformat(each["decide_by"]))
        for each in encoding.loads(text or "[]")
    )


@lru_cache(maxsize=1024)
def facility_in(
    text: str, days: str | None = None, interruptions: str | None = None, contended: str | None = None,
) -> Facility:
    """A kept snapshot as the domain knows it, with the calendar of its base and what stands in the way."""
    kept = {name: value for name, value in snapshot_in(text).items() if name not in ONLY_FOR_PAGES}
    tuples = {name: tuple(value) for name, value in kept.items() if isinstance(value, list)}
    return Facility(**kept | tuples | {
        "units": tuple(unit["code"] for unit in kept["units"]),
        "places": {unit["code"]: unit["places"] for unit in kept["units"] if unit.get("places", 1) > 1},
        "opening_hours": tuple(tuple(tuple(pair) for pair in hours) for hours in kept["opening_hours"]),
        "calendar": calendar_in(days), "interruptions": interruptions_in(interruptions),
        "contended": contended_in(contended),
    })


def facility_of(row: Any) -> Facility:
    """From a row with its snapshot and ASIDE."""
    return facility_in(row.snapshot, row.days, row.interruptions, row.contended)
