"""Who is told of a step in the life of a reservation, and what it does to their calendar.

| step      | team: requester and leads | managers of the facility | the actor too |
| --------- | ------------------------- | ------------------------ | ------------- |
| requested |                           | yes                      |               |
| approved  | yes                       |                          | yes           |
| moved     | yes                       | when it waits again      | yes           |
| rejected  | yes                       |                          |               |
| withdrawn | yes                       | yes                      |               |
| cancelled | yes                       |                          | yes           |
| expired   | yes                       |                          |               |

"The actor too": approved, moved and cancelled change the entry in the calendar, and their
message is the confirmation. Otherwise nobody is told of their own click, unless they hold an
invitation that must be taken back. A facility that nobody manages is looked after by the
base managers. Who is inactive hears nothing; who has several parts gets one message.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.contracts import events
from services.notify.domain.copies import Facility, Person, Team


class Part(StrEnum):
    """In what capacity somebody is told."""

    TEAM = "team"
    MANAGER = "manager"


class Invitation(StrEnum):
    """What a message does to the recipient's calendar (RFC 5546 methods)."""

    NONE = ""
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A step with all that is known around it. ``invited`` hold the reservation in their calendars."""

    event: events.ReservationEvent
    facility: Facility
    team: Team
    people: dict[str, Person]
    invited: frozenset[str] = frozenset()
    former_facility: Facility | None = None

    @property
    def waits(self) -> bool:
        """Whether managers have to decide now."""
        return self.event.state == "requested"


@dataclass(frozen=True, kw_only=True)
class Recipient:
    person: Person
    part: Part
    invitation: Invitation = Invitation.NONE


TOLD = {
    events.ReservationRequested: "requested",
    events.ReservationApproved: "approved",
    events.ReservationMoved: "moved",
    events.ReservationRejected: "rejected",
    events.ReservationWithdrawn: "withdrawn",
    events.ReservationCancelled: "cancelled",
    events.ReservationExpired: "expired",
}
"""The steps that people hear of, with the name of their templates. Other steps are only noted."""

CONFIRMED = {"approved", "moved", "cancelled"}
ENDED = {"rejected", "withdrawn", "cancelled", "expired"}


def concerns_anybody(event: events.ReservationEvent, now: datetime) -> bool:
    """False for steps that nobody is told of, and for reservations that are over: nobody can act on them any more."""
    return type(event) in TOLD and event.ends_at > now


def recipients(situation: Situation) -> list[Recipient]:
    """Each person once, with the part that comes first in the table."""
    event, step = situation.event, TOLD[type(situation.event)]
    found: dict[str, Recipient] = {}
    for name, part in told(situation, step):
        person = situation.people.get(name)
        invitation = invitation_for(situation, step, name, part)
        own_click = name == event.actor and step not in CONFIRMED and not invitation
        if person and person.active and name not in found and not own_click:
            found[name] = Recipient(person=person, part=part, invitation=invitation)
    return list(found.values())


def told(situation: Situation, step: str) -> Iterator[tuple[str, Part]]:
    """Names and parts, possibly repeated."""
    event = situation.event
    if step != "requested":
        still_invited = sorted(situation.invited) if step in ENDED else []
        for name in (event.requester, *situation.team.leads, *still_invited):
            yield name, Part.TEAM
    if step in ("requested", "withdrawn") or (step == "moved" and situation.waits):
        for name in managers(situation):
            yield name, Part.MANAGER


def managers(situation: Situation) -> list[str]:
    """Who can decide: never the requester, whose own request it would be."""
    able = [
        person for person in situation.people.values() if person.active and person.person != situation.event.requester
    ]
    own = [person.person for person in able if situation.event.facility in person.manages]
    return sorted(own or [person.person for person in able if "base_manager" in person.roles])


def invitation_for(situation: Situation, step: str, name: str, part: Part) -> Invitation:
    """Approved time stands in the calendar; what waits again stays there as tentative; what ended is taken out."""
    if part is not Part.TEAM:
        return Invitation.NONE
    if step in ENDED:
        return Invitation.CANCEL if name in situation.invited else Invitation.NONE
    if situation.waits:
        return Invitation.REQUEST if name in situation.invited else Invitation.NONE
    return Invitation.REQUEST


def invited_after(situation: Situation, told_now: list[Recipient]) -> frozenset[str]:
    """Who holds the reservation in their calendar when these messages have arrived."""
    if TOLD[type(situation.event)] in ENDED:
        return frozenset()
    invited_now = {each.person.person for each in told_now if each.invitation and each.person.email}
    return situation.invited | invited_now
