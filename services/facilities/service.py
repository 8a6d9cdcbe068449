"""The doors of facilities: load, call, dump."""

from nameko.timer import timer

from services.contracts.commands import (
    DecideTraining,
    GrantQualifications,
    RequestTraining,
    SaveFacility,
    SaveQualification,
    WithdrawTraining,
)
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

    @command(SaveQualification)
    def save_qualification(self, message):
        return self.store.execute(handlers.save_qualification, message)

    @command(GrantQualifications)
    def grant_qualifications(self, message):
        return self.store.execute(handlers.grant_qualifications, message)

    @command(RequestTraining)
    def request_training(self, message):
        return self.store.execute(handlers.request_training, message)

    @command(DecideTraining)
    def decide_training(self, message):
        return self.store.execute(handlers.decide_training, message)

    @command(WithdrawTraining)
    def withdraw_training(self, message):
        return self.store.execute(handlers.withdraw_training, message)

    @query
    def facilities(self, actor, kind=None):
        return self.store.read(queries.facilities, actor=actor, kind=kind)

    @query
    def facility(self, actor, facility):
        return self.store.read(queries.facility, actor=actor, facility=facility)

    @query
    def qualifications(self, actor):
        return self.store.read(queries.qualifications, actor=actor)

    @query
    def holders(self, actor, qualification=None):
        return self.store.read(queries.holders, actor=actor, qualification=qualification)

    @query
    def trainings(self, actor, state=None):
        return self.store.read(queries.trainings, actor=actor, state=state)

    @facts
    def take_fact(self, envelope):
        self.store.take(envelope, handlers.take_fact)

    @timer(interval=1)
    def redrive(self):
        self.store.redrive(handlers.take_fact)

    @timer(interval=30)
    def warn_of_expiry(self):
        self.store.run(handlers.warn_of_expiry)
