"""Coming, staying longer and leaving on the pages."""

from datetime import datetime, timedelta

import pytest


def one(services, state, team="team-00", **more):
    """A reservation of member01's team in a state."""
    item = next(each for each in services.reservations.values() if each["team"] in ("team-00", "team-02"))
    item |= {"state": state, "facility": "LAB-1", "unit": services.facilities["LAB-1"]["units"][0]["code"], **more}
    return item


@pytest.fixture
def running(services):
    start = services.now - timedelta(hours=1)
    return one(
        services, "in_use", starts_at=start.isoformat(), ends_at=(start + timedelta(hours=3)).isoformat(),
        checked_in_at=start.isoformat(), run={},
    )


def test_a_team_checks_in_with_one_tap_and_sees_its_pin(member, services):
    item = one(services, "approved")
    text = member.page(f"/reservations/{item['id']}").text
    assert "签到" in text
    assert "4711" in text
    answer = member.post(f"/reservations/{item['id']}/check-in", {"version": "1", "back": "home"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert item["state"] == "in_use"


def test_a_manager_sees_how_runs_keep_to_their_ends_and_no_pin(manager, services):
    text = manager.page(f"/reservations/{one(services, 'approved')['id']}").text
    assert "12 次使用中有 3 次超时" in text
    assert "4711" not in text


def test_a_run_goes_on_until_an_end_that_is_offered(member, services, running):
    document = member.page(f"/reservations/{running['id']}")
    first = document.all("option")[0]["value"]
    assert first == (datetime.fromisoformat(running["ends_at"]) + timedelta(minutes=30)).isoformat()
    answer = member.post(f"/reservations/{running['id']}/extend", {"version": "1", "ends_at": first})
    assert answer.location == f"/reservations/{running['id']}"
    assert running["ends_at"] == first


@pytest.mark.parametrize(("end", "status", "words"), [
    ("2030-01-01T00:00:00+08:00", 409, "最多可用到"), ("tomorrow", 422, "不是有效的日期和时间"),
    ("", 422, "不是有效的日期和时间"), ("2030-01-01T00:00:00", 422, "不是有效的日期和时间"),
])
def test_what_is_not_possible_says_until_when_it_would_be(member, running, end, status, words):
    answer = member.post(f"/reservations/{running['id']}/extend", {"version": "1", "ends_at": end})
    assert answer.status_code == status
    assert words in answer.text


def test_who_leaves_says_what_is_broken(member, services, running):
    member.post(f"/reservations/{running['id']}/check-out", {"version": "1", "fault": "门关不上\r\n第二行"})
    assert running["state"] == "finished"
    assert services.commands[-1].fault == "门关不上\n第二行"
    text = member.page(f"/reservations/{running['id']}").text
    assert "实际使用" in text
    assert "1 小时 33 分钟" in text


def test_an_elastic_run_shows_how_far_it_may_go(member, running):
    running["run"] = {"elastic_minutes": 120}
    text = member.page(f"/reservations/{running['id']}").text
    assert "最多可晚2 小时结束" in text
    running["ends_at"] = (datetime.fromisoformat(running["starts_at"]) + timedelta(minutes=30)).isoformat()
    assert "处于弹性时段" in member.page(f"/reservations/{running['id']}").text


def test_a_run_past_its_end_is_told_as_such(member, running):
    running["ends_at"] = (datetime.fromisoformat(running["starts_at"]) + timedelta(minutes=30)).isoformat()
    assert "已超时" in member.page(f"/reservations/{running['id']}").text
