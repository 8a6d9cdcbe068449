"""Time for which several ask: collecting requests, ranking them, and deciding among them.

What concerns the rivals of one facility comes one after the other, under a lock of its own. The order of the locks is
that one, the rivals by their ids, what is used of quotas, the units.
"""

from services.booking.handlers.contention.allocating import allocate_reservation
from services.booking.handlers.contention.due import allocate_due

__all__ = ["allocate_due", "allocate_reservation"]
