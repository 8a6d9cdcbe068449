"""Signing in, reservations, approvals, facilities and tokens."""

import re
from datetime import timedelta

import pytest

from services.contracts.errors import TooManyRequests, Unauthenticated, WrongState
from services.portal.pages.facility_editing import units_read
from services.portal.pages.opening import hours_read
from services.portal.pages.signing_in import safe_next
from tests.unit.portal.pages.fake_catalogue import PASSWORD


def token_of(browser):
    return re.search(r'name="csrf-token" content="([0-9a-f]+)"', browser.get("/sign-in").text)[1]


def sign_in(visitor, **fields):
    return visitor.post(
        "/sign-in", data={"csrf_token": token_of(visitor), "name": "member01", "password": PASSWORD, **fields}
    )


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil", "javascript:alert(1)", "", "/a\nb"]
)
def test_signing_in_leads_nowhere_else(app, visitor, wanted):
    assert sign_in(visitor, next=wanted).location == "/"


def test_signing_in_leads_to_where_one_wanted_to_go(visitor):
    assert sign_in(visitor, next="/board?view=day").location == "/board?view=day"


def test_safe_next_takes_paths_only(app):
    with app.test_request_context():
        assert safe_next("/reservations?show=past") == "/reservations?show=past"


def test_a_wrong_password_is_told_and_the_name_is_kept(visitor):
    answer = sign_in(visitor, password="wrong")
    assert answer.status_code == 401
    assert "用户名或密码不正确" in answer.text
    assert 'value="member01"' in answer.text


def test_a_throttled_visitor_reads_how_long_to_wait(visitor, services):
    services.answers["accounts", "sign_in"] = TooManyRequests(retry_after=90)
    answer = sign_in(visitor)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "90"
    assert "2 分钟" in answer.text


def test_after_signing_out_nothing_is_shown(member):
    assert member.post("/sign-out").status_code == 303
    assert member.get("/reservations").status_code == 303


@pytest.mark.parametrize("show", ["upcoming", "waiting", "past"])
def test_each_reservation_is_under_one_heading(member, services, show):
    page = member.page(f"/reservations?show={show}")
    states = {tag["class"].split("state-")[1] for tag in page.all("span", class_="badge")}
    assert states <= {"upcoming": {"requested", "approved", "in_use"}, "waiting": {"requested"}}.get(show, {"finished"})


def test_a_foreign_teams_filter_is_ignored(member):
    assert member.get("/reservations?team=team-07").status_code == 200


def own(services, state):
    return next(
        item
        for item in services.reservations.values()
        if item["state"] == state and item["team"] in ("team-00", "team-02")
    )


def test_a_reservation_tells_its_history_and_who_was_told(member, services):
    page = member.page(f"/reservations/{own(services, 'approved')['id']}")
    assert "提交申请" in page.text
    assert "王建国" in page.text
    assert "微信" in page.text


def test_another_teams_reservation_is_not_found(member, services):
    foreign = next(item for item in services.reservations.values() if item["team"] == "team-05")
    assert member.get(f"/reservations/{foreign['id']}").status_code == 404


def test_cancelling_tells_the_page(member, services):
    item = own(services, "approved")
    answer = member.post(f"/reservations/{item['id']}/cancel", {"reason": "样机未到", "version": "1"})
    assert answer.status_code == 303
    assert "预约已取消" in member.page(answer.location).text


def test_a_step_that_came_too_late_is_explained(member, services):
    services.answers["booking", "withdraw_reservation"] = WrongState(state="approved", action="withdraw")
    answer = member.post(f"/reservations/{own(services, 'requested')['id']}/withdraw", {"version": "1"})
    assert answer.status_code == 409
    assert "已批准" in answer.text


def test_the_manager_approves_from_the_queue(manager, services):
    item = services.approvals("manager-labs")["items"][0]
    answer = manager.post(f"/reservations/{item['id']}/approve", {"version": "1", "back": "approvals"})
    assert answer.location == "/approvals"
    assert services.reservations[item["id"]]["state"] == "approved"


