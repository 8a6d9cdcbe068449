"""Who hears of maintenance, outages and closures, and of what is broken: those who manage, and those who are hit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.contracts import events
from services.notify.domain.audience import Part, base_managers, managers
from services.notify.domain.copies import Facility, Person, Team
from services.notify.domain.notices import Notice, Told, to
from services.notify.domain.steps import STEPS, Category, Step


def for_managers(
    event: events.InterruptionChanged,
    former_spans: list[dict[str, Any]] | None,
    facility: Facility | None,
    people: Mapping[str, Person],
    now: datetime,
) -> list[Told]:
    """What those who manage hear of an interruption: announced, changed, called off; not what they did themselves."""
    if event.spans == (former_spans or []):
        return []
    spans = event.spans or former_spans or []
    if max(datetime.fromisoformat(span["ends_at"]) for span in spans) <= now:
        return []
    step = STEPS[interruption_step(bool(former_spans), bool(event.spans))]
    notice = interruption_notice(event, event.interruption, step, spans, facility, [], {})
    everywhere = [person.person for person in people.values() if person.manages]
    names = managers(event.facility, people.values()) if event.facility else everywhere
    others = [name for name in [*names, *base_managers(people.values())] if name != event.actor]
    return [(notice, to(people, others, Part.MANAGER, Category.MAINTENANCE))]


def interruption_step(was: bool, is_now: bool) -> str:
    if not is_now:
        return "maintenance_cancelled"
    return "maintenance_changed" if was else "maintenance_announced"


def interruption_notice(
    event: events.InterruptionChanged | events.ReservationsHit,
    subject: str,
    step: Step,
    spans: list[dict[str, Any]],
    facility: Facility | None,
    hits: list[dict[str, Any]],
    places: Mapping[str, Facility],
) -> Notice:
    last = max((datetime.fromisoformat(each["ends_at"]) for each in [*spans, *hits]), default=None)
    details = {"kind": event.kind, "spans": spans, "reason": event.reason, "unit": event.unit, "hits": hits}
    details["places"] = places
    return Notice.of(
        event, step, f"interruption-{subject}",
        details=details,
        facility=facility,
        reservation=hits[0]["reservation"] if len(hits) == 1 else None,
        expires_at=last,
    )


def for_those_hit(
    event: events.ReservationsHit,
    former: Mapping[str, Any],
    standing: set[str],
    teams: Mapping[str, Team],
    facilities: Mapping[str, Facility],
    people: Mapping[str, Person],
    now: datetime,
) -> list[Told]:
    """One message per person, however many of their reservations are hit, hit otherwise than before, or hit no more.

    ``former`` holds the spans and hits that were told of; ``standing`` the reservations that still stand.
    """
    hits = {hit["reservation"]: hit for hit in event.hits}
    before = {hit["reservation"]: hit for hit in former.get("hits", [])}
    changed = event.spans != former.get("spans")
    told: dict[str, list[dict[str, Any]]] = {}
    for reservation in sorted({*hits, *before} & ({*hits} | standing)):
        hit = hits.get(reservation) or before[reservation]
        is_new, is_over = reservation not in before, reservation not in hits
        if datetime.fromisoformat(hit["ends_at"]) <= now or not (is_new or is_over or changed):
            continue
        team = teams.get(hit["team"])
        for name in dict.fromkeys((hit["requester"], *(team.leads if team else ()))):
            told.setdefault(name, []).append(hit | {"is_new": is_new, "is_over": is_over})
    facility = facilities.get(event.facility or "")
    return [
        (hit_notice(event, facility, rows, facilities), to(people, [name], Part.TEAM, hit_step(event, rows).category))
        for name, rows in sorted(told.items())
    ]


def hit_notice(
    event: events.ReservationsHit,
    facility: Facility | None,
    rows: list[dict[str, Any]],
    facilities: Mapping[str, Facility],
) -> Notice:
    """Where it hits one facility, the lines need not say which."""
    ordered = sorted(rows, key=lambda row: row["starts_at"])
    places = {} if facility else facilities
    return interruption_notice(event, event.hit, hit_step(event, rows), event.spans, facility, ordered, places)


def hit_step(event: events.ReservationsHit, rows: list[dict[str, Any]]) -> Step:
    if all(row["is_over"] for row in rows):
        return STEPS["maintenance_cancelled"]
    if event.kind == "outage":
        return STEPS["outage"]
    return STEPS["maintenance_announced" if any(row["is_new"] for row in rows) else "maintenance_changed"]


# faults ----------------------------------------------------------------------------------


def of_fault(event: events.FaultChanged, facility: Facility, people: Mapping[str, Person], now: datetime) -> list[Told]:
    """Something is broken: to those who manage. It was dealt with: to the one who said so."""
    details = {"text": event.text, "note": event.note, "unit": event.unit, "at": now}
    return fault_told(event, event.state == "open", event.reporter, f"fault-{event.fault}", details, facility, people)


def of_fault_at_check_out(
    event: events.ReservationFinished, facility: Facility, people: Mapping[str, Person], now: datetime
) -> list[Told]:
    details = {"text": event.fault, "note": "", "unit": event.unit, "at": now}
    return fault_told(event, True, event.actor, event.reservation, details, facility, people)


def fault_told(
    event: events.FaultChanged | events.ReservationFinished,
    is_open: bool,
    reporter: str,
    subject: str,
    details: dict[str, Any],
    facility: Facility,
    people: Mapping[str, Person],
) -> list[Told]:
    step = STEPS["fault_reported" if is_open else "fault_closed"]
    notice = Notice.of(
        event, step, subject,
        details=details | {"reporter": reporter, "actor": event.actor},
        facility=facility,
        people=people,
        reservation=getattr(event, "reservation", None),
    )
    if not is_open:
        return [(notice, to(people, {reporter} - {event.actor}, Part.TEAM, step.category))]
    names = managers(event.facility, people.values(), reporter)
    return [(notice, to(people, names, Part.MANAGER, step.category))]
