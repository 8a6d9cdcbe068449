"""What people hear of: each step with its templates, its WeChat card, and the category under which it may be chosen.

A step is critical when it takes from its reader something that was theirs, or asks for what
nobody else will do: it passes quiet hours and digests, and cannot be switched off.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.contracts import events

HOLDING = timedelta(seconds=75)
"""How long a move waits for the next one, which then is told in its place."""

TOO_NEAR_TO_HOLD = timedelta(hours=2)


class Category(StrEnum):
    """A row of the preferences."""

    URGENT = "urgent"
    REQUESTS = "requests"
    DECISIONS = "decisions"
    CHANGES = "changes"
    OFFERS = "offers"
    REMINDERS = "reminders"
    CHECK_IN = "check_in"
    USE = "use"
    MAINTENANCE = "maintenance"
    QUALIFICATIONS = "qualifications"
    QUOTA = "quota"
    REPORTS = "reports"


@dataclass(frozen=True)
class Step:
    """``name`` is that of its templates, ``card`` that of its WeChat template, which several may share."""

    name: str
    category: Category
    card: str


STEPS = {
    step.name: step
    for step in (
        Step("requested", Category.REQUESTS, "requested"),
        Step("approved", Category.DECISIONS, "approved"),
        Step("rejected", Category.DECISIONS, "rejected"),
        Step("expired", Category.DECISIONS, "expired"),
        Step("moved", Category.CHANGES, "moved"),
        Step("withdrawn", Category.CHANGES, "withdrawn"),
        Step("cancelled", Category.CHANGES, "cancelled"),
        Step("moved_by_base", Category.URGENT, "moved"),
        Step("cancelled_by_base", Category.URGENT, "cancelled"),
        Step("forwarded", Category.REQUESTS, "requested"),
        Step("escalated", Category.URGENT, "requested"),
        Step("extended", Category.CHANGES, "moved"),
        Step("overrun", Category.USE, "reminder"),
        Step("overrun_before", Category.USE, "reminder"),
        Step("no_show", Category.USE, "reminder"),
        Step("starts_soon", Category.REMINDERS, "reminder"),
        Step("ends_soon", Category.REMINDERS, "reminder"),
        Step("check_in_open", Category.CHECK_IN, "reminder"),
        Step("collected", Category.DECISIONS, "requested"),
        Step("allocated", Category.DECISIONS, "approved"),
        Step("passed_over", Category.DECISIONS, "rejected"),
        Step("offered", Category.OFFERS, "reminder"),
        Step("offer_expired", Category.OFFERS, "reminder"),
        Step("offer_taken_back", Category.OFFERS, "reminder"),
        Step("wait_lapsed", Category.OFFERS, "notice"),
        Step("series_requested", Category.REQUESTS, "requested"),
        Step("series_approved", Category.DECISIONS, "approved"),
        Step("series_rejected", Category.DECISIONS, "rejected"),
        Step("series_moved", Category.CHANGES, "moved"),
        Step("series_cancelled", Category.CHANGES, "cancelled"),
        Step("series_moved_by_base", Category.URGENT, "moved"),
        Step("series_cancelled_by_base", Category.URGENT, "cancelled"),
        Step("swapped", Category.CHANGES, "moved"),
        Step("swap_asked", Category.OFFERS, "notice"),
        Step("swap_answered", Category.DECISIONS, "notice"),
        Step("replanned", Category.URGENT, "moved"),
        Step("replanned_out", Category.URGENT, "cancelled"),
        Step("campaign_requested", Category.REQUESTS, "requested"),
        Step("campaign_approved", Category.DECISIONS, "approved"),
        Step("campaign_rejected", Category.DECISIONS, "rejected"),
        Step("campaign_moved", Category.CHANGES, "moved"),
        Step("campaign_cancelled", Category.CHANGES, "cancelled"),
        Step("campaign_moved_by_base", Category.URGENT, "moved"),
        Step("campaign_cancelled_by_base", Category.URGENT, "cancelled"),
        Step("outage", Category.URGENT, "notice"),
        Step("maintenance_announced", Category.MAINTENANCE, "notice"),
        Step("maintenance_changed", Category.MAINTENANCE, "notice"),
        Step("maintenance_cancelled", Category.MAINTENANCE, "notice"),
        Step("fault_reported", Category.MAINTENANCE, "notice"),
        Step("fault_closed", Category.MAINTENANCE, "notice"),
        Step("qualification_expiring", Category.QUALIFICATIONS, "notice"),
        Step("qualification_expired", Category.QUALIFICATIONS, "notice"),
        Step("training_requested", Category.REQUESTS, "notice"),
        Step("training_granted", Category.QUALIFICATIONS, "notice"),
        Step("training_refused", Category.QUALIFICATIONS, "notice"),
        Step("quota_nearly_used", Category.QUOTA, "notice"),
        Step("account_suspended", Category.URGENT, "notice"),
        Step("usage_week", Category.REPORTS, "notice"),
        Step("usage_month", Category.REPORTS, "notice"),
        Step("digest", Category.REPORTS, "notice"),
    )
}

CARDS = tuple(dict.fromkeys(step.card for step in STEPS.values()))
"""The WeChat templates that the account must have, each with an id of its own."""

OF_FACT: dict[type[events.ReservationEvent], str] = {
    events.ReservationRequested: "requested",
    events.ReservationApproved: "approved",
    events.ReservationMoved: "moved",
    events.ReservationSwapped: "swapped",
    events.ReservationRejected: "rejected",
    events.ReservationWithdrawn: "withdrawn",
    events.ReservationCancelled: "cancelled",
    events.ReservationExpired: "expired",
    events.ReservationForwarded: "forwarded",
    events.ReservationEscalated: "escalated",
    events.ReservationExtended: "extended",
    events.ReservationOverran: "overrun",
    events.ReservationNoShow: "no_show",
    events.ReservationOffered: "offered",
    events.ReservationCollected: "collected",
    events.ReservationAllocated: "allocated",
    events.ReservationPassedOver: "passed_over",
    events.ReservationOfferExpired: "offer_expired",
    events.ReservationOfferTakenBack: "offer_taken_back",
}
"""The steps of a reservation that people hear of. Others are only noted."""

TAKEN_BY_BASE = {
    "moved": "moved_by_base",
    "cancelled": "cancelled_by_base",
    "series_moved": "series_moved_by_base",
    "series_cancelled": "series_cancelled_by_base",
    "campaign_moved": "campaign_moved_by_base",
    "campaign_cancelled": "campaign_cancelled_by_base",
}
"""What the team did not do itself weighs more."""


def step_of(event: events.ReservationEvent, of_the_team: bool) -> Step:
    """``of_the_team`` is whether one of the team took the step."""
    return weighed(OF_FACT[type(event)], of_the_team)


def weighed(name: str, of_the_team: bool) -> Step:
    return STEPS[name if of_the_team else TAKEN_BY_BASE.get(name, name)]


def holding(event: events.ReservationEvent, now: datetime) -> timedelta:
    """How long the message waits for a later one: a move that is neither near in time nor about what is near."""
    if not isinstance(event, events.ReservationMoved):
        return timedelta()
    nearest = min(event.starts_at, event.former_starts_at)
    return HOLDING if nearest - now > TOO_NEAR_TO_HOLD else timedelta()
