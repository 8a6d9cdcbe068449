"""Hours, the calendar of the base, interruptions: first the effect, then the change."""

import re

import pytest

from services.contracts.errors import InvalidInput
from services.portal.pages.base_calendar import days_read, lines_of, stretches
from services.portal.pages.opening import exceptions_read
from tests.unit.portal.pages.fake_calendar import CLOSURE, DAYS, MAINTENANCE, OUTAGE

HOURS = {f"hours_{day}": "08:00–20:00" if day < 5 else "" for day in range(7)}
FORM = HOURS | {
    "on_holidays": "closed",
    "exceptions": "2026-12-24 | 10:00–12:00 | 盘点",
    "version": "3",
    "step": "look",
}
DECLARED = {
    "kind": "maintenance",
    "place": "LAB-1/LAB-1-2",
    "starts_at": "2026-12-01T08:00",
    "ends_at": "2026-12-01T12:00",
    "reason_zh-Hans": "校准",
    "note": "内部",
    "step": "look",
    "repeat": "WEEKLY",
    "interval": "2",
    "until": "2027-03-01",
}


def sealed(answer):
    return re.search(r'name="sealed" value="([0-9a-f]+)"', answer.text)[1]


@pytest.fixture
def admin(as_person):
    return as_person("admin")


class TestHours:
    def test_the_effect_is_shown_before_anything_is_saved(self, manager, services):
        answer = manager.post("/facilities/LAB-3/edit/hours", FORM)
        assert "个预约受影响" in answer.text
        assert services.facilities["LAB-3"]["date_exceptions"] == []
        saved = manager.post("/facilities/LAB-3/edit/hours", FORM | {"step": "save", "sealed": sealed(answer)})
        assert saved.status_code == 303
        kept = services.facilities["LAB-3"]
        assert kept["opening_hours"] == [[[480, 1200]]] * 5 + [[]] * 2
        assert kept["date_exceptions"] == [{"date": "2026-12-24", "hours": [[600, 720]], "names": {"zh-Hans": "盘点"}}]

    def test_what_was_changed_after_looking_is_looked_at_again(self, manager, services):
        seal = sealed(manager.post("/facilities/LAB-3/edit/hours", FORM))
        answer = manager.post(
            "/facilities/LAB-3/edit/hours", FORM | {"step": "save", "sealed": seal, "hours_6": "09:00-10:00"}
        )
        assert "查看影响" in answer.text
        assert services.facilities["LAB-3"]["date_exceptions"] == []

    def test_what_cannot_be_read_is_marked(self, manager):
        answer = manager.post("/facilities/LAB-3/edit/hours", FORM | {"hours_0": "from nine", "exceptions": "soon"})
        assert answer.status_code == 422
        assert answer.text.count('aria-invalid="true"') == 2

    def test_what_the_service_refuses_is_marked(self, manager, services):
        seal = sealed(manager.post("/facilities/LAB-3/edit/hours", FORM))
        services.answers["facilities", "save_facility"] = InvalidInput(
            errors={"date_exceptions.0.date": ["duplicate"], "opening_hours.2": ["overlapping"]}
        )
        answer = manager.post("/facilities/LAB-3/edit/hours", FORM | {"step": "save", "sealed": seal})
        assert answer.text.count('aria-invalid="true"') == 2

    def test_only_who_may_edit_sees_it(self, member):
        assert member.get("/facilities/LAB-3/edit/hours").status_code == 403

    @pytest.mark.parametrize("text", ["soon", "2026-02-30 | 8:00-9:00", "2026-12-24 | nine"])
    def test_exceptions_that_make_no_sense(self, text):
        with pytest.raises(ValueError, match=r".*"):
            exceptions_read(text)


