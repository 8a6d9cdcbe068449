"""The calendar entry of a reservation, for one person (RFC 5545 and 5546).

One UID from the first invitation to the cancellation, wherever the reservation is moved to;
SEQUENCE follows the version. Times are UTC: the zone's history would only confuse old clients.
"""

from datetime import datetime
from typing import Any

from icalendar import Calendar, Event, vCalAddress

from services.contracts.events import ReservationEvent
from services.notify.domain.audience import Invitation
from services.notify.domain.entries import Entry

Told = ReservationEvent | Entry

PRODUCT = "-//Pilot base//Reservations//ZH"


def calendar(
    event: Told, words: dict[str, Any], method: Invitation, sender: str, attendee: str, now: datetime
) -> str:
    """The text of invite.ics. ``words`` are the summary, description, location and address of the page."""
    made = entry(event, words, method, sender, now)
    made.add("attendee", vCalAddress(f"mailto:{attendee}"), parameters={"ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE"})
    return whole(method.value, [made])


def published(entries: list[tuple[Entry, dict[str, Any]]], sender: str, now: datetime) -> str:
    """The text of calendar.ics: many entries at once, for nobody in particular, each with its words."""
    return whole("PUBLISH", [entry(event, words, event.method, sender, now) for event, words in entries])


def entry(event: Told, words: dict[str, Any], method: Invitation, sender: str, now: datetime) -> Event:
    made = Event()
    made.add("uid", f"reservation-{event.reservation}@{sender.rpartition('@')[2]}")
    made.add("dtstamp", now)
    made.add("dtstart", event.starts_at)
    made.add("dtend", event.ends_at)
    for name in ("summary", "description", "location", "url"):
        made.add(name, words[name])
    made.add("sequence", event.version)
    made.add("status", status(event, method))
    made.add("transp", "OPAQUE")
    # The bare address, equal to From: some clients drop an invitation whose organizer is somebody else.
    made.add("organizer", vCalAddress(f"mailto:{sender}"))
    return made


def whole(method: str, entries: list[Event]) -> str:
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", method)
    for each in entries:
        made.add_component(each)
    return made.to_ical().decode()


def status(event: Told, method: Invitation) -> str:
    if method is Invitation.CANCEL:
        return "CANCELLED"
    return "TENTATIVE" if event.state == "requested" else "CONFIRMED"
