"""What can be asked, and what rivals do not get to see."""

import json

import pytest

from services.booking import handlers, queries
from services.contracts.commands import ApproveReservation, CancelReservation, MoveReservation
from services.contracts.errors import InvalidInput, NotAllowed, NotFound
from services.contracts.messaging import encoding
from tests.unit.booking.examples import DAY, HOUR, NOW, at, holder, lab_3, on, qualification


@pytest.fixture
def board(booking):
    def board(actor, window=None, **more):
        starts_at, ends_at = window or on(0, 0, 24 * 7)
        times = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
        return booking.query(queries.board, actor=actor, **times, **more)

    return board


def test_a_rival_sees_a_slot_and_nothing_else(booking, board):
    asked = booking.ask("ann", purpose="secret", project="red-p")
    booking.step(ApproveReservation, "mia", booking.ask("ann", on(2, 10, 12), purpose="secret"))
    for item in board("max")["items"]:
        assert set(item) == {"facility", "unit", "starts_at", "ends_at", "state", "mine"}
        assert (item["state"], item["mine"]) == ("taken", False)
    text = encoding.dumps(board("max")["items"]).decode()
    assert not [word for word in ("secret", "red", "ann", asked["id"]) if word in text]


def test_the_team_and_the_managers_see_all_of_it(booking, board):
    asked = booking.ask("ann", purpose="85 ℃")
    for actor, mine in (("ann", True), ("bob", True), ("mia", False), ("bea", False), ("ada", False)):
        (item,) = board(actor)["items"]
        assert item == {
            "id": asked["id"], "facility": "LAB-3", "unit": "A", "starts_at": "2026-11-24T02:00:00+00:00",
            "ends_at": "2026-11-24T04:00:00+00:00", "state": "requested", "version": 1, "mine": mine, "team": "red",
            "team_name": "Team red", "purpose": "85 ℃", "hit": False,
        }


def test_the_board_shows_what_touches_the_window(booking, board):
    booking.ask("ann", on(1, 22, 22 + 24 * 30), "LAB-1")
    gone = booking.ask("ann", on(1, 10, 12), "PLAT-05")
    booking.step(CancelReservation, "ann", gone)
    booking.ask("ann", on(10, 10, 12), "PLAT-05")
    assert [item["facility"] for item in board("ann")["items"]] == ["LAB-1"]
    assert [item["facility"] for item in board("ann", on(10, 12, 13))["items"]] == ["LAB-1"]
    assert board("ann", on(1, 12, 22))["items"] == []
    assert board("ann", on(10, 0, 24), facility="PLAT-05")["items"][0]["unit"] == "A"


def test_the_board_brings_the_facilities_with_their_rules(board):
    facilities = board("ann")["facilities"]
    assert [facility["code"] for facility in facilities] == ["LAB-1", "LAB-3", "LAB-4", "PLAT-05"]
    assert {"kind", "names", "units", "opening_hours", "granularity_minutes", "active", "version"} <= set(facilities[0])
    assert json.loads(encoding.dumps(board("ann", facility="LAB-3")["facilities"]))[0]["units"][0]["code"] == "A"


@pytest.mark.parametrize(("window", "errors"), [
    (("soon", "2026-12-01T00:00:00Z"), {"starts_at": ["not_a_time"]}),
    (("2026-12-01T00:00:00", "2026-12-02T00:00:00Z"), {"starts_at": ["naive_time"]}),
    (("2026-12-02T00:00:00Z", "2026-12-01T00:00:00Z"), {"ends_at": ["ends_before_start"]}),
    (("2026-12-02T00:00:00Z", "2036-12-01T00:00:00Z"), {"ends_at": ["out_of_range"]}),
])
def test_a_window_that_is_none(booking, window, errors):
    with pytest.raises(InvalidInput) as refusal:
        booking.query(queries.board, actor="ann", starts_at=window[0], ends_at=window[1])
    assert refusal.value.facts["errors"] == errors


@pytest.mark.parametrize("actor", ["nobody", "ian"])
def test_the_unknown_and_the_inactive_see_nothing(booking, board, actor):
    with pytest.raises(NotAllowed):
        board(actor)


