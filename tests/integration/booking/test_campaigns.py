"""Campaigns on PostgreSQL: several facilities, all or nothing, under races and failures; and what may be asked."""

import random
import time
from collections import Counter

import pytest

from services.booking import handlers, queries
from services.booking.domain.units import SlotHeld
from services.booking.storage.repository import Reservations
from services.contracts import commands
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, StepsClash
from services.contracts.messaging import encoding
from tests.integration.booking.service import Booking
from tests.integration.booking.test_series import STORED
from tests.unit.booking.campaign_cases import CampaignCases
from tests.unit.booking.campaign_examples import HANDLERS, campaign, step, steps
from tests.unit.booking.examples import DAY, NOW, at, command, lab_1, on, plat_05

FORWARD = [step("PLAT-05", on(1, 9, 11)), step("LAB-3", on(1, 12, 14)), step("LAB-4", on(1, 15, 17))]
BACKWARD = [step("LAB-4", on(1, 10, 12)), step("LAB-3", on(1, 12.5, 14.5)), step("PLAT-05", on(1, 15, 17))]
DEADLINE = 5


class TestInPostgres(CampaignCases):
    @pytest.fixture
    def run(self, database_for):
        booking = Booking(database_for("booking"))
        yield lambda step: booking.run(lambda uow, now: step(uow))
        booking.engine.dispose()


@pytest.fixture
def ask(booking):
    return lambda *arguments, **fields: booking.give(handlers.request_campaign, campaign(*arguments, **fields))


@pytest.fixture
def act(booking):
    def act(kind, actor, asked, **fields):
        return booking.give(HANDLERS[kind], command(kind, actor, campaign=asked["id"], **fields))

    return act


@pytest.fixture(autouse=True)
def whole(request):
    """No campaign in parts, each version told once, and no dead-lock."""
    if "booking" not in request.fixturenames:
        yield
        return
    booking = request.getfixturevalue("booking")
    yield
    (counted,) = booking.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert counted.deadlocks == 0
    assert booking.rows("""
        SELECT c.campaign FROM campaigns c, LATERAL (
               SELECT count(*) AS members, count(*) FILTER (WHERE r.state IN ('requested', 'approved')) AS living
                 FROM reservations r WHERE r.campaign = c.campaign) AS counted
         WHERE ARRAY(SELECT generate_series(1, c.version)) <> ARRAY(
                   SELECT aggregate_version FROM outbox WHERE aggregate_id = c.campaign::text ORDER BY 1)
            OR members <> jsonb_array_length(c.steps) OR living NOT IN (0, members)""") == []


def held(booking):
    return booking.rows("SELECT count(*) FROM reservations WHERE state IN ('requested', 'approved')")[0][0]


def test_campaigns_in_opposite_order_never_wait_for_each_other_and_one_wins_whole(booking, ask, at_once):
    booking.run(lambda uow, now: handlers.take_fact(plat_05(version=2, units="A", cleardown_minutes=240), uow, now))
    racers = [lambda: ask("ann", FORWARD), lambda: ask("cyd", BACKWARD)] * 6
    assert at_once(racers) == {"done": 1, "steps_clash": 11}
    assert held(booking) == 3


def test_a_campaign_against_single_requests_is_never_partial(booking, ask, at_once):
    singles = [
        lambda: booking.ask("cyd", on(1, 12, 14), "LAB-3"), lambda: booking.ask("cyd", on(1, 15, 17), "LAB-4"),
    ]
    for _ in range(3):
        outcome = at_once([lambda: ask("ann", FORWARD), *singles, *singles])
        assert outcome["done"] in (1, 2)
        (made,) = booking.rows("SELECT count(*) FROM reservations WHERE campaign IS NOT NULL")
        assert made[0] in (0, 3)
        booking.run(lambda uow, now: uow.connection.exec_driver_sql(
            "TRUNCATE claims, reservation_history, outbox, reservations, campaigns CASCADE"))


def test_steps_that_end_at_once_end_it_once(booking, ask, act, at_once):
    for day in (1, 2, 3):
        asked = ask("ann", steps(day))
        first, second, third = asked["steps"]
        outcome = at_once([
            lambda first=first: booking.step(commands.CancelReservation, "ann", first),
            lambda second=second: booking.step(commands.RejectReservation, "mia", second, reason="full"),
            lambda third=third: booking.step(commands.WithdrawReservation, "bob", third),
            lambda asked=asked: act(commands.CancelCampaign, "ann", asked),
        ])
        assert outcome == {"done": 1, "wrong_state": 3}
    assert held(booking) == 0


