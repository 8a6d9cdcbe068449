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
from services.booking.handlers.using import check_in, finish, mark_no_show

__all__ = [
    "approve_reservation",
    "cancel_reservation",
    "check_in",
    "expire_due",
    "finish",
    "mark_no_show",
    "move_reservation",
    "reject_reservation",
    "request_reservation",
    "take_fact",
    "withdraw_reservation",
]
