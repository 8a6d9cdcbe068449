"""Keeping the copies of what accounts and facilities say. A snapshot older than the one kept changes nothing."""

from datetime import datetime
from typing import Any

from services.booking.handlers.replan.starting import for_hours, for_interruption
from services.contracts.events import (
    Event,
    FacilityChanged,
    HolderChanged,
    InterruptionChanged,
    PersonChanged,
    QualificationChanged,
    QuotaChanged,
    ReservationsHit,
    SiteChanged,
    TeamChanged,
)


def take_fact(event: Event, uow: Any, now: datetime) -> None:
    """Renew the copy that a snapshot is about; other facts are of no interest here."""
    match event:
        case PersonChanged():
            uow.copies.save_person(event)
        case TeamChanged():
            uow.copies.save_team(event)
        case FacilityChanged():
            before = uow.copies.facilities([event.facility])
            uow.copies.save_facility(event, now)
            uow.interruptions.spread_again(event.facility)
            uow.waiting.free(event.facility, now)
            for_hours(before, uow, now, facility=event.facility)
        case QualificationChanged():
            uow.copies.save_qualification(event)
        case HolderChanged():
            uow.copies.save_holder(event)
            uow.waiting.free_all(now)
        case QuotaChanged():
            uow.quotas.save(event)
            uow.waiting.free_all(now)
        case SiteChanged():
            before = uow.copies.facilities(uow.interruptions.facilities_at(event.site))
            uow.interruptions.save_site(event)
            for_hours(before, uow, now, site=event.site)
            uow.waiting.free_all(now, event.site)
        case InterruptionChanged():
            interrupt(event, uow, now)


def interrupt(event: InterruptionChanged, uow: Any, now: datetime) -> None:
    """Keep an interruption and tell whom it hits: whatever is not hit is refused from now on."""
    uow.interruptions.save(event)
    if event.facility:
        uow.waiting.free(event.facility, now)
    else:
        uow.waiting.free_all(now, event.site)
    hits = uow.interruptions.hits(event.interruption, now)
    uow.record(ReservationsHit(
        version=event.version, hit=event.interruption, kind=event.kind, facility=event.facility, unit=event.unit,
        reason=event.reason, actor=event.actor, spans=event.spans,
        hits=hits,
    ))
    for_interruption(event, hits, uow, now)
