"""Imports on PostgreSQL: a look keeps nothing, rows never share a time, and a race with requests has one winner."""

from datetime import timedelta

import pytest

from services.booking import handlers, queries
from services.contracts.commands import ImportReservations
from services.contracts.errors import RowsRefused
from tests.unit.booking.examples import NOW, command, on, request
from tests.unit.booking.test_importing import row

HOUR = timedelta(hours=1)


def take_over(booking, *rows):
    return booking.give(handlers.import_reservations, command(ImportReservations, "bea", reservations=list(rows)))


def looked_at(booking, *rows):
    return booking.query(queries.check_import, now=NOW, actor="bea", reservations=list(rows))["items"]


def kept(booking):
    return booking.rows("SELECT state, requester, starts_at FROM reservations ORDER BY starts_at")


def test_a_look_judges_rows_beside_each_other_and_keeps_nothing(booking):
    first, clash = looked_at(booking, row(), row(on(1, 11, 13), requester="bob"))
    assert (first["ok"], first["reservation"]) == (True, {
        "state": "approved", "facility": "LAB-3", "unit": "A", **on(1, 10, 12)._asdict()})
    assert (clash["ok"], clash["taken"]) == (False, True)
    assert kept(booking) == []
    assert booking.rows("SELECT 1 FROM outbox WHERE aggregate_type = 'reservation'") == []


def test_all_are_kept_or_none_each_with_its_fact(booking):
    with pytest.raises(RowsRefused) as refused:
        take_over(booking, row(), row(on(2, 10, 12)), row(on(2, 11, 13)))
    assert [each["row"] for each in refused.value.facts["rows"]] == [2]
    assert kept(booking) == []
    made = take_over(booking, row(), row(on(2, 10, 12), requester="cyd", team="blue"))["items"]
    assert [(each.state, each.requester) for each in kept(booking)] == [("approved", "ann"), ("approved", "cyd")]
    told = booking.rows("SELECT aggregate_id FROM outbox WHERE type = 'ReservationApproved'")
    assert {each.aggregate_id for each in told} == {each["id"] for each in made}


def test_a_race_with_requests_has_one_winner_for_each_time(booking, at_once):
    days = range(1, 5)
    calls = [lambda: take_over(booking, *(row(on(day, 10, 12)) for day in days))]
    calls += [
        lambda day=day: booking.give(handlers.request_reservation, request("cyd", on(day, 10, 12))) for day in days
    ]
    outcome = at_once(calls)
    assert sum(outcome.values()) == len(calls)
    assert set(outcome) <= {"done", "slot_taken", "rows_refused"}
    assert outcome["done"] in (1, len(days))
    times = [each.starts_at for each in kept(booking)]
    assert len(times) == len(set(times)) == len(days)
