"""One function per command or fact, each within one transaction: handler(message, uow, now).

What it returns is the answer.
"""

from services.facilities.handlers.catalogue import SECTIONS, export, import_catalogue
from services.facilities.handlers.copies import take_fact
from services.facilities.handlers.interruptions import (
    call_off_interruption,
    declare_interruption,
    describe_interruption,
    end_interruption,
    extend_interruption,
    move_on,
    top_up,
)
from services.facilities.handlers.qualifications import (
    decide_training,
    grant_qualifications,
    request_training,
    save_qualification,
    warn_of_expiry,
    withdraw_training,
)
from services.facilities.handlers.quotas import save_quota
from services.facilities.handlers.saving import republish, revised, save_facility
from services.facilities.handlers.sites import import_calendar_year, save_calendar_year, save_site

__all__ = [
    "SECTIONS",
    "call_off_interruption",
    "decide_training",
    "declare_interruption",
    "describe_interruption",
    "end_interruption",
    "export",
    "extend_interruption",
    "grant_qualifications",
    "import_calendar_year",
    "import_catalogue",
    "move_on",
    "republish",
    "request_training",
    "revised",
    "save_calendar_year",
    "save_facility",
    "save_qualification",
    "save_quota",
    "save_site",
    "take_fact",
    "top_up",
    "warn_of_expiry",
    "withdraw_training",
]
