"""One function per command or fact, each within one transaction: handler(message, uow, now).

What it returns is the answer.
"""

from services.facilities.handlers.copies import take_fact
from services.facilities.handlers.saving import republish, revised, save_facility

__all__ = ["republish", "revised", "save_facility", "take_fact"]
