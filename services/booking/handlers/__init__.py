"""One function per command or fact, each within one transaction: handler(message, uow, now).

The locks are taken in one order everywhere: the reservation, then the units by their ids.
"""

from services.booking.handlers.asking import request_reservation
from services.booking.handlers.campaigns.deciding import approve_campaign, cancel_campaign, reject_campaign
from services.booking.handlers.campaigns.expiring import expire_campaigns
from services.booking.handlers.campaigns.moving import move_campaign
from services.booking.handlers.campaigns.requesting import request_campaign
from services.booking.handlers.contention import allocate_due, allocate_reservation
from services.booking.handlers.copies import take_fact
from services.booking.handlers.deciding import (
    approve_reservation,
    cancel_reservation,
    expire_due,
    reject_reservation,
    withdraw_reservation,
)
from services.booking.handlers.describing import add_attachment, describe_reservation, remove_attachment
from services.booking.handlers.faults import close_fault, report_fault
from services.booking.handlers.importing import import_reservations
from services.booking.handlers.moving import move_reservation
from services.booking.handlers.replan import (
    accept_replan,
    confirm_replanned,
    discard_replan,
    plan_anyhow,
    revise_replan,
    start_replan,
)
from services.booking.handlers.series import (
    add_series_dates,
    approve_series,
    cancel_series,
    move_series,
    reject_series,
    request_series,
)
from services.booking.handlers.swaps import accept_ask, ask_holder, decline_ask, lapse_asks, withdraw_ask
from services.booking.handlers.using import (
    check_in_reservation,
    check_out_all_forgotten,
    check_out_reservation,
    count_pin_try,
    extend_reservation,
    mark_no_show,
    release_no_shows,
    tell_overruns,
)
from services.booking.handlers.waiting import (
    accept_offer,
    decline_offer,
    expire_offers,
    join_wait_list,
    leave_wait_list,
    offer_freed,
)

__all__ = [
    "accept_ask",
    "accept_offer",
    "accept_replan",
    "add_attachment",
    "add_series_dates",
    "allocate_due",
    "allocate_reservation",
    "approve_campaign",
    "approve_reservation",
    "approve_series",
    "ask_holder",
    "cancel_campaign",
    "cancel_reservation",
    "cancel_series",
    "check_in_reservation",
    "check_out_all_forgotten",
    "check_out_reservation",
    "close_fault",
    "confirm_replanned",
    "count_pin_try",
    "decline_ask",
    "decline_offer",
    "describe_reservation",
    "discard_replan",
    "expire_campaigns",
    "expire_due",
    "expire_offers",
    "extend_reservation",
    "import_reservations",
    "join_wait_list",
    "lapse_asks",
    "leave_wait_list",
    "mark_no_show",
    "move_campaign",
    "move_reservation",
    "move_series",
    "offer_freed",
    "plan_anyhow",
    "reject_campaign",
    "reject_reservation",
    "reject_series",
    "release_no_shows",
    "remove_attachment",
    "report_fault",
    "request_campaign",
    "request_reservation",
    "request_series",
    "revise_replan",
    "start_replan",
    "take_fact",
    "tell_overruns",
    "withdraw_ask",
    "withdraw_reservation",
]