class TestCalendar:
    def test_an_unknown_year_says_so(self, member, admin):
        assert "尚未录入" in member.page("/calendar?year=2027").text
        assert "请在下方手工录入" in admin.page("/calendar?year=2027").text
        assert "第 1 版" in member.page("/calendar?year=2026").text

    def test_members_change_nothing(self, member):
        page = member.page("/calendar?year=2026")
        assert not page.all("form", enctype="multipart/form-data")

    def test_an_import_is_looked_at_first(self, admin, services):
        answer = admin.post("/calendar/import", {"site": "BASE", "year": "2026", "step": "look"})
        assert "将有 2 天发生变化" in answer.text
        assert services.given == []
        answer = admin.post("/calendar/import", {"site": "BASE", "year": "2026", "step": "save", "version": "1"})
        assert answer.status_code == 303
        assert services.given[0][1]["year"] == 2026

    def test_a_year_is_entered_by_hand_and_looked_at_first(self, admin, services):
        form = {
            "site": "BASE",
            "year": "2027",
            "version": "1",
            "step": "look",
            "days": "2027-02-06 ~ 2027-02-08 | 休 | 春节 | Spring Festival\n2027-02-20 | 班 | 春节调休",
        }
        answer = admin.post("/calendar/year", form)
        assert services.given == []
        assert admin.post("/calendar/year", form | {"step": "save", "sealed": sealed(answer)}).status_code == 303
        days = services.given[0][1]["days"]
        assert [(day["date"], day["kind"]) for day in days] == [
            ("2027-02-06", "holiday"),
            ("2027-02-07", "holiday"),
            ("2027-02-08", "holiday"),
            ("2027-02-20", "working_day"),
        ]

    def test_lines_that_cannot_be_read_are_named(self, admin):
        answer = admin.post(
            "/calendar/year", {"site": "BASE", "year": "2027", "days": "2027-02-06 | 休 | 春节\nsoon | 休"}
        )
        assert answer.status_code == 422
        assert "无法识别的行：2" in answer.text

    def test_days_are_written_as_they_are_read(self):
        read = days_read(lines_of(DAYS))
        assert [(day["date"], day["kind"]) for day in read] == [(day["date"], day["kind"]) for day in DAYS]
        assert len(stretches(DAYS)) == 2

    def test_yaml_is_read_too(self):
        text = "days:\n- {date: 2027-02-06, kind: holiday, names: {zh-Hans: 春节, en: Spring}}\n"
        assert days_read(text) == [
            {"date": "2027-02-06", "kind": "holiday", "names": {"zh-Hans": "春节", "en": "Spring"}}
        ]
        for wrong in ("- 3", "days: {", "days: 4", "- {kind: holiday}"):
            with pytest.raises(InvalidInput):
                days_read(wrong)

    def test_a_second_base(self, admin, services):
        form = {"code": "NORTH", "name_zh-Hans": "北区", "name_en": "North"}
        assert admin.post("/calendar/sites", form).status_code == 303
        assert "北区" in admin.page("/calendar?site=NORTH&year=2026").text

    def test_a_facility_says_to_which_base_it_belongs(self, admin, services):
        assert not admin.page("/facilities/LAB-3/edit").all("select", name="site")
        services.bases["NORTH"] = services.bases["BASE"] | {"code": "NORTH"}
        assert admin.page("/facilities/LAB-3/edit").all("select", name="site")


