"""What booking's entrypoints are given."""

from functools import partial

from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.messaging.store import Store


class BookingStore(Store):
    """A store whose handlers know by how much waits are divided."""

    def __init__(self):
        super().__init__(BookingUnitOfWork)

    def setup(self):
        super().setup()
        self.transactions.unit_of_work = partial(BookingUnitOfWork, time_scale=self.time_scale)
