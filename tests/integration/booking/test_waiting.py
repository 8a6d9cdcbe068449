"""The wait list on PostgreSQL: whatever happens at once, each time goes to one, and nobody is forgotten."""

from datetime import timedelta

import pytest

from services.booking import handlers, queries
from services.contracts import commands
from services.contracts.errors import InvalidInput, NotFound
from tests.integration.booking.service import Booking
from tests.unit.booking.examples import DAY, command, lab_3, on, person, request, team
from tests.unit.booking.test_interruptions import interruption
from tests.unit.booking.test_waiting import joining
from tests.unit.booking.waiting_cases import WaitingCases

SECOND = timedelta(seconds=1)
TEAMS = [f"t{number}" for number in range(8)]


class TestInPostgres(WaitingCases):
    @pytest.fixture
    def run(self, database_for):
        booking = Booking(database_for("booking"))
        yield lambda step: booking.run(lambda uow, now: step(uow))
        booking.engine.dispose()


@pytest.fixture
def no_deadlock(booking):
    yield
    (counted,) = booking.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert counted.deadlocks == 0


@pytest.fixture
def lists(booking, no_deadlock):
    for code in TEAMS:
        for fact in (person(f"p-{code}"), team(code, f"p-{code}")):
            booking.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))
    settle(booking)
    return booking


def settle(booking):
    booking.run(handlers.expire_offers)
    booking.now += SECOND
    while booking.run(handlers.offer_freed):
        pass


def join(booking, code, span=None, **fields):
    booking.now += timedelta(milliseconds=1)
    return booking.give(handlers.join_wait_list, joining(f"p-{code}", span, team=code, **fields))


def states(booking, *entries):
    found = {str(row.wait_entry): row.state for row in booking.rows("SELECT wait_entry, state FROM wait_entries")}
    return [found[each["id"]] for each in entries]


def offers(booking):
    return booking.rows("SELECT reservation::text AS id, decide_by, team FROM reservations WHERE state = 'offered'")


def free(booking, reservation, actor="mia"):
    booking.step(commands.WithdrawReservation, actor, reservation)


def answer(booking, handler, kind, actor, offer):
    booking.give(handler, command(kind, actor, reservation=offer.id))


def test_two_frees_at_once_make_one_offer(lists, at_once):
    taken = [lists.ask("mia", on(1, 9, 10)), lists.ask("mia", on(1, 11, 12))]
    entries = [join(lists, code, on(1, 9, 12)) for code in TEAMS]
    settle(lists)
    at_once([
        *(lambda each=each: free(lists, each) for each in taken),
        *[lambda: lists.run(handlers.offer_freed)] * 6,
    ])
    settle(lists)
    assert len(offers(lists)) == 1
    assert states(lists, *entries) == ["offered"] + ["waiting"] * 7


def test_many_workers_serve_many_entries_in_order(lists, at_once):
    taken = [lists.ask("mia", on(1, 8, 16), "LAB-1") for _ in range(4)]
    entries = [join(lists, code, on(1, 8, 16), facility="LAB-1") for code in TEAMS]
    settle(lists)
    at_once([*(lambda each=each: free(lists, each) for each in taken), *[lambda: lists.run(handlers.offer_freed)] * 8])
    settle(lists)
    assert states(lists, *entries) == ["offered"] * 4 + ["waiting"] * 4


def test_offers_and_requests_at_once_never_share_a_place(lists, at_once):
    for day in (1, 2, 3, 4):
        taken = lists.ask("mia", on(day, 10, 12))
        entry = join(lists, "t0", on(day, 10, 12))
        settle(lists)
        free(lists, taken)
        outcome = at_once([
            *[lambda day=day: lists.give(handlers.request_reservation, request("ann", on(day, 10, 12)))] * 4,
            *[lambda: lists.run(handlers.offer_freed)] * 3,
        ])
        settle(lists)
        is_offered = states(lists, entry) == ["offered"]
        assert outcome["slot_taken"] == 3 + is_offered


