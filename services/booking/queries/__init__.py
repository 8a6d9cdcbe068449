"""What can be asked of booking: plain dictionaries out.

Every query first learns who asks, then is one statement. A rival's slot is masked here, in the
service that owns it.
"""

from services.booking.queries.approval import approval_samples
from services.booking.queries.board import board
from services.booking.queries.campaigns import campaign, find_campaign, find_campaign_move
from services.booking.queries.contention import contention, contention_count, draw
from services.booking.queries.crowded import crowded
from services.booking.queries.explanation import explanation
from services.booking.queries.finding import find_times
from services.booking.queries.hits import would_hit
from services.booking.queries.importing import check_import
from services.booking.queries.journey import journey
from services.booking.queries.quotas import quota_usage
from services.booking.queries.replans import replan, replanned, replans, replans_count
from services.booking.queries.reservations import approvals, approvals_count, attachment, reservation, reservations
from services.booking.queries.series import check_series, check_series_move, series
from services.booking.queries.slots import check_slot, free_slots
from services.booking.queries.swaps import ask, asks, asks_count
from services.booking.queries.trying import what_if
from services.booking.queries.usage import day_of_use, door, faults, hall, overrun_risk
from services.booking.queries.waiting import wait_entry, wait_list

__all__ = [
    "approval_samples",
    "approvals",
    "approvals_count",
    "ask",
    "asks",
    "asks_count",
    "attachment",
    "board",
    "campaign",
    "check_import",
    "check_series",
    "check_series_move",
    "check_slot",
    "contention",
    "contention_count",
    "crowded",
    "day_of_use",
    "door",
    "draw",
    "explanation",
    "faults",
    "find_campaign",
    "find_campaign_move",
    "find_times",
    "free_slots",
    "hall",
    "journey",
    "overrun_risk",
    "quota_usage",
    "replan",
    "replanned",
    "replans",
    "replans_count",
    "reservation",
    "reservations",
    "series",
    "wait_entry",
    "wait_list",
    "what_if",
    "would_hit",
]
