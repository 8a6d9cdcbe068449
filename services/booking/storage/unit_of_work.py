"""What a handler of booking may touch in its transaction."""

from sqlalchemy import Connection

from services.booking.storage.attachments import Attachments
from services.booking.storage.campaigns import Campaigns
from services.booking.storage.contention import Contention
from services.booking.storage.copies import Copies
from services.booking.storage.faults import Faults
from services.booking.storage.interruptions import Interruptions
from services.booking.storage.quotas import Quotas
from services.booking.storage.replans import Replans
from services.booking.storage.repository import Reservations
from services.booking.storage.series import SeriesStore
from services.booking.storage.swaps import Swaps
from services.booking.storage.waiting import WaitLists
from services.contracts.messaging.unit_of_work import UnitOfWork


class BookingUnitOfWork(UnitOfWork):
    """``time_scale`` divides every wait."""

    def __init__(self, connection: Connection, time_scale: float = 1):
        super().__init__(connection)
        self.time_scale = time_scale
        self.reservations = Reservations(connection)
        self.series = SeriesStore(connection)
        self.campaigns = Campaigns(connection)
        self.faults = Faults(connection)
        self.attachments = Attachments(connection)
        self.copies = Copies(connection)
        self.interruptions = Interruptions(connection)
        self.quotas = Quotas(connection)
        self.waiting = WaitLists(connection)
        self.swaps = Swaps(connection)
        self.replans = Replans(connection)
        self.contention = Contention(connection)
