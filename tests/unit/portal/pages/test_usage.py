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
    assert "最多可晚 2 小时结束" in text
    running["ends_at"] = (datetime.fromisoformat(running["starts_at"]) + timedelta(minutes=30)).isoformat()
    assert "处于弹性时段" in member.page(f"/reservations/{running['id']}").text


def test_a_run_past_its_end_is_told_as_such(member, running):
    running["ends_at"] = (datetime.fromisoformat(running["starts_at"]) + timedelta(minutes=30)).isoformat()
    assert "已超时" in member.page(f"/reservations/{running['id']}").text


# the day


def test_home_shows_what_is_to_be_done_now_first(member, running):
    document = member.page("/")
    assert "现在" in document.text
    assert [each for each in document.all("form") if each["action"].endswith(f"{running['id']}/check-out")]


def test_a_manager_sees_who_is_late_and_notes_that_nobody_came(manager, services):
    start = services.now - timedelta(minutes=20)
    item = one(services, "approved", starts_at=start.isoformat(), ends_at=(start + timedelta(hours=2)).isoformat())
    text = manager.page("/use?facility=LAB-1").text
    assert "需要处理" in text
    assert "迟到 20 分钟" in text
    answer = manager.post(f"/reservations/{item['id']}/no-show", {"version": "1", "back": "today"})
    assert answer.location == "/use"
    assert item["state"] == "no_show"


def test_the_day_and_the_faults_are_for_managers(member):
    for address in ("/use", "/faults", "/here/LAB-1/sheet", "/facilities/LAB-1/edit/use"):
        assert member.get(address).status_code == 403


# at the door, on one's own phone


def test_who_scans_the_code_finds_what_is_theirs_and_comes_back_after_a_tap(member, running):
    address = f"/reservations/{running['id']}/check-out"
    assert address in member.get("/here/LAB-1").text
    answer = member.post(f"/reservations/{running['id']}/check-out", {"version": "1", "back": "here LAB-1"})
    assert answer.location == "/here/LAB-1"
    assert address not in member.get("/here/LAB-1").text
    assert member.get("/here/LAB-99").status_code == 404


def test_a_sheet_for_the_door_holds_a_code_without_styles(manager):
    document = manager.page("/here/LAB-1/sheet?unit=LAB-1-1")
    (drawing,) = document.all("svg", class_="qr")
    assert "style" not in drawing
    assert "LAB-1-1" in manager.get("/here/LAB-1/sheet?unit=LAB-1-1").text


def test_a_fault_goes_from_the_door_to_the_manager_and_is_closed(member, manager, services):
    assert "请填写" in member.post("/here/LAB-1/faults", {"text": "  "}).text
    assert member.post("/here/LAB-1/faults", {"text": "没有真空", "unit": ""}).status_code == 303
    (fault,) = services.reported
    assert "没有真空" in manager.page("/faults").text
    manager.post(f"/faults/{fault}/close", {"note": "换泵"})
    faults = manager.page("/faults").text
    assert "没有真空" not in faults
    assert "已处理" in faults
    assert "换泵" in manager.page("/faults?show=closed").text
    manager.post(f"/faults/{fault}/close", {"note": "again"})
    assert "该故障已处理" in manager.page("/faults").text


def test_a_manager_says_how_use_is_watched(manager, services):
    version = str(services.facilities["LAB-1"]["version"])
    fields = {
        "check_in_minutes": "30", "no_show_minutes": "45", "elastic_minutes": "2880", "offer_minutes": "90",
        "version": version,
    }
    assert manager.post("/facilities/LAB-1/edit/use", fields).status_code == 303
    kept = services.facilities["LAB-1"]
    assert [kept[name] for name in ("check_in_minutes", "no_show_minutes", "elastic_minutes")] == [30, 45, 2880]
    answer = manager.post("/facilities/LAB-1/edit/use", fields | {"no_show_minutes": "soon"})
    assert answer.status_code == 422
    assert "soon" in answer.text


def test_a_request_says_by_how_much_it_may_end_later_where_that_is_possible(member, services):
    assert "最多可晚" not in member.page("/reservations/new?facility=LAB-1").text
    assert not member.page("/reservations/new?facility=LAB-1").all("select", name="elastic")
    services.facilities["LAB-1"]["elastic_minutes"] = 120
    document = member.page("/reservations/new?facility=LAB-1")
    assert document.all("select", name="elastic")
    offered = [each.get("value") for each in document.all("option")]
    assert [minutes for minutes in ("60", "120", "240") if minutes in offered] == ["60", "120"]
