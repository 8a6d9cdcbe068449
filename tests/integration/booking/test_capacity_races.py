"""Many at once on shared chambers and on a line with changeovers: full, never over, never nearer."""

from datetime import timedelta
from itertools import combinations

import pytest

from services.booking import handlers, queries
from services.contracts.commands import CancelReservation, MoveReservation
from services.contracts.errors import NotAllowed, SlotTaken
from tests.unit.booking.capacity_examples import CHANGEOVER, FAMILIES, lab_9, line_1, profile, shared
from tests.unit.booking.examples import on, request

RACERS = 20
USED = """
    SELECT max(used) FROM (
        SELECT sum(upper(c.places) - lower(c.places)) AS used
          FROM claims c JOIN claims d ON d.unit_id = c.unit_id AND d.held AND c.period @> lower(d.period)
          JOIN units u ON u.id = c.unit_id AND u.facility = 'LAB-9' AND u.unit = %s
         WHERE c.held GROUP BY d.reservation, lower(d.period)) AS at_each_start"""


@pytest.fixture(autouse=True)
def told(booking):
    for fact in (lab_9(), line_1()):
        booking.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))


def ask(booking, message):
    return booking.give(handlers.request_reservation, message)


def test_twenty_equal_intervals_on_five_places(booking, at_once):
    for day in (1, 2, 3):
        racers = [lambda day=day: ask(booking, shared("ann", on(day, 10, 12), unit="A"))] * RACERS
        assert at_once(racers) == {"done": 5, "slot_taken": RACERS - 5}
    assert booking.rows(USED, "A") == [(5,)]


def test_twenty_that_overlap_in_part_and_need_different_numbers_of_places(booking, at_once):
    outcome = at_once([
        lambda number=number: ask(booking, shared(
            "ann", on(1, 8 + number % 7, 10 + number % 7 + number % 3), 1 + number % 3, "A"))
        for number in range(RACERS)
    ])
    assert outcome["done"] + outcome["slot_taken"] == RACERS
    assert outcome["done"] >= 2
    ((most,),) = booking.rows(USED, "A")
    assert 3 <= most <= 5


def test_what_does_not_go_together_never_meets(booking, at_once):
    at_once([
        lambda number=number: ask(booking, shared("ann", on(1, 10, 12), unit="A", temperature=60 + 20 * (number % 2)))
        for number in range(RACERS)
    ])
    found = booking.rows("SELECT DISTINCT profile ->> 'temperature' FROM claims WHERE held")
    assert len(found) == 1


def test_moves_and_cancellations_leave_as_many_places_as_they_took(booking, at_once):
    held = [ask(booking, shared("ann", on(1, 10, 12), unit="A")) for _ in range(5)]
    outcome = at_once([
        *[lambda each=each: booking.step(CancelReservation, "ann", each) for each in held[:2]],
        lambda: booking.step(MoveReservation, "ann", held[2], version=1, **on(2, 10, 12)._asdict()),
        *[lambda: ask(booking, shared("cyd", on(1, 11, 12), unit="A"))] * 8,
    ])
    assert 3 <= outcome["done"] <= 6
    assert outcome["done"] + outcome["slot_taken"] == 11
    assert booking.rows(USED, "A")[0][0] <= 5
    free = 5 - (2 + outcome["done"] - 3)
    assert at_once([lambda: ask(booking, shared("cyd", on(1, 11, 12), unit="A"))] * 8)["done"] == free


def test_the_constraint_has_the_last_word_on_places(booking):
    """Blind for what is held, as a mistake in the code would be."""

    def blindly(message, uow, now):
        uow.reservations.claims_under_lock = lambda *_: {}
        return handlers.request_reservation(message, uow, now)

    ask(booking, shared("ann", on(1, 10, 12), 2, "A"))
    with pytest.raises(SlotTaken):
        booking.give(blindly, shared("cyd", on(1, 10, 12), 5, "A"))
    with pytest.raises(SlotTaken):
        booking.give(blindly, request("cyd", on(1, 10, 12), "LAB-9", unit="A"))


