"""Interruptions and days of their own on the board and in searches, and whom a change would hit."""

import pytest

from services.booking import handlers, queries
from services.contracts.commands import ApproveReservation, CancelReservation
from services.contracts.errors import InvalidInput, NotAllowed
from services.contracts.events import SiteChanged
from tests.unit.booking.examples import NOW, at, on
from tests.unit.booking.test_interruptions import interruption


@pytest.fixture
def board(booking):
    def board(actor, window=None, **more):
        starts_at, ends_at = window or on(0, 0, 24 * 7)
        times = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
        return booking.query(queries.board, actor=actor, **times, **more)

    return board


def test_the_board_shows_interruptions_days_of_their_own_and_what_is_hit(booking, board):
    asked = booking.ask("ann", on(1, 10, 12))
    other = booking.ask("ann", on(1, 10, 12), "LAB-1")
    holiday = {"date": "2026-11-25", "kind": "holiday", "names": {"en": "Day off"}}
    for fact in (
        interruption(on(1, 9, 14), unit="A"),
        interruption(on(4, 0, 24), code="I-2", facility=None, kind="closure", open_end=True),
        interruption(on(-20, 0, 24), code="I-3"),
        SiteChanged(version=1, site="BASE", names={}, days=[holiday], known_years=[2026]),
    ):
        booking.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))
    found = board("ann")
    hit = {item["id"]: item["hit"] for item in found["items"] if item.get("id")}
    assert hit == {asked["id"]: True, other["id"]: False}
    shown = [item for item in found["items"] if "interruption" in item]
    assert [(item["facility"], item["unit"], item["state"]) for item in shown] == [
        ("LAB-3", "A", "outage"), *[(code, None, "closure") for code in ("LAB-1", "LAB-3", "LAB-4", "PLAT-05")],
    ]
    assert (shown[0]["reason"]["en"], shown[1]["open_end"], shown[0]["mine"]) == ("Compressor failure", True, False)
    assert all(each["special_days"] == [holiday | {"hours": ()}] for each in found["facilities"])
    (one,) = board("cyd", on(3, 0, 48), facility="LAB-3")["items"]
    assert one["state"] == "closure"


def test_free_time_and_checks_look_around_interruptions(booking):
    fact = interruption(on(1, 9, 14))
    booking.run(lambda uow, now: handlers.take_fact(fact, uow, now))
    window = {"starts_at": at(1, 8).isoformat(), "ends_at": at(2, 0).isoformat()}
    found = booking.query(queries.free_slots, now=NOW, actor="ann", facility="LAB-3", minutes=120, **window)
    assert found["items"][0]["starts_at"] == at(1, 14.5)
    checked = booking.query(
        queries.check_slot, now=NOW, actor="ann", facility="LAB-3", starts_at=at(1, 10).isoformat(),
        ends_at=at(1, 12).isoformat(),
    )
    assert (checked["ok"], checked["taken"], checked["violations"][0]["rule"]) == (False, False, "interrupted")
    assert checked["alternatives"]


@pytest.fixture
def would_hit(booking):
    def ask(actor="mia", **asked):
        found = booking.query(queries.would_hit, now=NOW, actor=actor, **asked)
        assert found["count"] == len(found["items"])
        return [each["id"] for each in found["items"]]

    return ask


def told(*found):
    return [{name: value.isoformat() for name, value in span._asdict().items()} for span in found]


def test_whom_an_interruption_would_hit(booking, would_hit):
    first, second = booking.ask("ann", on(1, 10, 12), "LAB-1"), booking.ask("cyd", on(2, 10, 12), "LAB-1", unit="B")
    booking.ask("ann", on(1, 10, 12), "LAB-3")
    spans = told(on(1, 9, 11), on(2, 0, 24))
    assert would_hit(facility="LAB-1", spans=spans) == [first["id"], second["id"]]
    assert would_hit(facility="LAB-1", unit="B", spans=spans) == [second["id"]]
    assert would_hit(facility="LAB-1", spans=told(on(1, 12.5, 13))) == [first["id"]], "clear-down counts"
    assert len(would_hit("bea", site="BASE", spans=spans)) == 3
    assert would_hit("bea", site="NORTH", spans=spans) == []


def test_whom_other_hours_would_hit(booking, would_hit):
    first, second = booking.ask("ann", on(1, 10, 12)), booking.ask("ann", on(2, 18, 20))
    shorter = [[[480, 1140]]] * 5 + [[]] * 2
    assert would_hit(facility="LAB-3", opening_hours=shorter) == [second["id"]]
    closed = [{"date": "2026-11-24", "hours": [], "names": {}}]
    assert would_hit(facility="LAB-3", date_exceptions=closed) == [first["id"]]
    holiday = [{"date": "2026-11-25", "kind": "holiday", "names": {}}]
    assert would_hit("bea", site="BASE", year=2026, days=holiday) == [second["id"]]
    assert would_hit(facility="LAB-3", opening_hours=[[[480, 1200]]] * 7) == []
    booking.run(lambda uow, now: handlers.take_fact(
        SiteChanged(version=1, site="BASE", names={}, days=holiday, known_years=[2026]), uow, now))
    assert would_hit("bea", site="BASE", year=2026, days=holiday) == [], "it is hit already"
    assert would_hit(facility="LAB-3", on_holidays="open") == []


def test_the_hours_of_four_weeks_as_they_would_be(booking):
    closed = [{"date": "2026-11-24", "hours": [], "names": {"en": "Stock-taking"}}]
    days = booking.query(queries.would_hit, now=NOW, actor="mia", facility="LAB-3", date_exceptions=closed)["days"]
    assert (len(days), days[0]["date"]) == (28, "2026-11-23")
    assert days[0] == {"date": "2026-11-23", "hours": ((480, 1200),), "special": None}
    assert (days[1]["hours"], days[1]["special"]["names"]) == ((), {"en": "Stock-taking"})


@pytest.mark.parametrize(("actor", "scope"), [
    ("ann", "facility"), ("max", "facility"), ("mia", "site"), ("ian", "site"),
])
def test_who_may_not_change_it_need_not_know(would_hit, actor, scope):
    with pytest.raises(NotAllowed):
        would_hit(actor, spans=[], **{scope: {"facility": "LAB-3", "site": "BASE"}[scope]})


@pytest.mark.parametrize("asked", [
    {"spans": [{"starts_at": "now"}]}, {"opening_hours": [[[1]]]}, {"date_exceptions": [{"date": "x", "hours": []}]},
    {"opening_hours": [[]]}, {"year": 2026, "days": [{"date": "2026-01-01", "kind": "strike", "names": {}}]},
])
def test_nonsense_is_refused(booking, would_hit, asked):
    booking.ask("ann")
    with pytest.raises(InvalidInput):
        would_hit(facility="LAB-3", **asked)


def test_a_reservation_that_is_hit_says_by_what(booking):
    asked = booking.ask("ann", on(1, 10, 12))
    fact = interruption(on(1, 9, 14), open_end=True)
    booking.run(lambda uow, now: handlers.take_fact(fact, uow, now))
    found = booking.query(queries.reservation, now=NOW, actor="ann", reservation=asked["id"])
    assert found["hit"].pop("until") == on(1, 9, 14).ends_at.isoformat()
    assert found["hit"] == {
        "interruption": "I-1", "kind": "outage", "reason": fact.reason, "open_end": True,
    }
    booking.step(CancelReservation, "mia", booking.step(ApproveReservation, "mia", asked), reason="broken")
    assert booking.query(queries.reservation, now=NOW, actor="ann", reservation=asked["id"])["hit"] is None
