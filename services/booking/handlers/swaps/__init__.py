"""Asks between teams that do not know each other: to swap, or to give way.

The ask's row is locked first, then the reservations by their ids, then quotas, then the units by their ids.
"""

from services.booking.handlers.swaps.answering import accept_ask, decline_ask, lapse_asks, withdraw_ask
from services.booking.handlers.swaps.asking import ask_holder

__all__ = ["accept_ask", "ask_holder", "decline_ask", "lapse_asks", "withdraw_ask"]
