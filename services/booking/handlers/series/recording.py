"""Opening a series for a command, and telling what an action made of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person, known, sees
from services.booking.domain.series import Series
from services.booking.domain.states import State
from services.contracts.commands import SeriesCommand
from services.contracts.errors import NotFound, StaleVersion
from services.contracts.events import SeriesEvent


def opened(message: SeriesCommand, uow: Any) -> tuple[Series, Person, list[Reservation]]:
    """The series of a command and its members by date, all locked, and who asks.

    Raises NotFound (not there, or not to be seen), NotAllowed, StaleVersion.
    """
    series, person = uow.series.locked(message.series, message.actor)
    members = uow.series.members_locked(message.series) if series else []
    if series is None or not is_seen(known(person), series, members):
        raise NotFound
    if message.version not in (None, series.version):
        raise StaleVersion(version=series.version)
    return series, person, members


def is_seen(person: Person, series: Series, members: Iterable[Reservation]) -> bool:
    """A series is there for its team and for whoever decides on one of its facilities."""
    places = {each.facility for each in (*series.patterns, *members)}
    return any(sees(person, series.team, facility) for facility in places)


def is_to_come(member: Reservation, now: datetime) -> bool:
    """Whether an action on the series still reaches it; what has begun is handled by itself."""
    return member.state in (State.REQUESTED, State.APPROVED) and member.span.starts_at > now


def tell(
    uow: Any, kind: type[SeriesEvent], series: Series, touched: list[dict[str, Any]], actor: str, reason: str = "",
    **more: Any,
) -> dict[str, Any]:
    """Record the one fact of an action; returns the answer. ``touched`` are the members' answers."""
    uow.record(kind(
        version=series.version, series=series.id, facility=series.pattern.facility, team=series.team,
        project=series.project, purpose=series.purpose, requester=series.requester, actor=actor, reason=reason,
        rule=str(series.rule), members=[told(each) for each in touched],
        skipped=[day.isoformat() for day in series.skipped], **more,
    ))
    return answer_of(series, touched)


def told(member: dict[str, Any]) -> dict[str, Any]:
    return {
        "reservation": member["id"], "version": member["version"], "state": member["state"],
        "facility": member["facility"], "unit": member["unit"],
        "starts_at": member["starts_at"].isoformat(), "ends_at": member["ends_at"].isoformat(),
    }


def answer_of(series: Series, touched: list[dict[str, Any]]) -> dict[str, Any]:
    """``members`` are those that the action touched."""
    return {
        "id": series.id, "version": series.version, "rule": str(series.rule),
        "skipped": [day.isoformat() for day in series.skipped], "members": touched,
    }
