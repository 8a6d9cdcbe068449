"""What a handler of notify may touch in its transaction."""

from sqlalchemy import Connection

from services.contracts.messaging.unit_of_work import UnitOfWork
from services.notify.storage.bindings import Bindings
from services.notify.storage.codes import Codes
from services.notify.storage.copies import Copies
from services.notify.storage.deliveries import Deliveries
from services.notify.storage.digests import Digests
from services.notify.storage.preferences import ChosenPreferences
from services.notify.storage.queue import Queue
from services.notify.storage.reminders import Reminders
from services.notify.storage.suppressions import Suppressions
from services.notify.storage.surroundings import Surroundings
from services.notify.storage.webhooks import Webhooks


class NotifyUnitOfWork(UnitOfWork):
    def __init__(self, connection: Connection):
        super().__init__(connection)
        self.copies = Copies(connection)
        self.bindings = Bindings(connection)
        self.codes = Codes(connection)
        self.deliveries = Deliveries(connection)
        self.preferences = ChosenPreferences(connection)
        self.reminders = Reminders(connection)
        self.queue = Queue(connection)
        self.suppressions = Suppressions(connection)
        self.surroundings = Surroundings(connection)
        self.digests = Digests(connection)
        self.webhooks = Webhooks(connection)
