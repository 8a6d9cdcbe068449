"""Families, sharing and quotas on the pages: what a request says of its run, and what managers set."""

from datetime import date

import pytest

from services.portal.pages.board_rows import bar_of, window_of
from services.portal.pages.free_time import taken_by
from services.portal.pages.saying import without_form_rules
from tests.unit.portal.pages.fake_quotas import FAMILIES, SHARING


@pytest.fixture
def manager(services, as_person):
    services.people["manager-labs"]["manages"].append("LINE-1")
    return as_person("manager-labs")


def a_request(facility, **fields):
    times = {"start_day": "2030-03-04", "start_clock": "10:00", "end_day": "2030-03-04", "end_clock": "12:00"}
    return {"facility": facility, "team": "team-00", "purpose": "试产", "request_key": "k-1", **times, **fields}


def asked(services):
    return [arguments for _, method, arguments in services.calls if method == "check_slot"][-1]


def sent(services, name):
    return [command for command in services.commands if type(command).__name__ == name][-1]


def test_a_line_asks_for_the_family_and_a_chamber_for_places_and_profile(member):
    line = member.page("/reservations/new?facility=LINE-1").text
    assert "产品族" in line
    assert "主板" in line
    assert "位置" not in line
    chamber = member.page("/reservations/new?facility=LAB-1").text
    assert "整个机位，不与他人共用" in chamber
    assert "4 个位置，与相容的试验共用" in chamber
    assert "产品族" not in chamber
    assert "产品族" not in member.page("/reservations/new?facility=LAB-3").text


def test_the_check_and_the_request_say_what_is_run(services, member):
    profile = {"temperature": "85", "ramp": "3", "contamination": "洁净"}
    member.post("/reservations/check", a_request("LAB-1", places="2", **profile), fragment=True)
    told = {"temperature": 85, "ramp": 3, "contamination": "洁净"}
    assert (asked(services)["places"], asked(services)["profile"]) == (2, told)
    assert member.post("/reservations", a_request("LAB-1", places="2", **profile)).status_code == 303
    command = sent(services, "RequestReservation")
    assert (command.places, command.profile, command.family) == (2, told, None)
    member.post("/reservations", a_request("LINE-1", family="board", request_key="k-2"))
    assert sent(services, "RequestReservation").family == "board"


def test_the_check_says_who_runs_it(services, member):
    member.post("/reservations/check", a_request("LAB-1", operator="member01"), fragment=True)
    assert asked(services)["operator"] == "member01"
    member.post("/reservations/check", a_request("LAB-1"), fragment=True)
    assert asked(services)["operator"] is None


def test_what_means_nothing_elsewhere_is_dropped_with_the_facility(services, member):
    member.post("/reservations/draft", a_request("LAB-3", family="board", places="2", contamination="洁净"))
    assert (asked(services)["family"], asked(services)["places"], asked(services)["profile"]) == (None, None, {})


def test_a_number_that_is_none_is_left_to_booking(services, member):
    member.post("/reservations/check", a_request("LAB-1", places="2", temperature="heiß"), fragment=True)
    assert asked(services)["profile"] == {"temperature": "heiß"}


def test_the_note_tells_what_is_left_of_a_quota(services, member):
    services.binding = [
        {"scope": "team", "per": "week", "limit": 720, "used": 480, "asked": 240, "subject": "team-00"},
        {"scope": "person", "per": "open", "limit": 3, "used": 1, "asked": 1, "subject": "member01"},
    ]
    text = member.post("/reservations/check", a_request("LAB-3"), fragment=True).text
    assert "团队：本次占用 4 小时，本周还剩 4 小时" in text
    assert "个人：本次占用 1 个，还可同时持有 2 个预约" in text


def test_the_matrix_is_shown_and_saved(services, manager):
    document = manager.page("/facilities/LINE-1/edit/changeover")
    assert document.value("minutes.board.module") == "120"
    form = {
        "version": "3", "families": "board | 主板 | Boards\nmodule | 模组 | Modules",
        "minutes.board.module": "90", "minutes.module.board": "60", "minutes.board.board": "",
        "minutes.gone.board": "9",
    }
    assert manager.post("/facilities/LINE-1/edit/changeover", form).status_code == 303
    command = sent(services, "SaveFacility")
    assert command.families == FAMILIES
    assert command.changeover == [
        {"former": "board", "next": "module", "minutes": 90}, {"former": "module", "next": "board", "minutes": 60},
    ]


def test_sharing_is_shown_and_saved(services, manager):
    document = manager.page("/facilities/LAB-1/edit/sharing")
    assert document.value("places.LAB-1-1") == "4"
    form = {
        "version": "3", "shared": "yes", "temperature_within": "5", "ramp_within": "2",
        "contamination": "洁净、焊剂\n盐雾", "places.LAB-1-1": "6",
    }
    assert manager.post("/facilities/LAB-1/edit/sharing", form).status_code == 303
    command = sent(services, "SaveFacility")
    assert command.sharing == SHARING
    assert [unit["places"] for unit in command.units] == [6, 1, 1, 1]
    manager.post("/facilities/LAB-1/edit/sharing", form | {"shared": ""})
    assert sent(services, "SaveFacility").sharing == {}