def test_runs_of_different_families_are_never_nearer_than_the_matrix(booking, at_once):
    minutes = {(former, to): least for former, to, least in CHANGEOVER}
    outcome = at_once([
        lambda number=number: ask(booking, request(
            "ann", on(1, 8 + number / 2, 9 + number / 2), "LINE-1", family=FAMILIES[number % 3]))
        for number in range(RACERS)
    ])
    assert outcome["done"] + outcome["slot_taken"] == RACERS
    assert outcome["done"] >= 3
    runs = booking.rows("""
        SELECT starts_at, ends_at, run ->> 'family' AS family FROM reservations WHERE facility = 'LINE-1' ORDER BY 1""")
    for former, following in combinations(runs, 2):
        least = max(30, minutes.get((former.family, following.family), 0))
        assert following.starts_at - former.ends_at >= timedelta(minutes=least)


def test_occupancy_keeps_one_row_for_a_reservation_that_changes_its_places(booking):
    ask(booking, shared("ann", on(1, 10, 12), 1, "B"))
    ask(booking, shared("ann", on(1, 11, 14), 1, "B"))
    ask(booking, shared("ann", on(1, 14.5, 16), 1, "B"))
    last = ask(booking, shared("ann", on(1, 12.5, 15), 1, "B"))
    pieces = booking.rows("SELECT count(*) FROM claims WHERE reservation = %s", last["id"])
    assert pieces == [(2,)]
    found = booking.rows("SELECT held, places FROM verify.occupancy WHERE reservation_id = %s", last["id"])
    assert found == [(True, 1)]


def test_the_board_tells_a_rival_the_places_and_the_temperature_but_not_whose(booking):
    ask(booking, shared("ann", on(1, 10, 12), 2, "A"))
    ask(booking, request("ann", on(1, 10, 12), "LAB-9", unit="B"))
    window = on(1, 0, 24)._asdict()
    shown, whole = booking.query(queries.board, actor="cyd", facility="LAB-9", **window)["items"]
    shown, whole = sorted((shown, whole), key=lambda item: item["unit"])
    assert shown["sharing"] == {"places": 2, "of": 5, "temperature": 85}
    assert "sharing" not in whole
    assert not {"id", "team", "purpose", "team_name"} & shown.keys()


def test_whom_fewer_places_would_leave_too_little_room(booking):
    first, second = (ask(booking, shared("ann", on(1, 10, 12), 2, "A")) for _ in range(2))
    ask(booking, shared("ann", on(2, 10, 12), 2, "A"))
    asked = {"now": booking.now, "actor": "bea", "facility": "LAB-9"}
    found = booking.query(queries.crowded, places={"A": 3, "B": 1}, **asked)["items"]
    assert {each["id"] for each in found} == {first["id"], second["id"]}
    assert booking.query(queries.crowded, places={"A": 4}, **asked)["items"] == []
    with pytest.raises(NotAllowed):
        booking.query(queries.crowded, places={"A": 1}, **asked | {"actor": "ann"})


def test_free_slots_offer_to_join_a_run(booking):
    ask(booking, shared("ann", on(1, 8, 20), 1, "B"))
    ask(booking, request("ann", on(0, 10, 20), "LAB-9", unit="A"))
    wanted = {"facility": "LAB-9", "minutes": 120, "limit": 1, **on(1, 9, 12)._asdict()}
    found = booking.query(queries.free_slots, now=booking.now, actor="cyd", places=1, profile=profile(), **wanted)
    assert [(each["unit"], each["why"]) for each in found["items"]] == [("B", "shared_run")]
    alone = booking.query(queries.free_slots, now=booking.now, actor="cyd", **wanted)
    assert [(each["unit"], each["why"]) for each in alone["items"]] == [("A", "later")]
