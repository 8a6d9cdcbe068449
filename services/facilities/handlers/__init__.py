"""One function per command or fact, each within one transaction: handler(message, uow, now).

What it returns is the answer.
"""

from services.facilities.handlers.copies import take_fact
from services.facilities.handlers.qualifications import (
    decide_training,
    grant_qualifications,
    request_training,
    save_qualification,
    warn_of_expiry,
    withdraw_training,
)
from services.facilities.handlers.saving import republish, revised, save_facility

__all__ = [
    "decide_training",
    "grant_qualifications",
    "republish",
    "request_training",
    "revised",
    "save_facility",
    "save_qualification",
    "take_fact",
    "warn_of_expiry",
    "withdraw_training",
]
