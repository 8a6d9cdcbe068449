"""The doors of facilities: load, call, dump."""

from datetime import UTC, datetime

from nameko.timer import timer

from services.contracts.commands import (
    CallOffInterruption,
    DecideTraining,
    DeclareInterruption,
    DescribeInterruption,
    EndInterruption,
    ExtendInterruption,
    GrantQualifications,
    ImportCalendarYear,
    ImportCatalogue,
    RequestTraining,
    SaveCalendarYear,
    SaveFacility,
    SaveQualification,
    SaveQuota,
    SaveSite,
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

    @command(SaveQuota)
    def save_quota(self, message):
        return self.store.execute(handlers.save_quota, message)

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

    @command(SaveSite)
    def save_site(self, message):
        return self.store.execute(handlers.save_site, message)

    @command(ImportCalendarYear)
    def import_calendar_year(self, message):
        return self.store.execute(handlers.import_calendar_year, message)

    @command(SaveCalendarYear)
    def save_calendar_year(self, message):
        return self.store.execute(handlers.save_calendar_year, message)

    @command(DeclareInterruption)
    def declare_interruption(self, message):
        return self.store.execute(handlers.declare_interruption, message)

    @command(ExtendInterruption)
    def extend_interruption(self, message):
        return self.store.execute(handlers.extend_interruption, message)

    @command(EndInterruption)
    def end_interruption(self, message):
        return self.store.execute(handlers.end_interruption, message)

    @command(CallOffInterruption)
    def call_off_interruption(self, message):
        return self.store.execute(handlers.call_off_interruption, message)

    @command(DescribeInterruption)
    def describe_interruption(self, message):
        return self.store.execute(handlers.describe_interruption, message)

    @command(ImportCatalogue)
    def import_catalogue(self, message):
        return self.store.execute(handlers.import_catalogue, message)

    @query
    def changes(self, actor, kind, code):
        return self.store.read(queries.changes, actor=actor, kind=kind, code=code)

    @query
    def catalogue(self, actor):
        return self.store.read(queries.catalogue, actor=actor)

    @query
    def compare_catalogue(self, actor, catalogue):
        return self.store.read(queries.compare_catalogue, now=datetime.now(UTC), actor=actor, catalogue=catalogue)

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
    def quotas(self, actor):
        return self.store.read(queries.quotas, actor=actor)

    @query
    def holders(self, actor, qualification=None):
        return self.store.read(queries.holders, actor=actor, qualification=qualification)

    @query
    def trainings(self, actor, state=None):
        return self.store.read(queries.trainings, actor=actor, state=state)

    @query
    def sites(self, actor):
        return self.store.read(queries.sites, actor=actor)

    @query
    def site(self, actor, site):
        return self.store.read(queries.site, actor=actor, site=site)

    @query
    def calendar_import(self, actor, site, year):
        return self.store.read(queries.calendar_import, actor=actor, site=site, year=year)

    @query
    def interruptions(self, actor, **filters):
        return self.store.read(queries.interruptions, now=datetime.now(UTC), actor=actor, **filters)

    @query
    def interruption(self, actor, interruption):
        return self.store.read(queries.interruption, now=datetime.now(UTC), actor=actor, interruption=interruption)

    @query
    def preview_interruption(self, actor, **asked):
        return self.store.read(queries.preview_interruption, now=datetime.now(UTC), actor=actor, **asked)

    @facts
    def take_fact(self, envelope):
        self.store.take(envelope, handlers.take_fact)

    @timer(interval=1)
    def redrive(self):
        self.store.redrive(handlers.take_fact)

    @timer(interval=30)
    def warn_of_expiry(self):
        self.store.run(handlers.warn_of_expiry)

    @timer(interval=20)
    def move_interruptions_on(self):
        self.store.run(handlers.move_on)

    @timer(interval=60)
    def top_up_interruptions(self):
        self.store.run(handlers.top_up)
