"""Why a plan is needed, and whom that hits.

    {kind: outage | maintenance | closure, interruption, facility, unit, spans, reason}
    {kind: hours, facility, site, reason}, of all of a site without a facility
    {kind: priority, facility, unit, starts_at, ends_at, reservation, team, project, purpose, run, reason}

``reason`` is what the teams that are hit may read, per language. Whose priority case it is, they may not.
"""

from collections.abc import Mapping
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.replan.priority import stands_in_the_way
from services.booking.domain.reservation import Reservation
from services.booking.domain.rules.places import is_open_throughout

FOR_TEAMS = ("kind", "interruption", "facility", "unit", "reason")


def cause_of(event: Any) -> dict[str, Any]:
    """Of an interruption."""
    return {
        "kind": event.kind, "interruption": event.interruption, "facility": event.facility, "unit": event.unit,
        "spans": [dict(span) for span in event.spans], "reason": dict(event.reason),
    }


def key_of(cause: Mapping[str, Any], replan: str) -> str:
    """What the plan is for: a later one for the same replaces it. Every priority case is one of its own."""
    if cause.get("interruption"):
        return f"interruption:{cause['interruption']}"
    return f"hours:{cause['facility'] or cause['site']}" if cause["kind"] == "hours" else f"priority:{replan}"


def told_to_teams(cause: Mapping[str, Any]) -> dict[str, Any]:
    """The cause without what only the base may know."""
    return {name: cause.get(name) for name in FOR_TEAMS}


def still_hit(cause: Mapping[str, Any], reservation: Reservation, facility: Facility) -> bool:
    """Whether a reservation that was hit still is: its team may have moved it away."""
    if cause["kind"] == "hours":
        return not is_open_throughout(reservation.whole, facility)
    if cause["kind"] == "priority":
        return stands_in_the_way(reservation, facility, cause)
    return True
