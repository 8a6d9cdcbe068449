"""Series on PostgreSQL: races against single bookings and each other, what may be asked, and how fast it is."""

import time
from collections import Counter

import pytest

from services.booking import handlers, queries
from services.contracts.commands import (
    AddSeriesDates,
    ApproveSeries,
    CancelReservation,
    CancelSeries,
    MoveReservation,
    MoveSeries,
    RejectSeries,
)
from services.contracts.errors import DatesClash, InvalidInput, NotFound
from services.contracts.messaging import encoding
from tests.integration.booking.service import Booking
from tests.unit.booking.examples import NOW, at, command, lab_1, on, series

HANDLERS = {
    AddSeriesDates: handlers.add_series_dates, ApproveSeries: handlers.approve_series,
    CancelSeries: handlers.cancel_series, MoveSeries: handlers.move_series, RejectSeries: handlers.reject_series,
}
DEADLINE = 5


@pytest.fixture
def ask(booking):
    return lambda *arguments, **fields: booking.give(handlers.request_series, series(*arguments, **fields))


@pytest.fixture
def act(booking):
    def act(kind, actor, asked, **fields):
        return booking.give(HANDLERS[kind], command(kind, actor, series=asked["id"], **fields))

    return act


@pytest.fixture(autouse=True)
def no_orphans(booking):
    """No member without its series, no series without a fact for each version, and no dead-lock."""
    yield
    (counted,) = booking.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert counted.deadlocks == 0
    assert booking.rows("""
        SELECT s.series FROM series s
         WHERE ARRAY(SELECT generate_series(1, s.version)) <> ARRAY(
                   SELECT aggregate_version FROM outbox WHERE aggregate_id = s.series::text ORDER BY 1)
            OR NOT EXISTS (SELECT FROM reservations r WHERE r.series = s.series)""") == []


def members(booking, asked):
    return booking.rows("SELECT count(*) FROM reservations WHERE series = %s", asked["id"])[0][0]


def test_series_of_two_teams_for_the_same_dates(booking, ask, at_once):
    for week in range(3):
        times = on(1 + 7 * week, 10, 12)._asdict()
        assert at_once([
            lambda times=times: ask("ann", **times), lambda times=times: ask("cyd", **times),
        ] * 4) == {"done": 1, "dates_clash": 7}
    assert booking.rows("SELECT count(*) FROM reservations") == [(12,)]


def test_a_series_against_single_bookings_of_its_dates(booking, ask, at_once):
    """Either the series has every date, or the singles that were quicker have theirs and it has none."""
    for week in range(4):
        outcome = at_once([
            lambda week=week: ask("ann", **on(1 + 7 * week, 10, 12)._asdict()),
            *[lambda day=day, week=week: booking.ask("cyd", on(day + 7 * week, 11, 13)) for day in (1, 2, 3, 4)],
        ])
        held = dict(booking.rows("""
            SELECT team, count(*) FROM reservations WHERE starts_at BETWEEN %s AND %s GROUP BY team""",
            at(7 * week, 0), at(7 * week + 7, 0)))
        if outcome["dates_clash"]:
            assert held == {"blue": 4}
        else:
            assert (held, outcome["slot_taken"]) == ({"red": 4}, 4)


def test_a_lenient_series_takes_exactly_what_the_singles_left(booking, ask, at_once):
    answers = []
    at_once([
        lambda: answers.append(ask("ann", on_clash="skip")),
        *[lambda day=day: booking.ask("cyd", on(day, 11, 13)) for day in (1, 2, 3)],
    ])
    (asked,) = answers
    singles = booking.rows("SELECT count(*) FROM reservations WHERE series IS NULL")[0][0]
    assert len(asked["skipped"]) == singles
    assert members(booking, asked) == 4 - singles


def test_moving_deciding_and_giving_up_at_once(booking, ask, act, at_once):
    for week in range(4):
        asked = ask("ann", **on(1 + 7 * week, 10, 12)._asdict())
        one = asked["members"][0]
        outcome = at_once([
            lambda asked=asked: act(MoveSeries, "ann", asked, version=1, clock="14:00"),
            lambda asked=asked: act(MoveSeries, "bob", asked, version=1, clock="16:00"),
            lambda asked=asked: act(ApproveSeries, "mia", asked),
            lambda asked=asked: act(CancelSeries, "ann", asked),
            lambda one=one, week=week: booking.step(
                MoveReservation, "ann", one, version=1, **on(4 + 7 * week, 8, 9)._asdict()),
            lambda one=one: booking.step(CancelReservation, "bob", one),
        ])
        assert outcome["done"] >= 1
        states = dict(booking.rows(
            "SELECT state, count(*) FROM reservations WHERE series = %s GROUP BY state", asked["id"]))
        assert set(states) <= {"withdrawn", "cancelled", "requested", "approved"}


