"""How much of their quotas teams have used, and what is left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.booking.domain.quotas import Entitlement
from services.booking.domain.rights import Person, sees_all
from services.booking.domain.spans import Span
from services.booking.domain.wish import Party, Wish
from services.booking.handlers.quotas import entitled
from services.booking.queries.arguments import asking, load
from services.booking.storage.rows import quotas_in
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.errors import NotFound
from services.contracts.values import Code, Instant

KINDS = ("line", "lab", "platform")
ACTIVE = """
    SELECT jsonb_agg(snapshot ORDER BY quota)::text, (SELECT days::text FROM sites ORDER BY site LIMIT 1)
      FROM quotas WHERE active"""
# A project counts where it is the team's own: of others nobody learns what they have used.
TEAMS = """
    SELECT team, name, company, (
           SELECT each.value ->> 'code' FROM jsonb_array_elements(projects) AS each
            WHERE each.value ->> 'code' = %(project)s LIMIT 1) AS project
      FROM teams WHERE team = ANY(%(teams)s) ORDER BY team"""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Of one team or all of one's own; of the week and month in which ``at`` lies."""

    team: Code | None = None
    project: Code | None = None
    at: Instant | None = None


def quota_usage(connection: Any, now: datetime, actor: str, **wanted: Any) -> dict[str, Any]:
    """What binds the actor's teams, the actor in them, and their companies.

    Raises InvalidInput, NotFound (also for a team that one is not of), NotAllowed.
    """
    given = load(Usage, **wanted)
    person = asking(connection, actor)
    if given.team and given.team not in person.teams and not sees_all(person):
        raise NotFound
    quotas = quotas_in(*connection.exec_driver_sql(ACTIVE).one())
    wanted_teams = [given.team] if given.team else sorted(person.teams)
    teams = connection.exec_driver_sql(TEAMS, {"teams": wanted_teams, "project": given.project}).all()
    instant = given.at or now
    found = []
    for team in teams:
        party = Party(
            team=team.team, company=team.company, project=team.project, person=person_in(team.team, person),
            quotas=quotas,
        )
        wish = Wish(span=Span(instant, instant), party=party)
        party = entitled(wish, KINDS, BookingUnitOfWork(connection), now, locking=False).party
        found += [told(each, team, instant) for each in party.entitlements]
    return {"items": found}


def person_in(team: str, person: Person) -> str:
    """Whose own quotas are shown beside a team's: the actor's, if they are of it."""
    return person.person if team in person.teams else ""


def told(each: Entitlement, team: Any, instant: datetime) -> dict[str, Any]:
    (period,) = each.periods(Span(instant, instant))
    used = each.used(period)
    return {
        "quota": each.quota.code, "team": team.team, "team_name": team.name, "scope": each.quota.scope,
        "subject": each.subject, "kind": each.quota.kind, "per": each.quota.per, "limit": each.quota.limit,
        "used": used, "left": max(each.quota.limit - used, 0), "off_peak_percent": each.quota.off_peak_percent,
        "peak_hours": each.quota.peak_hours, "starts_at": period and period.starts_at,
        "ends_at": period and period.ends_at,
    }
