"""One function per command or fact, each within one transaction: handler(message, uow, now).

The locks are taken in one order everywhere: the reservation, then the units by their ids.
"""

from services.booking.handlers.copies import take_fact
from services.booking.handlers.deciding import (
    approve_reservation,
    cancel_reservation,
    expire_due,
    reject_reservation,
    withdraw_reservation,
)
from services.booking.handlers.moving import move_reservation
from services.booking.handlers.requesting import request_reservation
from services.booking.handlers.series import (
    add_series_dates,
    approve_series,
    cancel_series,
    move_series,
    reject_series,
    request_series,
)
from services.booking.handlers.using import check_in, finish, mark_no_show

__all__ = [
    "add_series_dates",
    "approve_reservation",
    "approve_series",
    "cancel_reservation",
    "cancel_series",
    "check_in",
    "expire_due",
    "finish",
    "mark_no_show",
    "move_reservation",
    "move_series",
    "reject_reservation",
    "reject_series",
    "request_reservation",
    "request_series",
    "take_fact",
    "withdraw_reservation",
]