def test_joining_while_time_comes_free_is_not_forgotten(lists, at_once):
    for day in (1, 2, 3, 4):
        taken, entries = lists.ask("mia", on(day, 10, 12)), []
        at_once([
            lambda taken=taken: free(lists, taken),
            lambda day=day, entries=entries: entries.append(join(lists, "t0", on(day, 10, 12))),
            *[lambda: lists.run(handlers.offer_freed)] * 3,
        ])
        settle(lists)
        assert states(lists, *entries) == ["offered"]


def test_leaving_while_it_is_offered(lists, at_once):
    for day in (1, 2, 3, 4):
        taken = lists.ask("mia", on(day, 10, 12))
        one, other = (join(lists, code, on(day, 10, 12)) for code in ("t0", "t1"))
        free(lists, taken)
        leave = command(commands.LeaveWaitList, "p-t0", wait_entry=one["id"])
        outcome = at_once([
            lambda leave=leave: lists.give(handlers.leave_wait_list, leave),
            *[lambda: lists.run(handlers.offer_freed)] * 2,
        ])
        settle(lists)
        left = ["left", "offered"] if outcome["done"] == 3 else ["offered", "waiting"]
        assert states(lists, one, other) == left


def an_offer(booking, day):
    taken = booking.ask("mia", on(day, 10, 12))
    entry = join(booking, "t0", on(day, 10, 12))
    free(booking, taken)
    settle(booking)
    (row,) = booking.rows("SELECT reservation::text AS id FROM wait_entries WHERE wait_entry = %s", entry["id"])
    return entry, next(each for each in offers(booking) if each.id == row.id)


def test_accepting_twice_declining_and_expiring_at_once(lists, at_once, database_for):
    later = Booking.at(lists)
    for day in (1, 2, 3, 4):
        entry, offer = an_offer(lists, day)
        lists.now, later.now = offer.decide_by - SECOND, offer.decide_by
        outcome = at_once([
            *[lambda offer=offer: answer(
                lists, handlers.accept_offer, commands.AcceptOffer, "p-t0", offer)] * 2,
            lambda offer=offer: answer(lists, handlers.decline_offer, commands.DeclineOffer, "p-t0", offer),
            lambda: later.run(handlers.expire_offers),
        ])
        (row,) = lists.rows("SELECT state, version FROM reservations WHERE reservation = %s", offer.id)
        assert row.version == 2
        (state,) = states(lists, entry)
        assert (row.state, state) in {("requested", "served"), ("declined", "left"), ("expired", "waiting")}
        # The timer counts as done even when an answer was quicker.
        assert outcome == ({"done": 2, "wrong_state": 2} if row.state != "expired" else {"done": 1, "wrong_state": 3})
        settle(lists)


def told(booking, kind, field):
    return booking.rows("SELECT body::jsonb -> 'data' -> %s FROM outbox WHERE type = %s", field, kind)


TAKING = {
    "outage": lambda day: interruption(on(day, 8, 11), code=f"I-{day}"),
    "closure": lambda day: interruption(on(day, 0, 24), code=f"I-{day}", facility=None, kind="closure"),
    "hours": lambda day: lab_3(version=day + 1, opening_hours=[[[480, 1200]]] * 4 + [[]] * 3),
}


