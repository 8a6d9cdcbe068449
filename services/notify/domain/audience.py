"""Who is told of a step in the life of a reservation, and what it does to their calendar.

| step      | team: requester and leads | who decides (lead, managers, base) | the actor too |
| --------- | ------------------------- | ---------------------------------- | ------------- |
| requested |                           | yes                                |               |
| forwarded |                           | the next stage                     |               |
| escalated |                           | whom it was escalated to           |               |
| approved  | yes                       |                                    | yes           |
| moved     | yes                       | when it waits again                | yes           |
| swapped   | yes                       | when it waits again                | yes           |
| extended  | yes                       |                                    | yes           |
| rejected  | yes                       |                                    |               |
| withdrawn | yes                       | the managers                       |               |
| cancelled | yes                       |                                    | yes           |
| expired   | yes                       |                                    |               |
| overrun   | yes; and the next team    | the managers                       |               |
| no-show   | yes                       |                                    |               |
| offered, offer expired | yes          |                                    |               |
| collected | yes                       |                                    | yes           |
| allocated | yes                       | when it waits for approval         | yes           |
| passed over | yes                     |                                    |               |
| reminders | yes                       |                                    | yes           |

"The actor too": what changes the entry in the calendar, its message being the confirmation.
Otherwise nobody is told of their own click, unless they hold an invitation that must be taken
back. A facility that nobody manages is looked after by the base managers; whoever is on leave
is stood in for by their delegate. Who is inactive hears nothing; who has several parts gets
one message. A team never reads of another: of an overrun the next one hears as of its own time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from services.contracts import events
from services.notify.domain.copies import Facility, Person, Team
from services.notify.domain.preferences import MANDATORY
from services.notify.domain.steps import OF_FACT, Category, Step


class Part(StrEnum):
    """In what capacity somebody is told."""

    TEAM = "team"
    LEAD = "lead"
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
    at: datetime
    invited: frozenset[str] = frozenset()
    former_facility: Facility | None = None

    @property
    def waits(self) -> bool:
        """Whether somebody has to decide now."""
        return self.event.state == "requested"

    @property
    def event_type(self) -> str:
        return "Reminder" if self.step.name in REMINDING else type(self.event).__name__

    @property
    def reservation(self) -> str:
        return self.event.reservation

    @property
    def subject(self) -> str:
        """Whose mails belong together."""
        return self.event.reservation

    @property
    def place(self) -> str | None:
        return self.event.facility

    @property
    def version(self) -> int:
        return self.event.version

    @property
    def expires_at(self) -> datetime:
        """From when on nobody is helped by hearing of it."""
        if self.step.name in BEFORE_START:
            return self.event.starts_at
        if self.step.name == "offered":
            return self.event.decide_by
        return self.event.ends_at + (AFTERWARDS if self.step.name in OF_USE else timedelta())

    @property
    def only_while(self) -> dict[str, Any] | None:
        """What must still hold of the reservation when a message goes out that nothing but the time has caused."""
        states = ONLY_WHILE.get(self.step.name)
        return states and {"states": states, "starts_at": self.event.starts_at, "ends_at": self.event.ends_at}


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


CONFIRMED = {
    "approved", "moved", "moved_by_base", "swapped", "extended", "cancelled", "cancelled_by_base", "collected",
    "allocated",
}  # fmt: skip
MOVED = {"moved", "moved_by_base", "swapped"}
ENDED = {"rejected", "passed_over", "withdrawn", "cancelled", "cancelled_by_base", "expired"}
BEFORE_START = {"starts_soon", "check_in_open"}
REMINDING = BEFORE_START | {"ends_soon"}
OF_USE = {"overrun", "no_show"}
ASKING = {"requested", "forwarded", "escalated"}
UNCHANGED = REMINDING | OF_USE | {"overrun_before", "offered", "offer_expired", "offer_taken_back", "collected"}
"""In these no entry in a calendar changes."""

ONLY_WHILE = {
    "starts_soon": ["approved"],
    "check_in_open": ["approved"],
    "ends_soon": ["approved", "in_use"],
    "overrun": ["in_use"],
    "overrun_before": ["approved"],
    "offered": ["offered"],
}
AFTERWARDS = timedelta(days=1)
"""How long after its end people still want to hear how a reservation was used."""


def concerns_anybody(event: events.ReservationEvent, now: datetime) -> bool:
    """False for steps that nobody is told of or that are told for something whole, and for what is over."""
    step = OF_FACT.get(type(event))
    if step is None or event.of_series or event.of_campaign or getattr(event, "of_replan", False):
        return False
    return event.ends_at + (AFTERWARDS if step in OF_USE else timedelta()) > now


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
    """To those who decide all is about requests. Who reads digests is invited to nothing new: a digest cannot."""
    category = situation.step.category
    if part is not Part.TEAM and situation.step.name not in OF_USE | {"escalated"}:
        category = Category.REQUESTS
    if person.preferences.takes_digest_of(category) and person.person not in situation.invited:
        invitation = Invitation.NONE
    return Recipient(person=person, part=part, category=category, invitation=invitation)


def told(situation: Situation, step: str) -> Iterator[tuple[str, Part]]:
    """Names and parts, possibly repeated."""
    event = situation.event
    if step not in ASKING:
        still_invited = sorted(situation.invited) if step in ENDED else []
        for name in (event.requester, *situation.team.leads, *still_invited):
            yield name, Part.TEAM
    if step in ASKING or (step in MOVED | {"allocated"} and situation.waits):
        yield from deciders(situation)
    elif step in ("withdrawn", "overrun"):
        for name in managers(event.facility, situation.people.values(), event.requester):
            yield name, Part.MANAGER


def deciders(situation: Situation) -> Iterator[tuple[str, Part]]:
    """Whom the request awaits, each replaced by a delegate while on leave; never the requester."""
    event = situation.event
    awaits = getattr(event, "awaits", "manager")
    return asked_to_decide(awaits, event.facility, event.requester, situation.team, situation.people, situation.at)


def asked_to_decide(
    awaits: str, facility: str, requester: str, team: Team, people: Mapping[str, Person], at: datetime
) -> Iterator[tuple[str, Part]]:
    """Names and parts of those who decide at a stage of approval."""
    if awaits == "lead":
        names = [name for name in team.leads if name != requester]
    elif awaits == "base":
        names = base_managers(people.values(), requester)
    else:
        names = managers(facility, people.values(), requester)
    part = Part.LEAD if awaits == "lead" else Part.MANAGER
    for name in names:
        stands_in = people[name].stood_in_by(at) if name in people else None
        if stands_in and stands_in != requester:
            yield stands_in, part
        else:
            yield name, part


def managers(facility: str | None, people: Iterable[Person], requester: str = "") -> list[str]:
    """Who can decide about a facility: never the requester, whose own request it would be."""
    able = [person for person in people if person.active and person.person != requester]
    own = [person.person for person in able if facility in person.manages]
    return sorted(own) or base_managers(able)


def base_managers(people: Iterable[Person], requester: str = "") -> list[str]:
    able = [person for person in people if person.active and person.person != requester]
    return sorted(person.person for person in able if "base_manager" in person.roles)


def invitation_for(situation: Situation, step: str, name: str, part: Part) -> Invitation:
    """Approved time stands in the calendar; what waits again stays there as tentative; what ended is taken out."""
    if part is not Part.TEAM or step in UNCHANGED:
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


def next_in_line(situation: Situation, following: Situation) -> list[Recipient]:
    """Those of the next team who are to hear that their time may begin late, but who are not told already."""
    already = {each.person.person for each in recipients(situation)}
    return [each for each in recipients(following) if each.person.person not in already]
