"""Asking for time: the form, its echo, refusals that lose nothing, and the news of success."""

import json
from datetime import timedelta

import pytest

from services.contracts.errors import InvalidInput, RequestKeyReused, StaleVersion, Unavailable
from services.portal.pages.timeline import ZONE
from tests.unit.portal.pages import documents


@pytest.fixture
def day(services):
    services.reservations.clear()
    return services.now.astimezone(ZONE).date() + timedelta(days=(8 - services.now.astimezone(ZONE).weekday()))


@pytest.fixture
def wish(day):
    return {
        "facility": "LAB-3",
        "start_day": str(day),
        "start_clock": "10:00",
        "end_day": str(day),
        "end_clock": "12:00",
        "team": "team-00",
        "project": "",
        "unit": "",
        "purpose": "辐射发射预扫",
        "request_key": "key-1",
    }


def chosen(document, name):
    return document.value(name)


def test_the_form_starts_with_what_the_address_says_on_the_facilitys_grid(member, day):
    page = member.page(f"/reservations/new?facility=LAB-3&start={day}T10:07&end={day}T11:50")
    assert page.value("start_day") == str(day)
    selected = [tag for name, tag in page.tags if name == "option" and "selected" in tag]
    assert len(selected) >= 3
    assert "10:00–12:00" in page.text


@pytest.mark.parametrize("start", ["", "nonsense", "2026-02-30T10:00", "1999-01-01T10:00", "2026-11-26"])
def test_an_address_that_cannot_be_read_gives_the_next_usual_time(member, start):
    assert member.get(f"/reservations/new?facility=LAB-3&start={start}").status_code == 200


def test_an_unknown_facility_is_not_found(member):
    assert member.get("/reservations/new?facility=LAB-99").status_code == 404


def test_without_script_success_leads_to_the_reservation(member, wish):
    answer = member.post("/reservations", wish)
    assert answer.status_code == 303
    page = member.page(answer.location)
    assert "申请已提交" in page.text
    assert "辐射发射预扫" in page.text


def test_with_script_success_is_news_for_the_open_board(member, wish):
    answer = member.post("/reservations", wish, fragment=True)
    assert answer.status_code == 204
    news = json.loads(answer.headers["HX-Trigger"])["reservation-changed"]
    assert news["facility"] == "LAB-3"
    assert news["address"].startswith("/reservations/")


def test_sending_the_form_twice_makes_one_reservation(member, services, wish):
    first, second = member.post("/reservations", wish), member.post("/reservations", wish)
    assert first.location == second.location
    assert len(services.reservations) == 1


def test_taken_keeps_what_was_typed_and_offers_ways(member, wish):
    member.post("/reservations", wish)
    answer = member.post("/reservations", wish | {"request_key": "key-2"})
    assert answer.status_code == 409
    page = documents.read(answer.text)
    assert "该时段已被占用" in page.text
    assert "辐射发射预扫" in answer.text
    assert page.value("request_key") == "key-2"
    assert len(page.all("button", name="pick")) == 2


def test_an_alternative_fills_the_form_and_loses_nothing(member, wish, day):
    later = day + timedelta(days=1)
    answer = member.post("/reservations/draft", wish | {"pick": f"LAB-3|LAB-3-1|{later}T14:00|{later}T16:00"})
    page = documents.read(answer.text)
    assert page.value("start_day") == str(later)
    assert "辐射发射预扫" in answer.text
    assert "该时段空闲" in page.text


def test_all_broken_rules_are_told_at_once(member, services, wish):
    violations = [
        {"rule": "too_long", "facts": {"longest_minutes": 120}, "waivable_by": []},
        {"rule": "outside_opening_hours", "facts": {"opens": [[480, 1320]]}, "waivable_by": []},
    ]
    services.answers["booking", "check_slot"] = lambda **_: {
        "ok": False,
        "violations": violations,
        "taken": False,
        "alternatives": [],
        "unit": None,
    }
    text = documents.read(member.post("/reservations/check", wish, fragment=True).text).text
    assert "最长 2 小时" in text
    assert "08:00–22:00" in text


def test_the_end_of_the_day_may_be_written_as_24(member, wish, day):
    answer = member.post("/reservations/check", wish | {"end_clock": "24:00"}, fragment=True)
    assert "10:00–24:00" in answer.text


def test_an_inverted_time_is_told_before_anything_is_asked(member, wish):
    answer = member.post("/reservations/check", wish | {"end_clock": "09:00"}, fragment=True)
    assert "结束时间须晚于开始时间" in answer.text


@pytest.mark.parametrize("field", ["start_day", "start_clock", "end_clock"])
@pytest.mark.parametrize("text", ["", "x" * 10_000, "25:99", "２０２６", "\x00", "2026-11-26T10:00+99:00"])
def test_times_that_cannot_be_read_are_an_error_of_their_field(member, wish, field, text):
    answer = member.post("/reservations", wish | {field: text})
    assert answer.status_code == 422
    assert "不是有效的日期和时间" in answer.text


def test_markup_in_the_purpose_is_shown_as_text(member, wish):
    answer = member.post("/reservations", wish | {"purpose": "<img src=x onerror=alert(1)> 🚀"})
    page = member.get(answer.location).text
    assert "<img src=x" not in page
    assert "🚀" in page


@pytest.mark.parametrize(
    ("refusal", "status", "told"),
    [
        (InvalidInput(errors={"purpose": ["too_long"], "team": ["unknown_team"]}), 422, "内容过长"),
        (Unavailable(), 503, "可以放心地原样再提交一次"),
        (RequestKeyReused(), 422, "这个请求编号已用于另一项请求"),
    ],
)
def test_every_refusal_comes_back_as_the_form(member, services, wish, refusal, status, told):
    services.answers["booking", "request_reservation"] = refusal
    answer = member.post("/reservations", wish)
    assert answer.status_code == status
    assert told in answer.text
    assert "辐射发射预扫" in answer.text


def test_a_safe_repeat_keeps_its_key_and_a_used_key_is_replaced(member, services, wish):
    services.answers["booking", "request_reservation"] = Unavailable()
    assert documents.read(member.post("/reservations", wish).text).value("request_key") == "key-1"
    services.answers["booking", "request_reservation"] = RequestKeyReused()
    assert documents.read(member.post("/reservations", wish).text).value("request_key") != "key-1"


def test_a_form_without_our_token_changes_nothing(member, services, wish):
    answer = member.client.post("/reservations", data=wish)
    assert answer.status_code == 403
    assert services.reservations == {}


def test_a_move_shows_the_former_time_and_asks_again(member, services, wish):
    address = member.post("/reservations", wish).location
    page = member.page(f"{address}/move")
    assert "原时间" in page.text
    answer = member.post(
        f"{address}/move", wish | {"version": "1", "start_clock": "14:00", "end_clock": "16:00", "request_key": "key-9"}
    )
    assert answer.status_code == 303
    assert "14:00–16:00" in member.page(address).text


def test_a_stale_move_keeps_the_form(member, services, wish):
    address = member.post("/reservations", wish).location
    services.answers["booking", "move_reservation"] = StaleVersion(version=4)
    answer = member.post(f"{address}/move", wish | {"version": "1", "request_key": "key-9"})
    assert answer.status_code == 409
    assert "在此期间有人作了修改" in answer.text