def test_fewer_places_tell_whom_they_hit_before_they_are_saved(services, manager):
    (first, *_) = [item for item in services.reservations.values() if item["facility"] == "LAB-1"]
    services.crowding = [first | {"unit_names": None}]
    form = {"version": "3", "shared": "yes", "places.LAB-1-1": "1"}
    answer = manager.post("/facilities/LAB-1/edit/sharing", form)
    assert answer.status_code == 200
    assert "仍然保存" in answer.text
    assert first["id"] in answer.text
    assert not [command for command in services.commands if type(command).__name__ == "SaveFacility"]
    assert manager.post("/facilities/LAB-1/edit/sharing", form | {"anyway": "yes"}).status_code == 303


def test_the_basics_keep_the_places_of_the_units(services, manager):
    document = manager.page("/facilities/LAB-1/edit")
    form = {field["name"]: field.get("value", "") for field in document.all("input") if field.get("name")}
    form |= {"units": "LAB-1-1 | 一号 | One\nNEW | 新 | New", "approval": "manager"}
    assert manager.post("/facilities/LAB-1/edit", form).status_code == 303
    assert [unit.get("places") for unit in sent(services, "SaveFacility").units] == [4, None]


@pytest.mark.parametrize("address", ["/facilities/LINE-1/edit/changeover", "/facilities/LAB-1/edit/sharing", "/quotas"])
def test_members_set_none_of_this(member, address):
    assert member.get(address).status_code == 403


def test_quotas_are_listed_and_saved(services, as_person):
    admin = as_person("admin")
    text = admin.page("/quotas").text
    for told in ("每个团队", "每周 40 小时，非高峰按 50 % 计", "个人 member01", "未启用"):
        assert told in text
    assert admin.page("/quotas/TEAM-HOURS/edit").value("limit") == "40"
    form = {
        "quota": "TEAM-HOURS", "version": "2", "scope": "team", "subject": "team-00", "kind": "", "per": "month",
        "limit": "7,5", "peak_hours": "08:00-20:00", "off_peak_percent": "50", "active": "yes",
    }
    assert admin.post("/quotas/save", form).status_code == 303
    (fields,) = services.limited
    assert (fields["limit"], fields["subject"], fields["kind"], fields["peak_hours"], fields["version"]) == (
        450, "team-00", None, [[480, 1200]], 2,
    )


@pytest.mark.parametrize(("field", "typed", "told"), [
    ("limit", "viel", "请输入整数"), ("peak_hours", "8 bis 9", "格式不正确"), ("quota", "x y", "格式不正确"),
])
def test_what_is_wrong_with_a_quota_stands_at_its_field(services, as_person, field, typed, told):
    form = {"quota": "Q", "scope": "team", "per": "week", "limit": "4", field: typed}
    answer = as_person("admin").post("/quotas/save", form)
    assert answer.status_code == 422
    assert told in answer.text
    assert services.limited == []


def test_hours_used_and_left(member):
    text = member.page("/hours").text
    for told in ("海晏光电", "35 小时 / 40 小时", "5 小时", "3 / 3"):
        assert told in text


def a_shared(start, end, places, unit="A"):
    times = {"starts_at": f"2030-03-04T{start:02}:00:00+00:00", "ends_at": f"2030-03-04T{end:02}:00:00+00:00"}
    return {"facility": "LAB-1", "unit": unit, "sharing": {"places": places, "of": 4, "temperature": 85}, **times}


def test_a_shared_unit_is_taken_where_its_runs_are_full_together():
    items = [a_shared(1, 5, 2), a_shared(2, 6, 1), a_shared(3, 4, 1), a_shared(4, 9, 1), a_shared(1, 9, 3, "B")]
    held = taken_by([*items, {**a_shared(6, 7, 1), "sharing": None}])["LAB-1"]
    assert [(each.unit, each.starts_at.hour, each.ends_at.hour) for each in held] == [("A", 6, 7), ("A", 3, 5)]


@pytest.mark.parametrize(("item", "label"), [
    ({"state": "taken"}, "2/4 位，85 ℃"),
    ({"state": "approved", "team_name": "海晏光电"}, "海晏光电 · 2/4 位，85 ℃"),
])
def test_a_bar_tells_places_and_temperature(app, item, label):
    window = window_of("day", date(2030, 3, 4))
    with app.test_request_context(headers={"Accept-Language": "zh-Hans"}):
        bar = bar_of(a_shared(1, 5, 2) | item, window, {}, window.starts_at)
    assert bar["label"] == label


def test_the_card_tells_what_may_share_and_what_follows(member):
    line = member.page("/facilities/LINE-1").text
    assert "请说明产品族：主板、模组" in line
    assert "另留换型时间，最长 2 小时" in line
    assert "最多 4 个位置），温度相差不超过 5 ℃" in member.page("/facilities/LAB-1").text


@pytest.mark.parametrize(("rule", "ok"), [("family_missing", True), ("too_short", False)])
def test_what_is_still_to_be_filled_in_does_not_make_a_free_time_look_refused(rule, ok):
    violations = [{"rule": rule, "facts": {}, "waivable_by": []}]
    check = {"ok": False, "violations": violations, "unit": "A", "taken": False}
    assert without_form_rules(check)["ok"] is ok


def test_a_taken_time_stays_taken_whatever_is_still_to_be_filled_in():
    missing = [{"rule": "family_missing", "facts": {}, "waivable_by": []}]
    assert not without_form_rules({"ok": False, "violations": missing, "unit": None, "taken": True})["ok"]