def test_one_date_is_added_back_once(booking, ask, act, at_once):
    asked = ask("ann", facility="LAB-1", choices=[{"date": "2026-11-25", "action": "skip"}])
    outcome = at_once([lambda: act(AddSeriesDates, "ann", asked, dates=["2026-11-25"])] * 6)
    assert outcome == {"done": 1, "invalid_input": 5}
    assert members(booking, asked) == 4


def test_two_series_swap_places_or_are_refused(booking, ask, act, at_once):
    one, other = ask("ann"), ask("cyd", **on(1, 14, 16)._asdict())
    outcome = at_once([
        lambda: act(MoveSeries, "ann", one, version=1, clock="14:00"),
        lambda: act(MoveSeries, "cyd", other, version=1, clock="10:00"),
    ])
    assert outcome == {"dates_clash": 2}


def test_a_repeated_request_makes_one_series(booking, at_once):
    message = series("ann")
    assert at_once([lambda: booking.give(handlers.request_series, message)] * 6) == {"done": 6}
    assert booking.rows("SELECT count(*) FROM series") == [(1,)]


def test_the_constraint_has_the_last_word_on_the_whole(booking, ask):
    booking.ask("cyd", on(3, 11, 13))

    def blindly(message, uow, now):
        uow.reservations.claims_under_lock = lambda *_: {}
        return handlers.request_series(message, uow, now)

    with pytest.raises(DatesClash) as refused:
        booking.give(blindly, series("ann"))
    (clash,) = refused.value.facts["clashes"]
    assert (clash["date"], clash["taken"]) == ("2026-11-26", True)
    assert clash["alternatives"]
    assert booking.rows("SELECT count(*) FROM series") == [(0,)]


# what may be asked ---------------------------------------------------------------------


def check(booking, actor="cyd", **fields):
    wanted = {"facility": "LAB-3", "rule": "FREQ=DAILY;COUNT=5", **on(1, 10, 12)._asdict()} | fields
    return booking.query(queries.check_series, now=NOW, actor=actor, **encoding.loads(encoding.dumps(wanted)))


def test_what_is_checked_is_what_is_granted(booking, ask):
    booking.ask("ann", on(2, 10, 12), purpose="secret")
    found = check(booking)
    verdicts = {each["date"][-2:]: (each["ok"], each["taken"], len(each["violations"])) for each in found["dates"]}
    assert verdicts == {"24": (True, False, 0), "25": (False, True, 0), "26": (True, False, 0), "27": (True, False, 0),
                        "28": (False, False, 1)}
    assert all(each["ok"] or each["alternatives"] for each in found["dates"])
    assert not [word for word in ("secret", "red", "ann") if word in encoding.dumps(found).decode()]
    skips = [{"date": each["date"], "action": "skip"} for each in found["dates"] if not each["ok"]]
    assert all(each["ok"] for each in check(booking, choices=skips)["dates"])
    assert members(booking, ask("cyd", rule="FREQ=DAILY;COUNT=5", choices=skips)) == 3
    with pytest.raises(InvalidInput):
        check(booking, rule="FREQ=DAILY")
    with pytest.raises(InvalidInput):
        check(booking, team="red")


def test_a_move_is_checked_like_it_is_made(booking, ask, act):
    asked = ask("ann")
    booking.ask("cyd", on(3, 14, 16))
    change = {"series": asked["id"], "clock": "14:00"}
    found = booking.query(queries.check_series_move, now=NOW, actor="ann", **change)
    assert [each["ok"] for each in found["dates"]] == [True, True, False, True]
    assert found["dates"][0]["former"] == {"facility": "LAB-3", "unit": "A", **on(1, 10, 12)._asdict()}
    with pytest.raises(DatesClash) as refused:
        act(MoveSeries, "ann", asked, version=1, clock="14:00")
    assert [each["date"] for each in refused.value.facts["clashes"]] == ["2026-11-26"]
    kept = [{"date": "2026-11-26", "action": "keep"}]
    assert [each["ok"] for each in booking.query(
        queries.check_series_move, now=NOW, actor="ann", choices=kept, **change)["dates"]] == [True] * 3
    with pytest.raises(NotFound):
        booking.query(queries.check_series_move, now=NOW, actor="cyd", **change)