@pytest.mark.parametrize(("kind", "day"), [("outage", 1), ("closure", 2), ("hours", 4)])
def test_what_is_taken_away_from_an_offer_ends_it_and_the_team_keeps_its_place(lists, kind, day):
    entry, _ = an_offer(lists, day)
    behind = join(lists, "t1", on(day, 10, 12))
    lists.run(lambda uow, now: handlers.take_fact(TAKING[kind](day), uow, now))
    settle(lists)
    settle(lists)
    assert states(lists, entry, behind) == ["waiting", "waiting"]
    assert [each["position"] for each in lists.query(queries.wait_list, actor="p-t0")["items"]] == [1]
    ((cause,),) = told(lists, "ReservationOfferTakenBack", "cause")
    assert (cause["kind"], cause["facility"]) == (kind, "LAB-3")
    assert not any(hits for (hits,) in told(lists, "ReservationsHit", "hits")), "told once"
    assert lists.rows("SELECT count(*) FROM replans") == [(0,)]
    if kind == "outage":
        lists.run(lambda uow, now: handlers.take_fact(interruption(code=f"I-{day}", version=2), uow, now))
        settle(lists)
        assert states(lists, entry, behind) == ["offered", "waiting"]


def test_taking_back_while_it_is_answered(lists, at_once):
    for day in (1, 2, 3, 4):
        entry, offer = an_offer(lists, day)
        fact = interruption(on(day, 8, 11), code=f"I-{day}")
        at_once([
            lambda offer=offer: answer(lists, handlers.accept_offer, commands.AcceptOffer, "p-t0", offer),
            lambda fact=fact: lists.run(lambda uow, now: handlers.take_fact(fact, uow, now)),
            *[lambda: lists.run(handlers.offer_freed)] * 3,
        ])
        settle(lists)
        assert states(lists, entry) in (["served"], ["waiting"])


def test_of_twenty_answers_at_once_one_counts(lists, at_once):
    entry, offer = an_offer(lists, 1)
    outcome = at_once([
        lambda: answer(lists, handlers.accept_offer, commands.AcceptOffer, "p-t0", offer)] * 20)
    assert (outcome, states(lists, entry)) == ({"done": 1, "wrong_state": 19}, ["served"])


def test_twenty_who_join_at_once_share_one_place_in_turn(lists, at_once):
    taken = lists.ask("mia")
    teams = [*TEAMS, "red"]
    outcome = at_once([
        lambda code=code, span=span: lists.give(handlers.join_wait_list, joining(
            "ann" if code == "red" else f"p-{code}", span, team=code))
        for code in teams for span in (on(1, 10, 12), on(1, 9, 12))
    ])
    assert outcome == {"done": 2 * len(teams)}
    free(lists, taken)
    settle(lists)
    assert len(offers(lists)) == 1


def test_a_crash_between_the_free_and_the_timer_loses_nothing(lists):
    taken, entry = lists.ask("mia"), join(lists, "t0")
    settle(lists)
    free(lists, taken)

    def dies(uow, now):
        assert handlers.offer_freed(uow, now) == "LAB-3"
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        lists.run(dies)
    assert (offers(lists), states(lists, entry)) == ([], ["waiting"])
    restarted = Booking.at(lists)
    restarted.now = lists.now + DAY / 4
    settle(restarted)
    assert states(lists, entry) == ["offered"]
    facts = "SELECT count(*) FROM outbox WHERE type = 'ReservationOffered'"
    assert lists.rows(facts) == [(1,)]


def test_a_crash_before_an_offer_expires_loses_nothing(lists):
    entry, offer = an_offer(lists, 1)
    lists.now = offer.decide_by + timedelta(hours=5)
    restarted = Booking.at(lists)
    restarted.now = lists.now
    settle(restarted)
    (state,) = states(lists, entry)
    assert state == "offered", "nobody else waits, so it is offered once more"
    (again,) = offers(lists)
    assert again.id != offer.id


def test_nobody_holds_more_than_one_offer_for_one_entry(lists, at_once):
    taken = [lists.ask("mia", on(1, 8, 16), "LAB-1") for _ in range(4)]
    entry = join(lists, "t0", on(1, 8, 16), facility="LAB-1")
    at_once([*(lambda each=each: free(lists, each) for each in taken), *[lambda: lists.run(handlers.offer_freed)] * 8])
    settle(lists)
    assert (states(lists, entry), len(offers(lists))) == (["offered"], 1)


