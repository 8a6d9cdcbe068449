"""Who hears of a re-plan that was carried out: the requester and the leads of each team that it moved, once each."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.contracts import events
from services.notify.domain.audience import Part
from services.notify.domain.copies import Facility, Person, Team
from services.notify.domain.entries import Entry, entry_of
from services.notify.domain.notices import Notice, Told, to
from services.notify.domain.steps import STEPS, Step


def of_replan(
    event: events.ReplanAccepted,
    teams: Mapping[str, Team],
    facilities: Mapping[str, Facility],
    people: Mapping[str, Person],
    invited: Mapping[str, Iterable[str]],
    now: datetime,
) -> list[Told]:
    """One message per person, however many of their reservations were moved or cancelled.

    ``invited`` holds who has each reservation in their calendar; whoever holds one that was cancelled hears of it, too.
    """
    told: dict[str, list[dict[str, Any]]] = {}
    for item in event.items:
        if datetime.fromisoformat(place_of(item)["ends_at"]) > now:
            for name in readers_of(item, teams.get(item["team"]), invited):
                told.setdefault(name, []).append(item)
    return [
        (
            notice_for(event, name, items, teams, facilities, invited),
            to(people, [name], Part.TEAM, step_of(items).category),
        )
        for name, items in sorted(told.items())
    ]


def place_of(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where it is now, or was at last."""
    return item["after"] or item["before"]


def readers_of(item: Mapping[str, Any], team: Team | None, invited: Mapping[str, Iterable[str]]) -> Iterable[str]:
    still_invited = () if item["after"] else sorted(invited.get(item["reservation"], ()))
    return dict.fromkeys((item["requester"], *(team.leads if team else ()), *still_invited))


def step_of(items: list[dict[str, Any]]) -> Step:
    return STEPS["replanned" if any(item["after"] for item in items) else "replanned_out"]


def notice_for(
    event: events.ReplanAccepted,
    name: str,
    items: list[dict[str, Any]],
    teams: Mapping[str, Team],
    facilities: Mapping[str, Facility],
    invited: Mapping[str, Iterable[str]],
) -> Notice:
    ordered = sorted(items, key=lambda item: (not item["after"], place_of(item)["starts_at"], item["reservation"]))
    first = ordered[0]
    return Notice.of(
        event, step_of(items), f"replan-{event.replan}",
        details={
            "cause": event.cause, "items": ordered, "places": facilities, "teams": teams,
            "entries": [entry for item in ordered if (entry := entry_for(item, name, invited))],
        },
        facility=facilities.get(place_of(first)["facility"]),
        team=teams.get(first["team"]),
        reservation=first["reservation"] if len(ordered) == 1 else None,
        expires_at=max(datetime.fromisoformat(place_of(item)["ends_at"]) for item in ordered),
    )


def entry_for(item: Mapping[str, Any], name: str, invited: Mapping[str, Iterable[str]]) -> Entry | None:
    """What changes in the reader's calendar: as with any move, and as with any cancellation."""
    state, holds = item.get("state", "approved"), name in invited.get(item["reservation"], ())
    if not holds and (state == "requested" or not item["after"]):
        return None
    state = state if item["after"] else "cancelled"
    return entry_of(item | place_of(item) | {"state": state}, item["team"], {name} if holds else ())
