"""Asking for series, acting on them and looking at their members."""

import pytest

from services.booking import handlers
from services.contracts.commands import AddSeriesDates, ApproveSeries, CancelSeries, MoveSeries, RejectSeries
from tests.unit.booking.examples import NOW, command, request, series

HANDLERS = {
    AddSeriesDates: handlers.add_series_dates, ApproveSeries: handlers.approve_series,
    CancelSeries: handlers.cancel_series, MoveSeries: handlers.move_series, RejectSeries: handlers.reject_series,
}


@pytest.fixture
def ask(base):
    return lambda *arguments, now=NOW, **fields: base.run(
        handlers.request_series, series(*arguments, **fields), now=now)


@pytest.fixture
def act(base):
    def act(kind, actor, asked, now=NOW, **fields):
        return base.run(HANDLERS[kind], command(kind, actor, series=asked["id"], **fields), now=now)

    return act


@pytest.fixture
def single(base):
    return lambda *arguments, **fields: base.run(
        handlers.request_reservation, request(*arguments, **fields), now=NOW)


@pytest.fixture
def spans(base):
    """The living members of a series: {date: (facility, span)}."""
    def spans(asked):
        members = [each for each in base.reservations.values() if each.series == asked["id"] and each.is_held]
        assert len({each.series_date for each in members}) == len(members)
        return {each.series_date.isoformat(): (each.facility, each.span) for each in members}

    return spans