class TestInterruptions:
    def test_the_list_and_the_card_say_what_is_coming(self, member):
        text = member.page("/interruptions").text
        assert "压缩机故障" in text
        assert "全园区停电检修" in text
        assert "压缩机故障" in member.page("/facilities/LAB-1").text

    def test_a_note_is_for_managers(self, member, manager):
        assert "供应商" not in member.page(f"/interruptions/{OUTAGE}").text
        assert "供应商" in manager.page(f"/interruptions/{OUTAGE}").text

    def test_the_effect_first_then_it_is_declared(self, manager, services):
        answer = manager.post("/interruptions/new", DECLARED)
        assert "个预约受影响" in answer.text
        assert services.given == []
        answer = manager.post("/interruptions/new", DECLARED | {"step": "save", "sealed": sealed(answer)})
        assert answer.status_code == 303
        ((name, fields),) = services.given
        assert (name, fields["facility"], fields["unit"], fields["reason"]) == (
            "declare",
            "LAB-1",
            "LAB-1-2",
            {"zh-Hans": "校准"},
        )
        assert fields["rule"] == "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270301"
        assert fields["starts_at"].startswith("2026-12-01T00:00:00")

    def test_what_is_wrong_is_marked(self, manager):
        answer = manager.post("/interruptions/new", DECLARED | {"reason_zh-Hans": "", "interval": "two"})
        assert answer.status_code == 422
        answer = manager.post("/interruptions/new", DECLARED | {"reason_zh-Hans": ""})
        assert 'id="reason_zh-Hans-error"' in answer.text

    @pytest.mark.parametrize(("step", "more"), [("end", {}), ("call_off", {}), ("describe", {"reason_en": "Leak"})])
    def test_steps(self, manager, services, step, more):
        answer = manager.post(f"/interruptions/{OUTAGE}", {"step": step, "version": "1", **more})
        assert answer.status_code == 303
        assert services.given[0][0] == step

    def test_another_end_is_looked_at_first(self, manager, services):
        form = {"step": "extend", "version": "1", "ends_at": "2099-12-01T12:00"}
        answer = manager.post(f"/interruptions/{OUTAGE}", form)
        assert "改期后受影响的预约" in answer.text
        assert services.given == []
        assert manager.post(f"/interruptions/{OUTAGE}", form | {"sealed": sealed(answer)}).status_code == 303
        assert services.given[0][0] == "extend"

    def test_an_end_that_is_no_time(self, manager):
        answer = manager.post(f"/interruptions/{OUTAGE}", {"step": "extend", "ends_at": "soon"})
        assert answer.status_code == 422
        assert 'id="ends_at-error"' in answer.text

    @pytest.mark.parametrize(
        ("rule", "words"),
        [
            ("FREQ=WEEKLY", "每周"),
            ("FREQ=MONTHLY;BYDAY=1FR;COUNT=3", "共 3 次"),
            ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1", "FREQ"),
        ],
    )
    def test_a_rule_is_told_in_words_where_there_are_some(self, member, services, rule, words):
        services.interrupted[MAINTENANCE]["rule"] = rule
        assert words in member.page(f"/interruptions/{MAINTENANCE}").text

    def test_who_manages_nothing_declares_nothing(self, member):
        assert member.get("/interruptions/new").status_code == 403
        assert not member.page(f"/interruptions/{MAINTENANCE}").all("form", action=f"/interruptions/{MAINTENANCE}")

    def test_a_closure_is_the_bases(self, admin, manager):
        assert admin.page("/interruptions/new?kind=closure").all("select", name="site")
        assert "安排闭馆" not in manager.page("/interruptions").text
        assert admin.page(f"/interruptions/{CLOSURE}").all("h1")

    def test_the_board_shows_what_is_taken_away(self, member, services):
        services.interrupted[OUTAGE] |= {"unit": None}
        bars = [each for each in member.page("/board").all("span") if "outage" in each.get("class", "")]
        assert bars
        assert "whole" in bars[0]["class"]

    def test_a_reservation_that_is_hit_says_so(self, member, services):
        own = next(item for item in services.reservations.values() if services.own("member01", item))
        own["hit"] = {
            "interruption": OUTAGE,
            "kind": "outage",
            "reason": {"zh-Hans": "压缩机故障"},
            "open_end": True,
            "until": "2026-11-26T16:00:00+00:00",
        }
        assert "不可用" in member.page("/reservations").text + member.page("/reservations?show=past").text
        text = member.page(f"/reservations/{own['id']}").text
        assert "该时段目前无法使用" in text
        assert "压缩机故障" in text
