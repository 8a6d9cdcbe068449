"""The demo's reservations of a week at a facility: who, when, for what, and what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from deploy.demo.lives import Step, life, undecided
from deploy.demo.times import FORTNIGHT, week_of_times
from services.booking.domain.days import BASE_ZONE, DAY, midnight_before
from services.booking.domain.facility import Facility
from services.booking.domain.spans import Span

DAYS_BACK = 10
DAYS_AHEAD = 11


@dataclass(frozen=True, kw_only=True)
class Work:
    """What the plans are made of: the work of a facility, projects by team, and reasons that people give."""

    teams: Sequence[int]
    purposes: Sequence[str]
    projects: Mapping[str, Sequence[str]]
    reasons: Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A reservation to be. No unit where the system chooses it."""

    facility: str
    unit: str | None
    span: Span
    team: str
    requester: str
    project: str
    purpose: str
    steps: Sequence[Step]
    run: Mapping[str, Any] = field(default_factory=dict)

    def until(self, now: datetime) -> list[Step]:
        """What has happened by now."""
        return [step for step in self.steps if step.at <= now]


def works(told: Mapping[str, Any], projects: Sequence[Mapping[str, str]]) -> dict[str, Work]:
    """Each facility's work, from work.yaml and the projects of the base."""
    by_team: dict[str, list[str]] = {}
    for project in projects:
        by_team.setdefault(project["team"], []).append(project["project"])
    return {
        facility: Work(
            teams=work.get("teams") or range(1, len(by_team) + 1), purposes=work["purposes"],
            projects=by_team, reasons=told["reasons"],
        )
        for facility, work in told["facilities"].items()
    }  # fmt: skip


def plans_around(now: datetime, facility: Facility, work: Work) -> list[Plan]:
    """What was asked for by now and begins in the three weeks around it, in the order of the beginnings."""
    today = midnight_before(now)
    window = Span(today - DAYS_BACK * DAY, today + DAYS_AHEAD * DAY)
    monday = window.starts_at - timedelta(days=window.starts_at.astimezone(BASE_ZONE).weekday() + FORTNIGHT)
    found: list[Plan] = []
    while monday < window.ends_at:
        found += plans_of_week(facility, work, monday)
        monday += 7 * DAY
    near = [plan for plan in found if window.starts_at <= plan.span.starts_at < window.ends_at and plan.until(now)]
    return with_one_waiting(sorted(near, key=lambda plan: plan.span), facility, now)


def with_one_waiting(plans: list[Plan], facility: Facility, now: datetime) -> list[Plan]:
    """The last one, if it is far enough ahead, waits for its manager: each queue has something in it at any moment."""
    earliest = now + timedelta(hours=facility.decision_hours)
    if facility.is_automatic or not plans or plans[-1].span.starts_at < earliest:
        return plans
    return [*plans[:-1], replace(plans[-1], steps=undecided(facility, plans[-1].steps, now))]


def plans_of_week(facility: Facility, work: Work, monday: datetime) -> list[Plan]:
    """All that ever begins in a week; it depends on nothing but the week and the facility."""
    random = Random(f"{facility.code} {monday:%F}")
    return [plan(facility, work, unit, span, random) for unit, span in list(week_of_times(facility, monday, random))]


def plan(facility: Facility, work: Work, unit: str, span: Span, random: Random) -> Plan:
    number = random.choice(work.teams)
    team = f"team-{number:02}"
    return Plan(
        facility=facility.code, unit=unit if facility.unit_choice else None, span=span, team=team,
        requester=f"{random.choice(('lead', 'lead', 'member'))}{number:02}",
        project=random.choice(work.projects[team]), purpose=random.choice(work.purposes).format(hours=hours_of(span)),
        steps=life(facility, span, work.reasons, random), run=run_on(facility, unit, span, random),
    )  # fmt: skip


def run_on(facility: Facility, unit: str, span: Span, random: Random) -> dict[str, Any]:
    """One family a week on a line, so that no changeover falls into the week; every other run leaves places free."""
    if facility.families:
        week = (span.starts_at.astimezone(BASE_ZONE).date().toordinal() - 1) // 7
        number = week + (facility.units.index(unit) if facility.unit_choice else 0)
        return {"family": facility.families[number % len(facility.families)]["code"]}
    if not facility.sharing or random.random() < 0.5:
        return {}
    classes = [each for group in facility.sharing["contamination"] for each in group]
    profile = {"temperature": random.choice((60, 85, 105, 125)), "ramp": random.choice((1, 3, 5))}
    return {"places": random.choice((1, 2, 3)), "profile": profile | {"contamination": random.choice(classes)}}


def hours_of(span: Span) -> str:
    return f"{span.length / timedelta(hours=1):g}"
