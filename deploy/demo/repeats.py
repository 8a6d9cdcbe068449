"""The demo's series: asked for a few hours ago through booking's own handlers, decided or still waiting."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from deploy.demo.plans import Work
from deploy.demo.replay import REQUEST_KEY, tell
from services.booking import handlers
from services.booking.domain.facility import BASE_ZONE, DAY, midnight_before
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.commands import ApproveSeries, RequestSeries
from services.contracts.messaging import tracing

ASKED_BEFORE = timedelta(hours=5)
DECIDED_BEFORE = timedelta(hours=2)
DAYS_AHEAD = 3


def repeat(
    told: Sequence[Mapping[str, Any]], works: Mapping[str, Work], managers: Mapping[str, str],
    uow: BookingUnitOfWork, now: datetime,
) -> int:
    """Ask for each series; dates that are taken already are left out. Returns how many series that are."""
    for each in told:
        tracing.begin()
        asked = handlers.request_series(request_of(each, works[each["facility"]], now), uow, now - ASKED_BEFORE)
        tell(uow, now - ASKED_BEFORE)
        if each["approved"]:
            manager = managers[each["facility"]]
            message = ApproveSeries(actor=manager, request_key=REQUEST_KEY, series=asked["id"])
            handlers.approve_series(message, uow, now - DECIDED_BEFORE)
            tell(uow, now - DECIDED_BEFORE)
    return len(told)


def request_of(told: Mapping[str, Any], work: Work, now: datetime) -> RequestSeries:
    team = f"team-{told['team']:02}"
    starts_at = first_day(told["weekday"], now) + timedelta(hours=told["hour"])
    return RequestSeries(
        actor=f"member{told['team']:02}", request_key=REQUEST_KEY, facility=told["facility"], team=team,
        project=work.projects[team][0], purpose=told["purpose"], rule=told["rule"], starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=told["minutes"]), on_clash="skip",
    )  # fmt: skip


def first_day(weekday: int, now: datetime) -> datetime:
    """The midnight of the first such day that is far enough ahead for every facility's notice."""
    earliest = midnight_before(now) + DAYS_AHEAD * DAY
    return earliest + (weekday - earliest.astimezone(BASE_ZONE).weekday()) % 7 * DAY
