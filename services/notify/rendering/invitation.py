"""The calendar entry of a reservation, for one person (RFC 5545 and 5546).

One UID from the first invitation to the cancellation, wherever the reservation is moved to;
SEQUENCE follows the version. Times are UTC: the zone's history would only confuse old clients.
"""

from datetime import datetime
from typing import Any

from icalendar import Calendar, Event, vCalAddress

from services.contracts.events import ReservationEvent
from services.notify.domain.audience import Invitation

PRODUCT = "-//Pilot base//Reservations//ZH"


def calendar(
    event: ReservationEvent, words: dict[str, Any], method: Invitation, sender: str, attendee: str, now: datetime
) -> str:
    """The text of invite.ics. ``words`` are the summary, description, location and address of the page."""
    entry = Event()
    entry.add("uid", f"reservation-{event.reservation}@{sender.rpartition('@')[2]}")
    entry.add("dtstamp", now)
    entry.add("dtstart", event.starts_at)
    entry.add("dtend", event.ends_at)
    for name in ("summary", "description", "location", "url"):
        entry.add(name, words[name])
    entry.add("sequence", event.version)
    entry.add("status", status(event, method))
    entry.add("transp", "OPAQUE")
    # The bare address, equal to From: some clients drop an invitation whose organizer is somebody else.
    entry.add("organizer", vCalAddress(f"mailto:{sender}"))
    entry.add("attendee", vCalAddress(f"mailto:{attendee}"), parameters={"ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE"})
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("method", method.value)
    whole.add_component(entry)
    return whole.to_ical().decode()


def status(event: ReservationEvent, method: Invitation) -> str:
    if method is Invitation.CANCEL:
        return "CANCELLED"
    return "TENTATIVE" if event.state == "requested" else "CONFIRMED"