def test_several_are_approved_at_once_each_under_its_own_key(manager, services):
    chosen = [item["id"] for item in services.approvals("manager-labs")["items"][:3]]
    answer = manager.post("/approvals", {"request_key": "k", "reservation": chosen})
    assert "已批准 3 项申请" in manager.page(answer.location).text
    assert len({command.request_key for command in services.commands}) == 3


def test_a_reason_is_asked_for_before_rejecting(manager, services):
    item = services.approvals("manager-labs")["items"][0]
    answer = manager.post(f"/reservations/{item['id']}/reject", {"version": "1", "reason": ""})
    assert answer.status_code == 422
    assert "请填写此项" in answer.text


def test_the_queue_shows_the_request_among_the_others_of_the_day(manager):
    page = manager.page("/approvals")
    assert len(page.all("span", class_="wanted")) == len(page.all("li", class_="queue-item"))


def test_a_card_says_rules_and_hours_in_words(member):
    text = member.page("/facilities/LAB-1").text
    assert "每次 30 分钟至 1000 小时" in text
    assert "全天 24 小时" in text


def test_members_do_not_edit_facilities(member):
    assert member.get("/facilities/LAB-1/edit").status_code == 403


def test_a_manager_saves_what_the_form_shows(manager, services):
    page = manager.page("/facilities/LAB-3/edit")
    form = {
        tag["name"]: tag.get("value", "")
        for name, tag in page.tags
        if name == "input" and tag.get("name") not in (None, "csrf_token") and tag.get("type") != "checkbox"
    }
    form |= {
        "units": "LAB-3-1 | 1 号暗室 | Chamber 1",
        "approval": "automatic",
        "unit_choice": "yes",
        "active": "yes",
        "description_zh-Hans": "新的说明",
        "description_en": "New",
        "language": "",
        "horizon_days": "60",
    }
    assert manager.post("/facilities/LAB-3/edit", form).status_code == 303
    saved = services.facilities["LAB-3"]
    assert (saved["horizon_days"], saved["approval"], saved["opening_hours"][5]) == (60, "manager", [[540, 1080]])
    assert saved["units"][0]["names"] == {"zh-Hans": "1 号暗室", "en": "Chamber 1"}


def test_every_field_that_cannot_be_read_is_marked(manager):
    answer = manager.post("/facilities/LAB-3/edit", {"hours_0": "from nine", "horizon_days": "many"})
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') >= 3


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", []),
        ("00:00–24:00", [[0, 1440]]),
        ("13:00-20:00，8:00~12:00", [[480, 720], [780, 1200]]),
    ],
)
def test_opening_hours_are_read_as_people_write_them(text, pairs):
    assert hours_read(text) == pairs


@pytest.mark.parametrize("text", ["8-12", "12:00–08:00", "08:00–25:00", "08:70–09:00", "08:00–08:00"])
def test_opening_hours_that_make_no_sense_are_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        hours_read(text)


def test_a_unit_without_names_is_called_by_its_code():
    assert units_read("A1\n\nA2 | 二号") == [
        {"code": "A1", "names": {"zh-Hans": "A1", "en": "A1"}},
        {"code": "A2", "names": {"zh-Hans": "二号", "en": "二号"}},
    ]


def test_a_token_is_shown_once(member):
    answer = member.post("/tokens", {"name": "试验台", "scopes": ["read"], "days": "90", "request_key": "t1"})
    assert answer.status_code == 201
    assert "pbb_a1b2c3d4e5f6g7h8j9k0" in answer.text
    assert "pbb_a1b2c3d4e5f6g7h8j9k0" not in member.get("/tokens").text


def test_a_session_that_ended_leads_to_sign_in(member, services):
    services.people["member01"]["active"] = False
    member.client.application.extensions["identities"].forget("member01")
    answer = member.get("/board")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")


def test_the_error_page_of_a_broken_session_is_no_loop(visitor, services):
    services.answers["accounts", "sign_in"] = Unauthenticated()
    assert sign_in(visitor).status_code == 401


def test_ages_and_deadlines_are_in_words(manager, services):
    item = services.approvals("manager-labs")["items"][0]
    services.reservations[item["id"]]["decide_by"] = (services.now + timedelta(minutes=50)).isoformat()
    assert re.search(r"还剩 4\d 分钟|还剩 50 分钟", manager.page("/approvals").text)
