"""What is told of time for which several ask: how many they are, who decides, and what could be had instead."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.notify.domain import local_time
from services.notify.domain.audience import Situation

MOST = 3
"""Other times that fit a mail."""


def contention_facts(situation: Situation, language: str) -> dict[str, Any]:
    """For the templates collected, allocated and passed_over; empty for others."""
    event, step = situation.event, situation.step.name
    if step not in ("collected", "allocated", "passed_over"):
        return {}
    told = {"rivals": event.rivals, "by": getattr(event, "by", ""), "drawn": is_drawn(event)}
    if step == "passed_over":
        told |= {"rank": event.rank, "of": event.rivals + 1, "position": event.position}
        told["items"] = [alternative(situation, each, language) for each in event.alternatives[:MOST]]
    return told


def is_drawn(event: Any) -> bool:
    return "draw" in (getattr(event, "by", ""), getattr(event, "allocation", ""))


def alternative(situation: Situation, other: Mapping[str, Any], language: str) -> str:
    """Another time; the facility is named where it is not the one that was asked for."""
    starts_at, ends_at = (as_instant(other[name]) for name in ("starts_at", "ends_at"))
    when = local_time.span(starts_at, ends_at, language)
    return when if other["facility"] == situation.event.facility else f"{when} · {other['facility']}"


def as_instant(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
