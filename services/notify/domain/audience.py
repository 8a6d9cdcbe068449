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
| reminders | yes                       |                          |               |

"The actor too": approved, moved and cancelled change the entry in the calendar, and their
message is the confirmation. Otherwise nobody is told of their own click, unless they hold an
invitation that must be taken back. A facility that nobody manages is looked after by the
base managers. Who is inactive hears nothing; who has several parts gets one message.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.contracts import events
from services.notify.domain.copies import Facility, Person, Team
from services.notify.domain.preferences import MANDATORY
from services.notify.domain.steps import OF_FACT, Category, Step


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
    step: Step
    facility: Facility
    team: Team
    people: dict[str, Person]
    invited: frozenset[str] = frozenset()
    former_facility: Facility | None = None

    @property
    def waits(self) -> bool:
        """Whether managers have to decide now."""
        return self.event.state == "requested"

    @property
    def reminds(self) -> bool:
        """Whether nothing has happened but that a time has come."""
        return self.step.name in REMINDING

    @property
    def event_type(self) -> str:
        return "Reminder" if self.reminds else type(self.event).__name__

    @property
    def expires_at(self) -> datetime:
        """From when on nobody is helped by hearing of it."""
        return self.event.ends_at if self.step.name not in BEFORE_START else self.event.starts_at

    @property
    def only_while(self) -> dict[str, Any] | None:
        """What must still hold of the reservation when a reminder goes out."""
        if not self.reminds:
            return None
        states = ["approved"] if self.step.name in BEFORE_START else ["approved", "in_use"]
        return {"states": states, "starts_at": self.event.starts_at, "ends_at": self.event.ends_at}


@dataclass(frozen=True, kw_only=True)
class Recipient:
    person: Person
    part: Part
    category: Category
    invitation: Invitation = Invitation.NONE

    @property
    def critical(self) -> bool:
        return self.category in MANDATORY

    @property
    def addresses(self) -> dict[str, str]:
        """Where this person wants to hear of it, by channel."""
        return self.person.wanted(self.category)


CONFIRMED = {"approved", "moved", "moved_by_base", "cancelled", "cancelled_by_base"}
MOVED = {"moved", "moved_by_base"}
ENDED = {"rejected", "withdrawn", "cancelled", "cancelled_by_base", "expired"}
BEFORE_START = {"starts_soon", "check_in_open"}
REMINDING = BEFORE_START | {"ends_soon"}


def concerns_anybody(event: events.ReservationEvent, now: datetime) -> bool:
    """False for steps that nobody is told of, and for reservations that are over: nobody can act on them any more."""
    return type(event) in OF_FACT and event.ends_at > now


def recipients(situation: Situation) -> list[Recipient]:
    """Each person once, with the part that comes first in the table."""
    event, step = situation.event, situation.step.name
    found: dict[str, Recipient] = {}
    for name, part in told(situation, step):
        person = situation.people.get(name)
        invitation = invitation_for(situation, step, name, part)
        own_click = name == event.actor and step not in CONFIRMED | REMINDING and not invitation
        if person and person.active and name not in found and not own_click:
            found[name] = recipient(situation, person, part, invitation)
    return list(found.values())


def recipient(situation: Situation, person: Person, part: Part, invitation: Invitation) -> Recipient:
    """To managers all is about requests. Who reads digests is invited to nothing new: a digest holds no entries."""
    category = situation.step.category if part is Part.TEAM else Category.REQUESTS
    if person.preferences.takes_digest_of(category) and person.person not in situation.invited:
        invitation = Invitation.NONE
    return Recipient(person=person, part=part, category=category, invitation=invitation)


def told(situation: Situation, step: str) -> Iterator[tuple[str, Part]]:
    """Names and parts, possibly repeated."""
    event = situation.event
    if step != "requested":
        still_invited = sorted(situation.invited) if step in ENDED else []
        for name in (event.requester, *situation.team.leads, *still_invited):
            yield name, Part.TEAM
    if step in ("requested", "withdrawn") or (step in MOVED and situation.waits):
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
    if part is not Part.TEAM or step in REMINDING:
        return Invitation.NONE
    if step in ENDED:
        return Invitation.CANCEL if name in situation.invited else Invitation.NONE
    if situation.waits:
        return Invitation.REQUEST if name in situation.invited else Invitation.NONE
    return Invitation.REQUEST


def invited_after(situation: Situation, told_now: list[Recipient]) -> frozenset[str]:
    """Who holds the reservation in their calendar when these messages have arrived."""
    if situation.step.name in ENDED:
        return frozenset()
    invited_now = {each.person.person for each in told_now if each.invitation and "email" in each.addresses}
    return situation.invited | invited_now
