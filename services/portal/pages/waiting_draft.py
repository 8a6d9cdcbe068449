"""What the form of the wait list holds beside the fields of a reservation's form: how long, within which window."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.portal.pages import local_time
from services.portal.pages.draft import Draft, local_moment, started
from services.portal.pages.numbers import whole
from services.portal.pages.timeline import ZONE, at

Times = tuple[datetime, datetime]
USUAL_LENGTHS = (30, 60, 90, 120, 180, 240, 300, 360, 480, 600, 720, 1440, 2880, 4320, 10080, 20160, 40320)
MINUTE = timedelta(minutes=1)
WEEK = 7


@dataclass(frozen=True)
class Window:
    """``minutes`` anywhere within the times of the form, None for the whole of them."""

    minutes: int | None = None

    def length(self, draft: Draft) -> int:
        return self.minutes or int((draft.ends_at - draft.starts_at) / MINUTE)

    def starts(self, draft: Draft) -> Times | None:
        """Between which instants it may begin, the last one exclusive; None while the times cannot be read."""
        if not draft.starts_at or not draft.ends_at or draft.ends_at <= draft.starts_at:
            return None
        latest = draft.ends_at - self.length(draft) * MINUTE
        return (draft.starts_at, latest + MINUTE) if latest >= draft.starts_at else None


def window_of(form: Mapping[str, str]) -> Window:
    minutes = whole(form.get("minutes", ""))
    return Window(minutes if 0 < minutes <= 527040 else None)


def began(arguments: Mapping[str, str], facility: Mapping[str, Any], team: str) -> tuple[Draft, Window]:
    """A form from an address: facility, what a reservation's form carries, minutes, from and to, or start and end.

    ``from`` and ``to`` are local dates, the last one included, or instants; without any it is the coming week.
    """
    draft = replace(started(arguments, facility, team), project=arguments.get("project", ""))
    window = window_of(arguments)
    times = [edge(arguments.get(name, ""), last=name in ENDS) for name in ("from", "to", "starts_at", "ends_at")]
    starts_at, ends_at = times[0] or times[2], times[1] or times[3]
    if starts_at is None and not arguments.get("start"):
        starts_at, ends_at = coming_week()
        window = window if window.minutes else Window(usual_length(facility))
    if starts_at and ends_at and starts_at < ends_at:
        draft = draft.with_span(starts_at, ends_at)
    return draft, window


ENDS = frozenset({"to", "ends_at"})


def edge(text: str, last: bool) -> datetime | None:
    """An instant, or the beginning or the end of a local date."""
    if "T" not in text:
        found = local_moment(f"{text}T00:00")
        return at(found.astimezone(ZONE).date(), 1440) if found and last else found
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else local_moment(text)


def coming_week() -> Times:
    today = local_time.today()
    return at(local_time.plus_days(today, 1), 0), at(local_time.plus_days(today, WEEK), 1440)


def usual_length(facility: Mapping[str, Any]) -> int:
    return min(max(120, facility["shortest_minutes"]), facility["longest_minutes"])


def lengths(facility: Mapping[str, Any], chosen: int | None) -> list[int]:
    """What may be chosen: the usual lengths that the facility allows, and the one that is chosen."""
    shortest, longest, step = (
        facility[name] for name in ("shortest_minutes", "longest_minutes", "granularity_minutes"))
    fitting = {each for each in (*USUAL_LENGTHS, shortest, longest) if shortest <= each <= longest and each % step == 0}
    return sorted(fitting | ({chosen} if chosen else set()))
