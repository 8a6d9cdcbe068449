"""What a team may not see is not there: page, API, feed and log alike."""

import pytest


@pytest.fixture
def foreign(api, slots):
    """A reservation of team 31 that team 32 must not see."""
    made = api("member31").reserve("LAB-3", slots("LAB-3"), team="team-31", purpose="机密：硅光芯片耦合")
    assert made.status_code == 201, made.text
    return made.json()


def test_another_teams_reservation_is_not_found(api, foreign):
    stranger = api("member32")
    reservation = foreign["id"]
    assert stranger.get(f"reservations/{reservation}").status_code == 404
    assert stranger.get("deliveries", params={"reservation": reservation}).status_code == 404
    moved = stranger.patch(f"reservations/{reservation}", json={"version": 1, "unit": "A"})
    assert moved.status_code == 404
    for action, body in (("withdraw", {}), ("cancel", {}), ("approve", {}), ("reject", {"reason": "x"})):
        refused = stranger.step(reservation, action, **body)
        absent = stranger.step("00000000-0000-4000-8000-000000000000", action, **body)
        assert refused.status_code in (403, 404)
        assert refused.json() == absent.json()
    assert api("member31").get(f"reservations/{reservation}").json()["state"] == "requested"


def test_an_absent_and_a_forbidden_one_look_the_same(api, foreign):
    forbidden = api("member32").get(f"reservations/{foreign['id']}")
    absent = api("member32").get("reservations/00000000-0000-4000-8000-000000000000")
    same = [{key: value for key, value in answer.json().items() if key != "instance"} for answer in (forbidden, absent)]
    assert same[0] == same[1]


def test_the_board_shows_a_rival_only_as_taken(api, foreign):
    window = {"from": foreign["starts_at"], "to": foreign["ends_at"], "facility": "LAB-3"}
    rows = api("member32").get("board", params=window).json()["items"]
    rival = [row for row in rows if row["starts_at"] == foreign["starts_at"] and row["facility"] == "LAB-3"]
    assert rival
    for row in rival:
        assert row["state"] == "taken"
        assert {key for key, value in row.items() if value not in (None, False, "")} <= {
            "facility",
            "unit",
            "starts_at",
            "ends_at",
            "state",
        }
    text = api("member32").get("board", params=window).text
    assert "机密" not in text
    assert foreign["id"] not in text
    assert "team-31" not in text


def test_filters_on_hidden_fields_give_nothing(api, foreign):
    stranger = api("member32")
    assert stranger.get("reservations", params={"team": "team-31"}).json().get("items", []) == []
    listed = stranger.get("reservations", params={"facility": "LAB-3"}).json()["items"]
    assert foreign["id"] not in [row["id"] for row in listed]


def test_a_manager_sees_and_decides_only_on_own_facilities(api, foreign):
    assert api("manager-labs").get(f"reservations/{foreign['id']}").status_code == 200
    assert api("manager-lines").step(foreign["id"], "approve").status_code in (403, 404)


def test_a_member_may_not_decide_nor_change_facilities(api, foreign):
    own = api("member31").step(foreign["id"], "approve")
    assert (own.status_code, own.json()["code"]) == (403, "not_allowed")
    assert api("member31").patch("facilities/LAB-3", json={"version": 1, "granularity_minutes": 5}).status_code == 403
