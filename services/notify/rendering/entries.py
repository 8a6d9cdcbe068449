"""The calendar entries in a mail about several reservations at once.

An invitation holds one UID only (RFC 5546, 3.2). So one entry comes inline like any invitation, several that a plan
moved as files, and those of a series or a campaign in one file that is published, which a reader adds at once.
"""

from datetime import datetime
from typing import Any

from services.notify.domain.audience import Recipient
from services.notify.domain.copies import Facility
from services.notify.domain.entries import Entry
from services.notify.domain.notices import Notice
from services.notify.rendering import invitation
from services.notify.rendering.facts import one_line


def entries(
    notice: Notice, to: Recipient, language: str, public_url: str, sender: str, now: datetime
) -> dict[str, Any]:
    """What a mail's content has beside its text."""
    own = [entry for entry in notice.details.get("entries", ()) if entry.is_for(to)]
    told = [(entry, words_of(entry, notice, language, public_url)) for entry in own]
    if len(told) > 1 and notice.details.get("is_one"):
        return {"published": invitation.published(told, sender, now)}
    made = [
        {
            "calendar": invitation.calendar(entry, words, entry.method, sender, to.person.email, now),
            "method": entry.method.value,
        }
        for entry, words in told
    ]
    if not made:
        return {}
    return made[0] if len(made) == 1 else {"calendars": made}


def words_of(entry: Entry, notice: Notice, language: str, public_url: str) -> dict[str, str]:
    url = f"{public_url}/reservations/{entry.reservation}"
    place = notice.details["places"].get(entry.facility) or Facility(facility=entry.facility, names={}, units={})
    team, name = notice.details["teams"].get(entry.team), one_line(place.name(language))
    unit = one_line(place.unit_name(entry.unit, language))
    return {
        "summary": " · ".join(filter(None, (name, one_line(team.name) if team else ""))),
        "description": url,
        "location": ", ".join(filter(None, (f"{name} {unit}", place.location))),
        "url": url,
    }