def test_a_series_is_shown_with_its_members_and_open_dates(booking, ask, act):
    asked = ask("ann", choices=[{"date": "2026-11-25", "action": "skip"}], project="red-p")
    act(CancelSeries, "ann", asked, from_date="2026-11-27")
    found = booking.query(queries.series, now=NOW, actor="ann", series=asked["id"])
    assert (found["facility"], found["clock"], found["length_minutes"]) == ("LAB-3", "10:00", 120)
    assert (found["team_name"], found["project_name"], found["mine"]) == ("Team red", "Probe card", True)
    assert [(each["series_date"].day, each["state"]) for each in found["members"]] == [
        (24, "requested"), (26, "requested"), (27, "withdrawn")]
    assert [(each["date"], each["skipped"]) for each in found["open_dates"]] == [
        ("2026-11-25", True), ("2026-11-27", False)]
    assert found["allowed_actions"] == ["move", "cancel", "add"]
    assert booking.query(queries.series, now=NOW, actor="mia", series=asked["id"])["allowed_actions"] == [
        "approve", "reject", "move"]
    for stranger in ("cyd", "max"):
        with pytest.raises(NotFound):
            booking.query(queries.series, now=NOW, actor=stranger, series=asked["id"])


def test_a_manager_sees_only_the_members_on_facilities_of_their_own(booking, ask):
    chosen = {"date": "2026-11-25", "facility": "PLAT-05", "starts_at": "2026-11-25T10:00+08:00",
              "ends_at": "2026-11-25T12:00+08:00"}
    asked = ask("ann", choices=[chosen])
    seen = {actor: [each["facility"] for each in booking.query(
        queries.series, now=NOW, actor=actor, series=asked["id"])["members"]] for actor in ("ann", "mia", "max")}
    assert {actor: Counter(places) for actor, places in seen.items()} == {
        "ann": {"LAB-3": 3, "PLAT-05": 1}, "mia": {"LAB-3": 3}, "max": {"PLAT-05": 1}}
    assert booking.query(queries.reservations, actor="ann")["items"][0]["series"] == asked["id"]


# how fast ------------------------------------------------------------------------------

STORED = """
    WITH wanted AS (
        SELECT gen_random_uuid() AS reservation, u.id, u.facility, u.unit, n.starts_at
          FROM units u, generate_series(%(now)s::timestamptz + interval '1 hour',
                                        %(now)s::timestamptz + interval '1 year', interval '6 hours') AS n (starts_at)),
    stored AS (
        INSERT INTO reservations (reservation, version, state, facility, unit, starts_at, ends_at, team, purpose,
                                  requester)
        SELECT reservation, 1, 'approved', facility, unit, starts_at, starts_at + interval '2 hours', 'blue', 'x', 'cyd'
          FROM wanted)
    INSERT INTO claims (reservation, unit_id, period, held)
    SELECT reservation, id, tstzrange(starts_at, starts_at + interval '2 hours'), true FROM wanted"""


def test_a_year_of_weeks_on_a_full_base_stays_well_under_the_deadline(database_for):
    booking = Booking(database_for("booking"))
    booking.run(lambda uow, now: handlers.take_fact(lab_1(version=2, horizon_days=400, cleardown_minutes=0), uow, now))
    booking.run(lambda uow, now: uow.connection.exec_driver_sql(STORED, {"now": NOW}))
    assert booking.rows("SELECT count(*) > 10000 FROM reservations") == [(True,)]
    weekly = {"facility": "LAB-1", "rule": "FREQ=WEEKLY;COUNT=52"}
    began = time.monotonic()
    found = booking.query(queries.check_series, now=NOW, actor="ann", **weekly, **{
        name: instant.isoformat() for name, instant in on(1, 10, 12)._asdict().items()})
    checked = time.monotonic()
    assert Counter(each["ok"] for each in found["dates"]) == {False: 52}
    assert all(each["alternatives"] for each in found["dates"])
    asked = booking.give(handlers.request_series, series("ann", **weekly, **on(1, 12, 14)._asdict()))
    taken = time.monotonic()
    moved = booking.give(handlers.move_series, command(
        MoveSeries, "ann", series=asked["id"], version=1, clock="18:00", length_minutes=60))
    booking.engine.dispose()
    assert (len(asked["members"]), len(moved["members"])) == (52, 52)
    spent = {"check": checked - began, "ask": taken - checked, "move": time.monotonic() - taken}
    assert max(spent.values()) < DEADLINE / 2, spent
