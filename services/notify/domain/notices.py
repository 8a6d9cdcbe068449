"""What people hear of besides the steps of one reservation: series, wait lists, qualifications, quotas, use.

Each function takes what has happened and who is around, and returns the notices with whom each
is for. A series is told as a whole, once for each action on it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.contracts import events
from services.notify.domain.audience import Part, Recipient, managers
from services.notify.domain.copies import Facility, Person, Team
from services.notify.domain.steps import STEPS, Category, Step, weighed


@dataclass(frozen=True, kw_only=True)
class Notice:
    """``subject`` names the thing whose mails belong together; its texts are made of the ``details``."""

    step: Step
    event_type: str
    subject: str
    version: int
    details: dict[str, Any]
    facility: Facility | None = None
    team: Team | None = None
    people: Mapping[str, Person] = field(default_factory=dict)
    reservation: str | None = None
    expires_at: datetime | None = None
    only_while: None = None

    @classmethod
    def of(cls, event: Any, step: Step, subject: str, **told: Any) -> "Notice":
        """What becomes of an event; ``told`` are the other fields."""
        return cls(event_type=type(event).__name__, version=event.version, step=step, subject=subject, **told)

    @property
    def place(self) -> str | None:
        return self.facility.facility if self.facility else None


Told = tuple[Notice, list[Recipient]]


def to(people: Mapping[str, Person], names: Iterable[str], part: Part, category: Category) -> list[Recipient]:
    """Each active one of them, once."""
    known = [people[name] for name in dict.fromkeys(names) if name in people]
    return [Recipient(person=person, part=part, category=category) for person in known if person.active]


# series ----------------------------------------------------------------------------------

SERIES_STEPS = {
    events.SeriesRequested: "series_requested",
    events.SeriesMoved: "series_moved",
    events.SeriesCancelled: "series_cancelled",
}


def of_series(
    event: events.SeriesEvent, team: Team, facility: Facility, people: Mapping[str, Person], now: datetime
) -> list[Told]:
    """One message per action: to the team, and to the managers when there is something to decide."""
    members = sorted(event.members, key=lambda member: member["starts_at"])
    ends = [datetime.fromisoformat(member["ends_at"]) for member in members]
    if not members or max(ends) <= now:
        return []
    waiting = [member for member in members if member["state"] == "requested"]
    step = series_step(event, len(waiting), event.actor in team.members)
    notice = Notice.of(
        event, step, f"series-{event.series}",
        details={"event": event, "members": members, "waiting": waiting},
        facility=facility,
        team=team,
        people=people,
        expires_at=max(ends),
    )
    found = [] if step.name == "series_requested" else team_of_series(event, team, people, step)
    if waiting:
        already = {each.person.person for each in found}
        names = [name for name in managers(event.facility, people.values(), event.requester) if name not in already]
        names = [name for name in names if name != event.actor]
        found += to(people, names, Part.MANAGER, Category.REQUESTS)
    return [(notice, found)]


def series_step(event: events.SeriesEvent, waiting: int, of_the_team: bool) -> Step:
    """A series that nobody has to decide was approved by being asked for."""
    if isinstance(event, events.SeriesDecided):
        return STEPS["series_approved" if event.approved else "series_rejected"]
    name = SERIES_STEPS[type(event)]
    if name == "series_requested" and not waiting:
        return STEPS["series_approved"]
    return weighed(name, of_the_team)


def team_of_series(
    event: events.SeriesEvent, team: Team, people: Mapping[str, Person], step: Step
) -> list[Recipient]:
    """The requester and the leads; the one whose click it was reads it as the confirmation."""
    return to(people, (event.requester, *team.leads), Part.TEAM, step.category)


# people and teams ------------------------------------------------------------------------


def of_qualification(event: events.QualificationExpiring, people: Mapping[str, Person]) -> list[Told]:
    """To the person: it ends soon, or it has ended."""
    step = STEPS["qualification_expiring" if event.days_left > 0 else "qualification_expired"]
    notice = Notice.of(
        event, step, f"qualification-{event.qualification}",
        details={"names": event.names, "until": event.until, "days": event.days_left},
        expires_at=event.until if event.days_left > 0 else None,
    )
    return [(notice, to(people, [event.person], Part.TEAM, step.category))]


def of_training(
    event: events.TrainingChanged, facility: Facility | None, people: Mapping[str, Person], now: datetime
) -> list[Told]:
    """Asked for: to those who manage. Granted or refused: to the one who asked."""
    name = {"requested": "training_requested", "granted": "training_granted", "refused": "training_refused"}.get(
        event.state
    )
    if name is None:
        return []
    step = STEPS[name]
    notice = Notice.of(
        event, step, f"training-{event.training}",
        details={
            "names": event.names,
            "note": event.note,
            "reason": event.reason,
            "person": event.person,
            "actor": event.actor,
            "at": now,
        },
        facility=facility,
        people=people,
    )
    if name == "training_requested":
        names = managers(event.facility, people.values(), event.person)
        return [(notice, to(people, names, Part.MANAGER, step.category))]
    return [(notice, to(people, [event.person], Part.TEAM, step.category))]


def of_quota(event: events.QuotaNearlyUsed, team: Team, people: Mapping[str, Person]) -> list[Told]:
    """To the team's leads, and to the person whose own quota it is."""
    step = STEPS["quota_nearly_used"]
    notice = Notice.of(
        event, step, f"quota-{event.quota}", details={"event": event}, team=team, people=people,
    )
    own = [event.subject] if event.scope == "person" else []
    return [(notice, to(people, [*own, *team.leads], Part.TEAM, step.category))]


def of_waiting(
    event: events.WaitEntryLapsed, team: Team, facility: Facility, people: Mapping[str, Person], now: datetime
) -> list[Told]:
    """To the requester and the leads: nothing came free in time."""
    step = STEPS["wait_lapsed"]
    notice = Notice.of(
        event, step, f"wait-{event.wait_entry}",
        details={"event": event},
        facility=facility,
        team=team,
        people=people,
        expires_at=event.ends_at if event.ends_at > now else None,
    )
    return [(notice, to(people, [event.requester, *team.leads], Part.TEAM, step.category))]


def of_use(
    kind: str, period: tuple[datetime, datetime], rows: list[dict[str, Any]], team: Team,
    facilities: Mapping[str, Facility], people: Mapping[str, Person],
) -> list[Told]:
    """A team's week or month, to its leads; nothing where nothing was reserved.

    rows = [{facility, reservations, booked_minutes, used_minutes, no_shows, cancelled}].
    """
    if not rows:
        return []
    step = STEPS[kind]
    notice = Notice(
        step=step,
        event_type="UsageReport",
        subject=f"use-{team.team}",
        version=1,
        details={"period": period, "rows": rows, "facilities": facilities},
        team=team,
        people=people,
    )
    return [(notice, to(people, team.leads, Part.TEAM, step.category))]
