"""The wait lists: joining and leaving, offering what came free, and the teams' answers.

The locks are taken in the order of the others: the reservation, its entry, quotas, then the units.
"""

from services.booking.handlers.waiting.answering import accept_offer, decline_offer, expire_offers
from services.booking.handlers.waiting.joining import join_wait_list, leave_wait_list
from services.booking.handlers.waiting.offering import offer_freed

__all__ = ["accept_offer", "decline_offer", "expire_offers", "join_wait_list", "leave_wait_list", "offer_freed"]
