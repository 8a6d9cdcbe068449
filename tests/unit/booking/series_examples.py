"""Dates of series on the small base, and what is told of them."""

from services.contracts.events import SeriesEvent

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = ("2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27")


def facts_of(base):
    return [fact for fact in base.events if isinstance(fact, SeriesEvent)]
