"""Series: many reservations in one transaction, and one fact that tells of all of them.

The series' row is locked first, then its members by their dates, then the units by their ids.
"""

from services.booking.handlers.series.adding import add_series_dates
from services.booking.handlers.series.deciding import approve_series, cancel_series, reject_series
from services.booking.handlers.series.moving import move_series
from services.booking.handlers.series.requesting import request_series

__all__ = [
    "add_series_dates", "approve_series", "cancel_series", "move_series", "reject_series", "request_series",
]
