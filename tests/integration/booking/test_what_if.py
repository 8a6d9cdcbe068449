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


def test_a_mere_offer_is_not_hit_it_would_end_and_its_team_waits_on(booking, tried):
    booking.give(handlers.join_wait_list, command(
        JoinWaitList, "cyd", facility="LAB-3", team="blue", purpose="85 ℃", **on(1, 10, 12)._asdict()))
    while booking.run(handlers.offer_freed):
        pass
    assert booking.rows("SELECT state FROM reservations") == [("offered",)]
    assert tried(spans=spans(on(1, 8, 13)))["items"] == []


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


@pytest.mark.parametrize(("actor", "fields"), [
    ("ann", {}), ("max", {}), ("mia", {"facility": None, "site": "BASE"}),
])
def test_who_may_not_change_it_may_not_try(tried, actor, fields):
    with pytest.raises(NotAllowed):
        tried(actor, **fields)


def span(starts_at, ends_at):
    return [{"starts_at": starts_at, "ends_at": ends_at}]


SHIFT = {"more_hours": [[0, 60]], "more_from": "2026-11-27", "more_to": "2026-11-28"}
DECEMBER = "2026-12-{:02}T00:00:00+08:00"
HOURS = [[[480, 1080]]] * 6


@pytest.mark.parametrize(("fields", "errors"), [
    ({"colour": "red"}, {"colour": ["unknown_field"]}),
    ({"facility": "LAB-9"}, {"facility": ["unknown"]}), ({"facility": None, "site": "MOON"}, {"site": ["unknown"]}),
    ({"unit": "Z"}, {"unit": ["unknown_unit"]}),
    ({"spans": [{"starts_at": "soon"}]}, {"spans.0.starts_at": ["not_a_time"], "spans.0.ends_at": ["required"]}),
    ({"spans": span("0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00")},
     {"spans.0.starts_at": ["out_of_range"], "spans.0.ends_at": ["out_of_range"]}),
    ({"spans": span(DECEMBER.format(2), DECEMBER.format(1))}, {"spans.0.ends_at": ["ends_before_start"]}),
    ({"spans": span(DECEMBER.format(1), "2028-01-01T00:00:00+08:00")}, {"spans.0.ends_at": ["out_of_range"]}),
    ({"spans": span(DECEMBER.format(1), DECEMBER.format(2)) * 101}, {"spans": ["too_many"]}),
    ({"opening_hours": HOURS}, {"opening_hours": ["not_seven_days"]}),
    ({"opening_hours": [*HOURS, [[1200, 1500]]]}, {"opening_hours.6": ["out_of_range"]}),
    ({"opening_hours": [*HOURS, [[0, 10**30]]]}, {"opening_hours.6": ["out_of_range"]}),
    ({"opening_hours": [*HOURS, [[600, 540], [500, 700]]]}, {"opening_hours.6": ["ends_before_start", "overlapping"]}),
    ({"opening_hours": [*HOURS, [[0, 1, 2]]]}, {"opening_hours.6": ["malformed"]}),
    ({"opening_hours": [*HOURS, [[each, each + 1] for each in range(13)]]}, {"opening_hours.6": ["too_many"]}),
    ({"date_exceptions": [{"date": "9999-12-31", "hours": []}]}, {"date_exceptions.0.date": ["malformed"]}),
    ({"date_exceptions": [{"date": "2026-02-31", "hours": [[0, -5]]}, {"hours": "x"}]},
     {"date_exceptions.0.date": ["not_a_date"], "date_exceptions.0.hours": ["out_of_range", "ends_before_start"],
      "date_exceptions.1.date": ["required"], "date_exceptions.1.hours": ["not_a_list"]}),
    ({"date_exceptions": [{"date": "2026-12-24", "hours": []}] * 2}, {"date_exceptions.1.date": ["duplicate"]}),
    ({"more_hours": [[0, 60]]}, {"more_from": ["not_a_date"], "more_to": ["not_a_date"]}),
    (SHIFT | {"more_from": "0001-01-01", "more_to": "9999-12-31"},
     {"more_from": ["malformed"], "more_to": ["malformed"]}),
    (SHIFT | {"more_to": "2026-11-26"}, {"more_to": ["ends_before_start"]}),
    (SHIFT | {"more_to": "2027-06-01"}, {"more_to": ["out_of_range"]}),
    (SHIFT | {"more_hours": [[1380, 1500]]}, {"more_hours": ["out_of_range"]}),
    (SHIFT | {"more_hours": [[each, each + 1] for each in range(0, 26, 2)]}, {"more_hours": ["too_many"]}),
])
def test_what_cannot_be_reckoned_with_is_named(tried, fields, errors):
    with pytest.raises(InvalidInput) as refused:
        tried("bea", **fields)
    assert refused.value.facts["errors"] == errors


@pytest.mark.parametrize("fields", [
    {"spans": span("2099-12-30T00:00:00+08:00", "2099-12-31T23:59:59+00:00")},
    {"spans": span("2001-01-01T00:00:00+00:00", "2001-01-02T00:00:00+00:00")},
    SHIFT | {"more_from": "2099-12-31", "more_to": "2099-12-31"},
    {"opening_hours": [[[0, 1440]]] * 7, "date_exceptions": [{"date": "2001-01-01", "hours": [[0, 1440]]}]},
])
def test_the_first_and_the_last_that_can(tried, fields):
    assert tried(**fields)["count"] == 0


@pytest.mark.parametrize(("fields", "errors"), [
    ({"spans": span("0001-01-01T00:00:00+08:00", DECEMBER.format(1))}, {"spans.0.starts_at": ["out_of_range"]}),
    ({"opening_hours": [*HOURS, [[0, 10**30]]]}, {"opening_hours.6": ["out_of_range"]}),
    ({"date_exceptions": [{"date": "today", "hours": []}]}, {"date_exceptions.0.date": ["malformed"]}),
])
def test_nor_is_it_looked_at_before_it_is_saved(booking, fields, errors):
    with pytest.raises(InvalidInput) as refused:
        booking.query(queries.would_hit, now=NOW, actor="mia", facility="LAB-3", **fields)
    assert refused.value.facts["errors"] == errors