def test_moving_deciding_and_giving_up_at_once(booking, ask, act, at_once):
    for _ in range(3):
        asked = ask("ann")
        at_once([
            lambda asked=asked: act(commands.MoveCampaign, "ann", asked, version=1, shift_minutes=24 * 60),
            lambda asked=asked: act(commands.ApproveCampaign, "mia", asked, version=1),
            lambda asked=asked: act(commands.CancelCampaign, "bob", asked, version=1),
            lambda asked=asked: booking.step(
                commands.MoveReservation, "ann", asked["steps"][1], version=1, **on(1, 13, 15)._asdict()),
        ])
        living = booking.rows("SELECT state FROM reservations WHERE campaign = %s", asked["id"])
        if {row.state for row in living} & {"requested", "approved"}:
            act(commands.CancelCampaign, "ann", asked)
    assert held(booking) == 0


def test_neighbours_that_move_towards_each_other_keep_their_gap(booking, ask, at_once):
    asked = ask("ann", [step("PLAT-05", on(1, 9, 11)), step("LAB-3", on(1, 14, 16), least_gap_minutes=60)])
    outcome = at_once([
        lambda: booking.step(commands.MoveReservation, "ann", asked["steps"][0], version=1, **on(1, 11, 13)._asdict()),
        lambda: booking.step(commands.MoveReservation, "bob", asked["steps"][1], version=1, **on(1, 12, 14)._asdict()),
    ])
    assert outcome == {"done": 1, "rule_broken": 1}


def test_the_clock_and_a_decision_at_once(booking, ask, act, at_once):
    asked = ask("ann", steps(3))
    booking.now = NOW + DAY
    clock = [lambda: booking.run(handlers.expire_campaigns)] * 3
    outcome = at_once([*clock, lambda: act(commands.ApproveCampaign, "mia", asked)])
    assert outcome["done"] in (3, 4)
    states = Counter(row.state for row in booking.rows("SELECT state FROM reservations"))
    assert states in ({"approved": 3}, {"cancelled": 1, "expired": 2})


def test_a_repeated_request_makes_one_campaign(booking, at_once):
    message = campaign("ann")
    assert at_once([lambda: booking.give(handlers.request_campaign, message)] * 8) == {"done": 8}
    assert held(booking) == 3


def test_the_constraint_has_the_last_word_on_the_whole(booking, ask):
    booking.ask("cyd", on(1, 12, 14), "LAB-3")

    def blindly(message, uow, now):
        uow.reservations.claims_under_lock = lambda *_: {}
        return handlers.request_campaign(message, uow, now)

    with pytest.raises(StepsClash) as refused:
        booking.give(blindly, campaign("ann"))
    assert [each["taken"] for each in refused.value.facts["steps"]] == [False, True, False]
    assert refused.value.facts["plans"]
    assert booking.rows("SELECT count(*) FROM campaigns") == [(0,)]
    assert held(booking) == 1


def test_what_dies_half_way_leaves_nothing(booking, monkeypatch):
    """A process that ends between two steps, wherever: its transaction is rolled back as a whole."""
    add = Reservations.add
    for survives in range(3):
        left = iter(range(survives))

        def dying(self, *arguments, left=left):
            if next(left, None) is None:
                raise KeyboardInterrupt
            add(self, *arguments)

        monkeypatch.setattr(Reservations, "add", dying)
        with pytest.raises(KeyboardInterrupt):
            booking.give(handlers.request_campaign, campaign("ann"))
        for table in ("campaigns", "reservations", "claims", "outbox", "reservation_history"):
            assert booking.rows(f"SELECT count(*) FROM {table}") == [(0,)]


def test_under_the_lock_the_constraint_is_never_needed(booking, ask, at_once, monkeypatch):
    claim, refused = Reservations.claim, []

    def watched(self, *arguments):
        try:
            claim(self, *arguments)
        except SlotHeld:
            refused.append(arguments)
            raise

    monkeypatch.setattr(Reservations, "claim", watched)
    shuffled = [random.Random(number).sample(FORWARD, 3) for number in range(8)]
    at_once([lambda asked=asked: ask("ann", sorted(asked, key=lambda each: each["starts_at"])) for asked in shuffled])
    assert refused == []


# what may be asked ---------------------------------------------------------------------

ROUTE = [
    {"facility": "PLAT-05", "minutes": 120}, {"facility": "LAB-3", "minutes": 120, "least_gap_minutes": 60},
    {"facility": "LAB-1", "minutes": 1440, "most_gap_minutes": 2880},
]