def test_one_with_its_history_and_what_may_be_done(booking):
    asked = booking.ask("ann", project="red-p")
    booking.step(ApproveReservation, "mia", asked)
    found = booking.query(queries.reservation, now=NOW, actor="bob", reservation=asked["id"])
    assert (found["state"], found["version"], found["project_name"], found["requester_name"]) == (
        "approved", 2, "Probe card", "Ann",
    )
    assert found["facility_names"]["en"] == "LAB-3"
    assert [(line["version"], line["action"], line["actor_name"]) for line in found["history"]] == [
        (1, "request", "Ann"), (2, "approve", "Mia"),
    ]
    assert found["allowed_actions"] == ["move", "cancel"]
    by_mia = booking.query(queries.reservation, now=NOW, actor="mia", reservation=asked["id"])
    assert (by_mia["allowed_actions"], by_mia["mine"]) == (["move", "cancel"], False)
    over = booking.query(queries.reservation, now=at(1, 12), actor="ann", reservation=asked["id"])
    assert over["allowed_actions"] == []


@pytest.mark.parametrize("reservation", [None, "00000000-0000-4000-8000-000000000000", "not-an-id", 7])
def test_what_may_not_be_seen_is_not_found(booking, reservation):
    reservation = reservation or booking.ask("ann")["id"]
    for actor in ("cyd", "max"):
        with pytest.raises(NotFound):
            booking.query(queries.reservation, now=NOW, actor=actor, reservation=reservation)


def test_lists_hold_what_may_be_seen_and_go_on(booking):
    made = [booking.ask("ann", on(day, 10, 12))["id"] for day in (3, 1, 2)]
    other = booking.ask("cyd", on(2, 10, 12), "LAB-4")["id"]

    def listed(actor, **filters):
        return booking.query(queries.reservations, actor=actor, **filters)

    first = listed("ann", limit=2)
    assert [item["id"] for item in first["items"]] == [made[1], made[2]]
    rest = listed("ann", limit=2, cursor=first["next_cursor"])
    assert ([item["id"] for item in rest["items"]], rest["next_cursor"]) == ([made[0]], None)
    assert {item["id"] for item in listed("mia")["items"]} == {*made, other}
    assert listed("cyd", team="red")["items"] == []
    assert listed("max")["items"] == []
    assert [item["id"] for item in listed("bea", facility="LAB-4", state="requested")["items"]] == [other]
    window = on(2, 11, 24)
    assert {item["id"] for item in listed("ada", **window._asdict())["items"]} == {made[2], other}


@pytest.mark.parametrize("filters", [
    {"state": "daydreaming"}, {"cursor": "\x00\xff"}, {"cursor": "bm8="}, {"limit": 0}, {"limit": 1000}, {"hidden": 1},
])
def test_a_wrong_filter(booking, filters):
    with pytest.raises(InvalidInput):
        booking.query(queries.reservations, actor="ann", **filters)


def test_approvals_are_what_one_decides_the_most_urgent_first(booking):
    later = booking.ask("ann", on(4, 10, 12), "LAB-1")
    urgent = booking.ask("cyd", on(0, 10, 12), "LAB-1")
    booking.ask("ann", on(0, 11, 13), "LAB-1")
    booking.ask("ann", on(1, 10, 12), "PLAT-05")
    queue = booking.query(queries.approvals, now=NOW, actor="mia")["items"]
    assert all(row["requested_at"] == NOW for row in queue)
    assert [item["id"] for item in queue][::2] == [urgent["id"], later["id"]]
    assert (queue[0]["rivals"], queue[2]["rivals"]) == (1, 0)
    assert queue[0]["decide_by"] == at(0, 10)
    assert "approve" in queue[0]["allowed_actions"]
    for actor, count in (("mia", 3), ("max", 0), ("bea", 3), ("ann", 0)):
        assert booking.query(queries.approvals_count, actor=actor) == {"count": count}


