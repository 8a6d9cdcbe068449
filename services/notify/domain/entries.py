"""What a message about several reservations does to its readers' calendars.

As with a single one: what is granted comes new, what moves or is asked for again stays with those who hold it, and
what is over is taken back from them. Who reads digests is given nothing new: a digest cannot carry it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.contracts.events import CampaignEvent, SeriesEvent
from services.notify.domain.audience import Invitation, Part, Recipient
from services.notify.domain.copies import Facility, Team
from services.notify.domain.notices import Told

ENDED = frozenset({"rejected", "withdrawn", "cancelled", "expired"})
COMING = frozenset({"requested", "approved", "in_use"})


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a calendar will say of one reservation (rendering/invitation.py); the ``holders`` have it there now."""

    reservation: str
    version: int
    state: str
    facility: str
    unit: str
    team: str
    starts_at: datetime
    ends_at: datetime
    method: Invitation
    holders: frozenset[str] = frozenset()

    @property
    def is_granted(self) -> bool:
        return self.method is Invitation.REQUEST and self.state != "requested"

    def is_for(self, to: Recipient) -> bool:
        """Whether it changes anything in the reader's calendar."""
        if to.part is not Part.TEAM:
            return False
        is_new = self.is_granted and not to.person.preferences.takes_digest_of(to.category)
        return to.person.person in self.holders or is_new


def entry_of(member: Mapping[str, Any], team: str, holders: Iterable[str]) -> Entry:
    """The entry of {reservation, version, state, facility, unit, starts_at, ends_at}, as facts tell of it."""
    return Entry(
        reservation=member["reservation"],
        version=member["version"],
        state=member["state"],
        facility=member["facility"],
        unit=member["unit"],
        team=team,
        starts_at=datetime.fromisoformat(member["starts_at"]),
        ends_at=datetime.fromisoformat(member["ends_at"]),
        method=Invitation.CANCEL if member["state"] in ENDED else Invitation.REQUEST,
        holders=frozenset(holders),
    )


def with_entries(
    told: Iterable[Told], event: SeriesEvent | CampaignEvent, teams: Mapping[str, Team],
    places: Mapping[str, Facility], holders: Mapping[str, Iterable[str]], now: datetime,
) -> list[Told]:
    """The notices of a series or a campaign with the entries of those of its members that are not over."""
    made = [
        entry_of(member, event.team, holders.get(member["reservation"], ()))
        for member in event.members if member["state"] in ENDED | COMING
    ]
    more = {
        "entries": [entry for entry in made if entry.ends_at > now], "teams": teams, "places": places, "is_one": True,
    }
    return [(replace(notice, details=notice.details | more), recipients) for notice, recipients in told]


def held_after(told: Iterable[Told]) -> dict[str, set[str]]:
    """By reservation, who holds it once these messages have arrived, beside those who do; nobody what is over."""
    found: dict[str, set[str]] = {}
    for notice, recipients in told:
        for entry in notice.details.get("entries", ()):
            reached = {each.person.person for each in recipients if "email" in each.addresses and entry.is_for(each)}
            if entry.method is Invitation.CANCEL:
                found[entry.reservation] = set()
            elif reached:
                found.setdefault(entry.reservation, set()).update(reached)
    return found
