"""The doors of booking that are about series; a part of its service."""

from datetime import UTC, datetime

from services.booking import handlers, queries
from services.contracts.commands import (
    AddSeriesDates,
    ApproveSeries,
    CancelSeries,
    MoveSeries,
    RejectSeries,
    RequestSeries,
)
from services.contracts.messaging.rpc import command, query


class SeriesDoors:
    """Mixed into the service, which has the ``store``."""

    @command(RequestSeries)
    def request_series(self, message):
        return self.store.execute(handlers.request_series, message)

    @command(MoveSeries)
    def move_series(self, message):
        return self.store.execute(handlers.move_series, message)

    @command(AddSeriesDates)
    def add_series_dates(self, message):
        return self.store.execute(handlers.add_series_dates, message)

    @command(ApproveSeries)
    def approve_series(self, message):
        return self.store.execute(handlers.approve_series, message)

    @command(RejectSeries)
    def reject_series(self, message):
        return self.store.execute(handlers.reject_series, message)

    @command(CancelSeries)
    def cancel_series(self, message):
        return self.store.execute(handlers.cancel_series, message)

    @query
    def series(self, actor, series):
        return self.store.read(queries.series, now=datetime.now(UTC), actor=actor, series=series)

    @query
    def check_series(self, actor, **asked):
        return self.store.read(queries.check_series, now=datetime.now(UTC), actor=actor, **asked)

    @query
    def check_series_move(self, actor, **asked):
        return self.store.read(queries.check_series_move, now=datetime.now(UTC), actor=actor, **asked)