class TestAsking:
    def ask(self, booking, actor, **filters):
        return booking.query(queries.wait_list, actor=actor, **filters)["items"]

    def test_a_team_sees_its_own_with_its_place_and_no_other(self, lists):
        lists.ask("mia")
        join(lists, "t0"), join(lists, "t1", on(1, 15, 17)), lists.ask("mia", on(1, 15, 17))
        mine = join(lists, "t2", on(1, 8, 13), minutes=120)
        lists.ask("bob", on(1, 18, 19))
        (found,) = self.ask(lists, "p-t2")
        assert (found["id"], found["position"], found["waiting"]) == (mine["id"], 2, 3)
        assert (found["mine"], found["allowed_actions"], found["offer"]) == (True, ["leave"], None)
        assert found["facility_names"] == {"zh-Hans": "LAB-3", "en": "LAB-3"}
        assert self.ask(lists, "p-t7") == []

    def test_who_decides_on_the_facility_sees_all_in_order(self, lists):
        lists.ask("mia")
        entries = [join(lists, code) for code in TEAMS[:3]]
        found = self.ask(lists, "mia", facility="LAB-3")
        assert [each["id"] for each in found] == [each["id"] for each in entries]
        assert [each["position"] for each in found] == [1, 2, 3]
        assert [each["team_name"] for each in found] == ["Team t0", "Team t1", "Team t2"]
        assert all(each["allowed_actions"] == [] and not each["mine"] for each in found)
        assert self.ask(lists, "mia", facility="LAB-3", mine=True) == []
        assert self.ask(lists, "max", facility="LAB-3") == []
        assert len(self.ask(lists, "bea")) == 3

    def test_an_offer_is_shown_with_its_end(self, lists):
        entry, offer = an_offer(lists, 1)
        found = lists.query(queries.wait_entry, actor="p-t0", wait_entry=entry["id"])
        assert (found["state"], found["position"]) == ("offered", None)
        assert found["offer"]["id"] == offer.id
        assert found["allowed_actions"] == ["accept", "decline"]
        item = lists.query(
            queries.reservation, now=lists.now, actor="p-t0", reservation=offer.id)
        assert item["allowed_actions"] == ["accept", "decline"]
        told = lists.query(
            queries.reservation, now=lists.now, actor="mia", reservation=offer.id)
        assert told["allowed_actions"] == []

    def test_what_is_over_is_shown_when_asked_for(self, lists):
        lists.ask("mia")
        entry = join(lists, "t0")
        lists.give(handlers.leave_wait_list, command(commands.LeaveWaitList, "p-t0", wait_entry=entry["id"]))
        assert self.ask(lists, "p-t0") == []
        assert [each["state"] for each in self.ask(lists, "p-t0", state="all")] == ["left"]

    def test_what_is_not_there_or_another_teams_is_not_found(self, lists):
        lists.ask("mia")
        entry = join(lists, "t0")
        for actor, code in (("p-t1", entry["id"]), ("p-t0", "x"), ("p-t0", "00000000-0000-0000-0000-000000000000")):
            with pytest.raises(NotFound):
                lists.query(queries.wait_entry, actor=actor, wait_entry=code)
        with pytest.raises(InvalidInput):
            self.ask(lists, "p-t0", state="none")

    def test_the_board_shows_the_offer_to_its_team_and_to_others_that_it_is_taken(self, lists):
        _, offer = an_offer(lists, 1)
        window = dict(zip(("starts_at", "ends_at"), (each.isoformat() for each in on(1, 0, 24)), strict=True))
        (mine,) = lists.query(queries.board, actor="p-t0", **window)["items"]
        (other,) = lists.query(queries.board, actor="p-t1", **window)["items"]
        assert (mine["state"], mine["mine"], mine["id"]) == ("offered", True, offer.id)
        assert (other["state"], other["mine"]) == ("taken", False)
        assert not {"id", "team", "team_name", "purpose"} & set(other)
