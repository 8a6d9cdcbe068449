"""How far runs of different product families keep apart on a unit.

    |--- run of board ---|<-- changeover board→module -->|--- run of module ---|
                         |clear-down|        |set-up|

The time counts from the end of one run to the start of the next, in whichever order they were
reserved; where the buffers together are longer, they decide. A family that is not named, or
that the facility does not know, may be any: it keeps the greatest distance.
"""

from datetime import timedelta

from services.booking.domain.facility import Facility
from services.booking.domain.held import Held
from services.booking.domain.run import Run
from services.booking.domain.spans import Span


def minutes_between(facility: Facility, former: str | None, following: str | None) -> int:
    """The least time between the end of a run of one family and the start of a run of another."""
    codes = facility.family_codes
    if former in codes and following in codes:
        return facility.changeovers.get((former, following), 0)
    return max((
        minutes for (before, after), minutes in facility.changeovers.items()
        if (former not in codes or former == before) and (following not in codes or following == after)
    ), default=0)


def kept_apart(run: Run, facility: Facility, held: Held) -> Span:
    """When a run, with its own buffers, cannot be because of what is held."""
    if not facility.families or not held.is_run:
        return held.period
    setup, cleardown = timedelta(minutes=facility.setup_minutes), timedelta(minutes=facility.cleardown_minutes)
    before = timedelta(minutes=minutes_between(facility, run.family, held.family))
    after = timedelta(minutes=minutes_between(facility, held.family, run.family))
    runs_from, runs_to = held.run
    return Span(min(held.starts_at, runs_from - before + cleardown), max(held.ends_at, runs_to + after - setup))