def test_a_dry_run_is_judged_by_who_runs_it_and_tells_nothing_of_others(booking):
    for fact in (qualification("HV"), lab_3(version=2, qualifications=["HV"]), holder("bob", HV=NOW + 90 * DAY),
                 holder("cyd", HV=NOW + 90 * DAY)):
        booking.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))
    asked = {"facility": "LAB-3", "team": "red", **on(1, 10, 12)._asdict()}
    for query, more in ((queries.check_slot, {}), (queries.check_series, {"rule": "FREQ=DAILY;COUNT=1"})):
        for operator, rules in ((None, ["not_qualified"]), ("bob", [])):
            found = booking.query(query, now=NOW, actor="ann", operator=operator, **asked, **more)
            told = found if query is queries.check_slot else found["dates"][0]
            assert [each["rule"] for each in told["violations"]] == rules
        with pytest.raises(InvalidInput) as refused:
            booking.query(query, now=NOW, actor="ann", operator="cyd", **asked, **more)
        assert refused.value.facts["errors"] == {"operator": ["not_in_team"]}


def test_a_dry_run_says_what_a_request_would_come_to(booking):
    def check(actor="cyd", span=None, facility="LAB-3", **more):
        span = span or on(1, 10, 12)
        return booking.query(queries.check_slot, now=NOW, actor=actor, facility=facility, **span._asdict(), **more)

    assert check() == {"ok": True, "violations": [], "taken": False, "unit": "A", "alternatives": [], "quotas": []}
    asked = booking.ask("ann")
    taken = check()
    assert (taken["ok"], taken["taken"], taken["unit"], taken["violations"]) == (False, True, None, [])
    assert taken["alternatives"][0]["why"] == "later"
    broken = check(span=on(5, 10.25, 12.25))
    assert (broken["ok"], broken["taken"]) == (False, False)
    assert [each["rule"] for each in broken["violations"]] == ["not_whole_grid", "outside_opening_hours"]
    assert check("ann", on(1, 11, 13), reservation=asked["id"])["ok"]
    assert not booking.rows("SELECT 1 FROM reservations WHERE version > 1")
    for actor, fields, error in (
        ("cyd", {"reservation": asked["id"]}, NotFound), ("cyd", {"facility": "LAB-9"}, InvalidInput),
        ("cyd", {"team": "red"}, InvalidInput), ("cyd", {"unit": "Z"}, InvalidInput), ("nobody", {}, NotAllowed),
    ):
        with pytest.raises(error):
            check(actor, **fields)


def test_free_slots(booking):
    booking.ask("ann", on(1, 8, 12))

    def free(actor="ann", window=None, **wanted):
        window = window or on(1, 0, 24)
        return booking.query(queries.free_slots, now=NOW, actor=actor, **window._asdict(), **wanted)["items"]

    (slot,) = free(minutes=120, facility="LAB-3")
    assert (slot["starts_at"], slot["ends_at"], slot["unit"]) == (at(1, 13), at(1, 15), "A")
    assert [item["facility"] for item in free(minutes=120, limit=2)] == ["LAB-1", "LAB-4"]
    assert [item["facility"] for item in free(minutes=120, kind="platform")] == ["PLAT-05"]
    (month,) = free(minutes=30 * 24 * 60, facility="LAB-1", window=on(1, 8, 10))
    assert month["ends_at"] - month["starts_at"] == 30 * DAY
    assert free(minutes=HOUR // HOUR, facility="LAB-3") == []
    for wanted in ({"minutes": -5}, {"minutes": 60, "facility": "LAB-9"}, {"minutes": 60, "kind": "garden"}):
        with pytest.raises(InvalidInput):
            free(**wanted)


def test_a_cancelled_slot_is_free_for_others_at_once(booking, board):
    asked = booking.ask("ann")
    moved = booking.step(MoveReservation, "ann", asked, version=1, **on(2, 10, 12)._asdict())
    assert [item["starts_at"] for item in board("max")["items"]] == ["2026-11-25T02:00:00+00:00"]
    approved = booking.step(ApproveReservation, "mia", moved)
    booking.step(CancelReservation, "ann", approved)
    assert board("max")["items"] == []