def find(booking, actor="ann", asked=None, **fields):
    window = {"starts_at": at(1, 0), "ends_at": at(14, 0)} | fields
    return booking.query(queries.find_campaign, now=NOW, actor=actor, **encoding.loads(encoding.dumps(
        {"steps": ROUTE if asked is None else asked, **window})))


def taken_up(plan, gaps=ROUTE):
    names = ("least_gap_minutes", "most_gap_minutes")
    return [
        encoding.loads(encoding.dumps({
            **{name: each[name] for name in ("facility", "unit", "starts_at", "ends_at")},
            **{name: gap[name] for name in names if name in gap}}))
        for each, gap in zip(plan["steps"], gaps, strict=True)
    ]


def test_each_plan_that_is_found_can_be_had(booking, ask, act):
    booking.ask("cyd", on(1, 11, 15), "LAB-3", purpose="secret")
    found = find(booking, team="red", project="red-p")
    assert [plan["why"] for plan in found["plans"]] == ["later"] * 3
    assert not [word for word in ("secret", "blue", "cyd") if word in encoding.dumps(found).decode()]
    for plan in found["plans"]:
        asked = ask("ann", taken_up(plan), project="red-p")
        assert [each["starts_at"] for each in asked["steps"]] == [each["starts_at"] for each in plan["steps"]]
        act(commands.CancelCampaign, "ann", asked)


def test_without_a_plan_it_is_told_what_stands_in_the_way(booking):
    found = find(booking, asked=[ROUTE[0], {"facility": "LAB-3", "minutes": 600}])
    assert found["plans"] == []
    assert [each["step"] for each in found["hindrances"]] == [2]
    with pytest.raises(InvalidInput) as refused:
        find(booking, team="blue", asked=[{"facility": "NOPE", "minutes": 60}])
    assert set(refused.value.facts["errors"]) == {"team", "steps.0.facility"}
    with pytest.raises(InvalidInput):
        find(booking, ends_at=at(200, 0))


def test_a_move_finds_other_plans_for_what_has_not_begun(booking, ask, act):
    asked = ask("ann", steps(3, most_gap_minutes=2880))
    found = booking.query(queries.find_campaign_move, now=NOW, actor="ann", campaign=asked["id"])
    assert found["plans"]
    plan = found["plans"][0]
    moved = act(commands.MoveCampaign, "ann", asked, version=1, steps=[
        {"step": each["step"], "starts_at": each["starts_at"].isoformat(), "unit": each["unit"]}
        for each in plan["steps"]])
    assert [each["starts_at"] for each in moved["steps"]] == [each["starts_at"] for each in plan["steps"]]
    with pytest.raises(NotFound):
        booking.query(queries.find_campaign_move, now=NOW, actor="cyd", campaign=asked["id"])


def test_a_campaign_is_shown_with_its_steps_and_whom_it_waits_for(booking, ask):
    asked = ask("ann", project="red-p")
    found = booking.query(queries.campaign, now=NOW, actor="ann", campaign=asked["id"])
    assert (found["state"], found["mine"], found["project_name"]) == ("waiting", True, "Probe card")
    assert [(each["step"], each["awaits"]) for each in found["waiting_for"]] == [(2, "manager"), (3, "manager")]
    assert found["allowed_actions"] == ["move", "cancel"]
    assert [(each["least_gap_minutes"], each["most_gap_minutes"]) for each in found["steps"]] == [
        (0, None), (60, None), (0, 2880)]
    told = booking.query(queries.campaign, now=NOW, actor="mia", campaign=asked["id"])
    assert told["allowed_actions"] == ["approve", "reject"]
    assert [(each["seen"], "id" in each) for each in told["steps"]] == [(False, False), (True, True), (True, True)]
    for stranger, kind in (("cyd", NotFound), ("ian", NotAllowed)):
        with pytest.raises(kind):
            booking.query(queries.campaign, now=NOW, actor=stranger, campaign=asked["id"])


def test_a_search_on_a_full_base_stays_well_under_the_deadline(database_for):
    booking = Booking(database_for("booking"))
    booking.run(lambda uow, now: handlers.take_fact(lab_1(version=2, horizon_days=400, cleardown_minutes=0), uow, now))
    booking.run(lambda uow, now: uow.connection.exec_driver_sql(STORED, {"now": NOW}))
    began = time.monotonic()
    found = find(booking, starts_at=at(1, 0), ends_at=at(90, 0), team="red")
    spent = time.monotonic() - began
    booking.engine.dispose()
    assert found["plans"] == []
    assert spent < DEADLINE / 2
