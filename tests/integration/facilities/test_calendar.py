"""Bases, calendars and interruptions on PostgreSQL, through handlers and queries."""

from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.commands import (
    DeclareInterruption,
    EndInterruption,
    ImportCalendarYear,
    SaveCalendarYear,
    SaveSite,
)
from services.contracts.errors import InvalidInput, NotAllowed, NotFound
from services.facilities import handlers, queries

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 11, 26, 6, tzinfo=UTC)
NAMES = {"zh-Hans": "春节", "en": "Spring Festival"}
keys = iter(range(10**6))


@pytest.fixture
def give(base, transactions):
    transactions.clock = lambda: NOW

    def run(message, handler, actor="admin", **fields):
        return transactions.execute(handler, message(actor=actor, request_key=f"k{next(keys)}", **fields)).value

    return run


@pytest.fixture
def declare(give):
    def run(actor="keeper", **fields):
        asked = {"kind": "outage", "facility": "LAB-1", "starts_at": NOW - HOUR, "ends_at": NOW + HOUR,
                 "reason": {"zh-Hans": "停电"}, "note": "内部", **fields}
        return give(DeclareInterruption, handlers.declare_interruption, actor, **asked)

    return run


@pytest.fixture
def ask(transactions):
    return lambda query, **arguments: transactions.read(query, **arguments)


def listed(ask, actor="member", **filters):
    return ask(queries.interruptions, now=NOW, actor=actor, **filters)["items"]


def test_the_calendar_tells_its_years_and_their_revisions(give, ask):
    give(ImportCalendarYear, handlers.import_calendar_year, site="BASE", year=2026, version=1)
    day = {"date": "2027-02-06", "kind": "holiday", "names": NAMES}
    for version, days in ((2, []), (3, [day])):
        give(SaveCalendarYear, handlers.save_calendar_year, site="BASE", year=2027, days=days, version=version)
    give(SaveSite, handlers.save_site, site="NORTH", names=NAMES)
    site = ask(queries.site, actor="member", site="BASE")
    assert (site["code"], site["version"]) == ("BASE", 4)
    assert [(each["year"], each["revision"], each["source"][:4]) for each in site["years"]] == [
        (2026, 1, "chin"), (2027, 2, "hand"),
    ]
    assert [(each["year"], each["revision"]) for each in site["revisions"]] == [(2026, 1), (2027, 2), (2027, 1)]
    assert site["years"][1]["days"] == [day]
    items = ask(queries.sites, actor="member")["items"]
    assert [(each["code"], each["known_years"]) for each in items] == [("BASE", [2026, 2027]), ("NORTH", [])]
    with pytest.raises(NotFound):
        ask(queries.site, actor="member", site="SOUTH")


def test_an_import_shows_its_differences_first(give, ask):
    found = ask(queries.calendar_import, actor="admin", site="BASE", year=2026)
    assert (found["published"], found["version"], len(found["differences"])) == (True, 1, 39)
    give(ImportCalendarYear, handlers.import_calendar_year, site="BASE", year=2026, version=1)
    assert ask(queries.calendar_import, actor="admin", site="BASE", year=2026)["differences"] == []
    assert not ask(queries.calendar_import, actor="admin", site="BASE", year=2098)["published"]
    with pytest.raises(InvalidInput):
        ask(queries.calendar_import, actor="admin", site="BASE", year="2026")


def test_notes_are_for_those_who_manage_the_facility(declare, ask):
    declare()
    (shown,) = listed(ask)
    assert "note" not in shown
    assert "actor" not in shown
    assert (shown["reason"], shown["may_change"], shown["next"]["ends_at"]) == (
        {"zh-Hans": "停电"}, False, (NOW + HOUR).isoformat())
    (shown,) = listed(ask, "keeper")
    assert (shown["note"], shown["may_change"]) == ("内部", True)
    assert not ask(queries.interruption, now=NOW, actor="member", interruption=shown["id"])["may_change"]
    with pytest.raises(NotFound):
        ask(queries.interruption, now=NOW, actor="member", interruption="none")


def test_what_is_to_come_by_start_and_what_is_over_the_latest_first(give, declare, ask):
    late = declare(starts_at=NOW + 2 * DAY, ends_at=NOW + 3 * DAY, kind="maintenance", unit="A")["interruption"]
    running = declare()["interruption"]
    tomorrow = {"starts_at": NOW + DAY, "ends_at": NOW + 2 * DAY}
    closing = declare("admin", kind="closure", facility=None, site="BASE", **tomorrow)["interruption"]
    elsewhere = declare("admin", facility="LAB-2", starts_at=NOW + DAY, ends_at=NOW + 9 * DAY)["interruption"]
    ended = declare(kind="maintenance")["interruption"]
    give(EndInterruption, handlers.end_interruption, interruption=ended)
    assert [each["id"] for each in listed(ask, facility="LAB-1")] == [running, closing, late]
    assert {each["id"] for each in listed(ask)} == {running, closing, late, elsewhere}
    assert [each["id"] for each in listed(ask, kind="closure", site="BASE")] == [closing]
    assert [each["id"] for each in listed(ask, over=True)] == [ended]
    (shown,) = listed(ask, facility="LAB-1", kind="maintenance")
    assert (shown["facility_names"]["en"], shown["unit_names"]["en"]) == ("Ageing lab", "Chamber 1")
    with pytest.raises(InvalidInput):
        listed(ask, kind="strike")


def test_a_preview_keeps_nothing_and_refuses_what_the_command_refuses(base, ask):
    asked = {"kind": "maintenance", "facility": "LAB-1", "starts_at": NOW.isoformat(), "reason": {"en": "x"},
             "ends_at": (NOW + HOUR).isoformat(), "rule": "FREQ=DAILY;COUNT=2"}
    found = ask(queries.preview_interruption, now=NOW, actor="keeper", **asked)
    assert (found["site"], len(found["spans"])) == ("BASE", 2)
    assert listed(ask) == []
    with pytest.raises(NotAllowed):
        ask(queries.preview_interruption, now=NOW, actor="member", **asked)
    with pytest.raises(InvalidInput):
        ask(queries.preview_interruption, now=NOW, actor="keeper", **asked | {"rule": "FREQ=SECONDLY"})


def test_two_workers_move_each_open_outage_on_once(declare, transactions):
    for _ in range(3):
        declare(open_end=True)
    transactions.clock = lambda: NOW + HOUR
    assert transactions.run(handlers.move_on) == 3
    assert transactions.run(handlers.move_on) == 0


def test_nothing_moves_when_nothing_is_due(declare, transactions):
    declare(open_end=True, ends_at=NOW + DAY)
    assert transactions.run(handlers.move_on) == 0
    assert transactions.run(handlers.top_up) == 0
