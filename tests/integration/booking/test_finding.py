"""Times found on PostgreSQL: for whom they are found, they are granted; where there are none, it is said why."""

import pytest

from services.booking import handlers, queries
from services.contracts.commands import RequestCampaign
from services.contracts.errors import InvalidInput, RuleBroken
from tests.unit.booking.examples import at, command, holder, lab_3, on, qualification, request
from tests.unit.booking.test_interruptions import interruption
from tests.unit.booking.test_quotas import quota


@pytest.fixture
def tell(booking):
    return lambda fact: booking.run(lambda uow, now: handlers.take_fact(fact, uow, now))


@pytest.fixture
def find(booking):
    def found(**wanted):
        window = on(1, 0, 24 * 5)
        asked = {"actor": "ann", "team": "red", "facility": "LAB-3", "minutes": 120, **window._asdict(), **wanted}
        return booking.query(queries.find_times, now=booking.now, **asked)

    return found


def told(answer):
    return [(each["why"], each["facility"], each["starts_at"]) for each in answer["items"]]


def taken(booking, each):
    place = {name: each[name] for name in ("facility", "unit", "starts_at", "ends_at")}
    return booking.give(handlers.request_reservation, request("ann", **place))


def test_the_earliest_of_the_facility_and_its_equals(booking, find):
    booking.ask("cyd", on(1, 8, 16))
    answer = find(equivalents=True, limit=3)
    assert told(answer) == [
        ("equivalent_facility", "LAB-4", at(1, 8)), ("later", "LAB-3", at(1, 17)), ("later", "LAB-3", at(2, 8))]
    assert answer["in_the_way"] == []
    for each in answer["items"]:
        taken(booking, each)


def test_in_a_part_of_the_day_and_of_a_kind(find):
    assert told(find(part="afternoon", limit=2)) == [("nearest", "LAB-3", at(1, 12)), ("later", "LAB-3", at(2, 12))]
    found = find(facility=None, kind="platform", limit=1)
    assert told(found) == [("nearest", "PLAT-05", at(1, 8))]
    assert find(part="night")["in_the_way"][0]["violations"][0]["rule"] == "outside_opening_hours"


@pytest.mark.parametrize(("days", "rule"), [(-5, "in_the_past"), (200, "beyond_horizon")])
def test_dates_that_are_over_or_too_far_ahead_are_told_as_such(find, days, rule):
    (blocked,) = find(**on(days, 0, 24)._asdict())["in_the_way"]
    assert (blocked["taken"], rule in {each["rule"] for each in blocked["violations"]}) == (False, True)


def test_quotas_and_trainings_count_for_a_team_and_not_for_everybody(booking, tell, find):
    tell(quota("WEEK", limit=180))
    booking.ask("bob", on(1, 8, 10))
    answer = find()
    assert told(answer) == [("shorter", "LAB-3", at(1, 11))]
    taken(booking, answer["items"][0])
    assert told(find(team=None))[0] == ("nearest", "LAB-3", at(1, 13))
    (blocked,) = find()["in_the_way"]
    assert [each["rule"] for each in blocked["violations"]] == ["quota_exceeded"]
    assert not blocked["taken"]
    for fact in (lab_3(version=2, qualifications=["EMC"]), qualification("EMC"), holder("bob", EMC=at(30, 0))):
        tell(fact)
    rules = [each["rule"] for each in find()["in_the_way"][0]["violations"]]
    assert set(rules) == {"not_qualified", "quota_exceeded"}


def test_where_all_is_taken_it_is_said_and_pieces_are_found_where_a_facility_allows_them(booking, tell, find):
    tell(lab_3(version=2, most_pieces=2, shortest_minutes=120))
    for day in range(1, 5):
        booking.ask("cyd", on(day, 11, 17))
    window = on(1, 0, 24)._asdict()
    answer = find(minutes=240, **window)
    assert [each["why"] for each in answer["items"]] == ["shorter", "split"]
    split = answer["items"][1]
    steps = [{"facility": "LAB-3", **piece} for piece in split["pieces"]]
    made = booking.give(handlers.request_campaign, command(
        RequestCampaign, "ann", team="red", purpose="p", steps=steps))
    assert len(made["steps"]) == 2
    assert find(**window) == {"items": [], "in_the_way": [{"facility": "LAB-3", "taken": True, "violations": []}]}


def test_a_refusal_offers_what_is_granted_however_far_it_is(booking, tell):
    tell(interruption(on(1, 0, 24 * 50)))
    tell(interruption(on(1, 0, 24 * 50), code="I-2", facility="LAB-4"))
    with pytest.raises(RuleBroken) as refusal:
        booking.ask("ann", on(1, 10, 12))
    offers = refusal.value.facts["alternatives"]
    assert (offers[0]["why"], offers[0]["starts_at"]) == ("earlier", at(0, 18))
    assert offers[1]["starts_at"] > at(50, 0)
    for each in offers:
        taken(booking, each)


def test_only_for_ones_own_team(find):
    with pytest.raises(InvalidInput) as refusal:
        find(team="blue", people=0)
    assert set(refusal.value.facts["errors"]) == {"people"}
    with pytest.raises(InvalidInput) as refusal:
        find(team="blue", unit="Z")
    assert refusal.value.facts["errors"] == {"team": ["unknown_team"], "unit": ["unknown_unit"]}
    with pytest.raises(InvalidInput):
        find(facility="LAB-99")


def test_nothing_of_a_rival_is_told(booking, find):
    booking.ask("cyd", on(1, 8, 16), purpose="secret")
    answer = str(find(equivalents=True)) + str(find(minutes=60 * 20))
    assert "blue" not in answer
    assert "cyd" not in answer
    assert "secret" not in answer
