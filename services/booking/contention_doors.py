"""The doors of booking that are about rivals; a part of its service."""

from services.booking import handlers
from services.contracts.commands import AllocateReservation
from services.contracts.messaging.rpc import command


class ContentionDoors:
    """Mixed into the service, which has the ``store``."""

    @command(AllocateReservation)
    def allocate_reservation(self, message):
        return self.store.execute(handlers.allocate_reservation, message)
