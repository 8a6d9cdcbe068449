"""The what-if desk on PostgreSQL: it tells whom a change would hit and who would find a place, and changes nothing."""

from datetime import timedelta

import pytest

from services.booking import handlers, queries
from services.contracts.commands import ApproveReservation, JoinWaitList
from services.contracts.errors import InvalidInput, NotAllowed
from tests.unit.booking.examples import NOW, at, command, on

TABLES = ("reservations", "claims", "facilities", "interruptions", "interrupted", "outbox", "reservation_history",
          "replans", "wait_entries", "processed")


@pytest.fixture
def tried(booking):
    """Asks, and sees to it that nothing is different afterwards."""
    def tried(actor="mia", **asked):
        before = [booking.rows(f"SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {name} t")
                  for name in TABLES]
        answer = booking.query(queries.what_if, now=NOW, actor=actor, **{"facility": "LAB-3", **asked})
        after = [booking.rows(f"SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {name} t")
                 for name in TABLES]
        assert before == after
        return answer

    return tried


@pytest.fixture
def take(booking):
    def take(actor, span, facility="LAB-3", **fields):
        return booking.step(ApproveReservation, "bea", booking.ask(actor, span, facility, **fields))

    return take


def spans(*found):
    return [{"starts_at": each.starts_at.isoformat(), "ends_at": each.ends_at.isoformat()} for each in found]


def test_whom_maintenance_would_hit_and_where_they_would_go(take, tried):
    hit, other = take("ann", on(1, 10, 12)), take("cyd", on(1, 15, 17))
    found = tried(spans=spans(on(1, 8, 13)))
    assert [(each["id"], each["team_name"]) for each in found["items"]] == [(hit["id"], "Team red")]
    place = found["items"][0]["place"]
    assert (place["facility"], place["starts_at"], place["why"]) == ("LAB-4", at(1, 10), "same_time_elsewhere")
    assert found["facilities"][0]["lost"] == 300
    assert found["weeks"][0]["lost"] == 300
    (day,) = [each for each in found["days"] if each["date"] == "2026-11-24"]
    assert (day["before"], day["after"]) == ([[480, 1200]], [[780, 1200]])
    assert other["id"] not in [each["id"] for each in found["items"]]


def test_those_who_find_no_place_are_told_as_such_and_no_two_find_the_same(take, tried):
    hits = [take("ann", on(day, 8, 16), "LAB-3") for day in (1, 2, 3, 4)]
    for day in (1, 2, 3, 4):
        take("cyd", on(day, 8, 16), "LAB-4")
    found = tried(spans=spans(on(0, 0, 24 * 60)))
    places = [each["place"] and (each["place"]["facility"], each["place"]["starts_at"]) for each in found["items"]]
    assert len(places) == len(hits) == found["looked_for"]
    assert len({each for each in places if each}) == len([each for each in places if each])


def test_a_closure_of_the_base_counts_each_facility(take, tried):
    take("ann", on(1, 10, 12))
    found = tried("bea", facility=None, site="BASE", kind="closure", spans=spans(on(1, 0, 24)))
    assert {each["facility"]: each["lost"] for each in found["facilities"]} == {
        "LAB-1": 4 * 1440, "LAB-3": 720, "LAB-4": 720, "PLAT-05": 2 * 840}
    assert (found["count"], found["weeks"], found["days"]) == (1, [], [])


def test_an_extra_shift_serves_those_who_wait(booking, take, tried):
    for hours in ((8, 14), (15, 20)):
        take("ann", on(1, *hours))
    booking.give(handlers.join_wait_list, command(
        JoinWaitList, "cyd", facility="LAB-3", team="blue", purpose="85 ℃", minutes=120, starts_at=at(1, 9),
        ends_at=at(1, 24)))
    found = tried(more_from="2026-11-24", more_to="2026-11-24", more_hours=[[1200, 1440]])
    assert [(each["team"], each["team_name"], each["starts_at"]) for each in found["waiting"]] == [
        ("blue", "Team blue", at(1, 21))]
    assert found["facilities"][0]["gained"] == 240
    assert found["date_exceptions"] == [{"date": "2026-11-24", "names": {}, "hours": [[480, 1440]]}]
    assert tried(more_from="2026-11-25", more_to="2026-11-25", more_hours=[[1200, 1440]])["waiting"] == []


def test_those_who_wait_are_served_one_after_the_other(booking, take, tried):
    for hours in ((8, 14), (15, 20)):
        take("ann", on(1, *hours))
    for actor, team, hours in (("ann", "red", 2), ("cyd", "blue", 1), ("cyd", "blue", 2)):
        booking.give(handlers.join_wait_list, command(
            JoinWaitList, actor, facility="LAB-3", team=team, purpose="85 ℃", minutes=60 * hours, starts_at=at(1, 9),
            ends_at=at(1, 25)))
        booking.now += timedelta(seconds=1)
    found = tried(more_from="2026-11-24", more_to="2026-11-24", more_hours=[[1200, 1440]])
    assert [(each["team_name"], each["starts_at"], each["ends_at"]) for each in found["waiting"]] == [
        ("Team red", at(1, 21), at(1, 23))], "then there is no hour left beside the set-up and clear-down"


def test_other_hours_hit_those_outside_them(take, tried):
    late = take("ann", on(1, 17, 19))
    found = tried(opening_hours=[[[480, 1080]]] * 5 + [[]] * 2)
    assert [each["id"] for each in found["items"]] == [late["id"]]
    assert found["weeks"][1]["lost"] == 5 * 120


@pytest.mark.parametrize(("actor", "fields", "error"), [
    ("ann", {}, NotAllowed), ("max", {}, NotAllowed), ("mia", {"facility": None, "site": "BASE"}, NotAllowed),
    ("mia", {"more_hours": [[0, 60]]}, InvalidInput),
    ("mia", {"more_hours": [[0, 60]], "more_from": "2026-11-28", "more_to": "2026-11-27"}, InvalidInput),
    ("mia", {"spans": [{"starts_at": "soon"}]}, InvalidInput), ("mia", {"colour": "red"}, InvalidInput),
])
def test_who_may_not_change_it_may_not_try(tried, actor, fields, error):
    with pytest.raises(error):
        tried(actor, **fields)
