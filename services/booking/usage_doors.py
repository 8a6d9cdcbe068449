"""The doors of booking that are about use, from coming to leaving, and about what was found broken."""

from datetime import UTC, datetime
from functools import partial

from services.booking import handlers, queries
from services.contracts.commands import (
    CheckInReservation,
    CheckOutReservation,
    CloseFault,
    ExtendReservation,
    MarkNoShow,
    ReportFault,
)
from services.contracts.messaging.rpc import command, query


class UsageDoors:
    """Mixed into the service, which has the ``store``."""

    @command(CheckInReservation)
    def check_in_reservation(self, message):
        if message.pin is not None:
            self.store.run(partial(handlers.count_pin_try, message=message))
        return self.store.execute(handlers.check_in_reservation, message)

    @command(ExtendReservation)
    def extend_reservation(self, message):
        return self.store.execute(handlers.extend_reservation, message)

    @command(CheckOutReservation)
    def check_out_reservation(self, message):
        return self.store.execute(handlers.check_out_reservation, message)

    @command(MarkNoShow)
    def mark_no_show(self, message):
        return self.store.execute(handlers.mark_no_show, message)

    @command(ReportFault)
    def report_fault(self, message):
        return self.store.execute(handlers.report_fault, message)

    @command(CloseFault)
    def close_fault(self, message):
        return self.store.execute(handlers.close_fault, message)

    @query
    def day_of_use(self, actor, **wanted):
        return self.store.read(queries.day_of_use, now=datetime.now(UTC), actor=actor, **wanted)

    @query
    def door(self, actor):
        return self.store.read(queries.door, now=datetime.now(UTC), actor=actor)

    @query
    def hall(self, actor):
        return self.store.read(queries.hall, now=datetime.now(UTC), actor=actor)

    @query
    def faults(self, actor, **filters):
        return self.store.read(queries.faults, actor=actor, **filters)

    @query
    def overrun_risk(self, actor, facility):
        return self.store.read(queries.overrun_risk, now=datetime.now(UTC), actor=actor, facility=facility)
