"""The doors of booking that are about rivals; a part of its service."""

from datetime import UTC, datetime

from services.booking import handlers, queries
from services.contracts.commands import AllocateReservation
from services.contracts.messaging.rpc import command, query


class ContentionDoors:
    """Mixed into the service, which has the ``store``."""

    @command(AllocateReservation)
    def allocate_reservation(self, message):
        return self.store.execute(handlers.allocate_reservation, message)

    @query
    def contention(self, actor):
        return self.store.read(queries.contention, now=datetime.now(UTC), actor=actor)

    @query
    def contention_count(self, actor):
        return self.store.read(queries.contention_count, actor=actor)

    @query
    def draw(self, actor, draw):
        return self.store.read(queries.draw, actor=actor, draw=draw)

    @query
    def explanation(self, actor, reservation):
        return self.store.read(queries.explanation, now=datetime.now(UTC), actor=actor, reservation=reservation)
