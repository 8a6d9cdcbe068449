"""The doors of facilities: load, call, dump."""

from nameko.timer import timer

from services.contracts.commands import SaveFacility
from services.contracts.messaging.facts import facts
from services.contracts.messaging.observed import Observed
from services.contracts.messaging.rpc import command, query
from services.contracts.messaging.store import Store
from services.facilities import handlers, queries
from services.facilities.storage.unit_of_work import FacilitiesUnitOfWork


class FacilitiesService(Observed):
    name = "facilities"
    store = Store(FacilitiesUnitOfWork)

    @command(SaveFacility)
    def save_facility(self, message):
        return self.store.execute(handlers.save_facility, message)

    @query
    def facilities(self, actor, kind=None):
        return self.store.read(queries.facilities, actor=actor, kind=kind)

    @query
    def facility(self, actor, facility):
        return self.store.read(queries.facility, actor=actor, facility=facility)

    @facts
    def take_fact(self, envelope):
        self.store.take(envelope, handlers.take_fact)

    @timer(interval=1)
    def redrive(self):
        self.store.redrive(handlers.take_fact)
