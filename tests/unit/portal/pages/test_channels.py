"""Where messages reach a person: binding WeChat and untying it."""

import pytest

from tests.unit.portal.pages import documents

WECHAT = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"}
WECOM = {"User-Agent": "Mozilla/5.0 (iPhone) wxwork/4.1 MicroMessenger/7.0"}


@pytest.fixture(autouse=True)
def account(app, monkeypatch, redis):
    """A base with a service account."""
    monkeypatch.setitem(app.config, "WECHAT_APP_ID", "wx-demo-app")
    monkeypatch.setitem(app.config, "WECOM_CORP_ID", "ww-demo-corp")
    monkeypatch.setattr(app.extensions["wechat_states"], "redis", redis)


@pytest.fixture
def code(member):
    """The address of member01's code, open on the page."""
    return member.post("/account/channels/wechat").location


def identifier(code):
    return code.rpartition("/")[2]


def test_a_code_to_scan_stands_in_the_page_itself(member, code):
    page = member.page(code)
    [picture] = page.all("img", class_="code-picture")
    assert picture["src"].startswith("data:image/svg+xml")
    assert picture["alt"]
    [card] = page.all("section", id="code")
    assert card["hx-get"] == code
    assert card["hx-trigger"] == "every 2s"


def test_the_open_page_sees_the_scan_and_asks_whose_it_was(member, services, code):
    services.scan(identifier(code))
    answer = member.get(code, headers={"HX-Request": "true"})
    part = documents.read(answer.text)
    assert "微信账号 …hone 已扫码" in part.text
    assert not part.all("html")
    assert not part.all("section", hx_trigger="every 2s"), "nothing more is to be waited for"
    assert not services.bound, "looking binds nothing"


def test_confirming_binds(member, services, code):
    services.scan(identifier(code))
    answer = member.post(f"{code}/confirm")
    assert answer.location == "/account/channels"
    text = member.page("/account/channels").text
    assert "已绑定，今后消息会发送到该账号" in text
    assert "账号 …er01" in text


def test_confirming_before_the_scan_says_why_not(member, services, code):
    answer = member.post(f"{code}/confirm")
    assert answer.status_code == 409
    assert "二维码尚未被扫描" in answer.text
    assert not services.bound


def test_an_account_of_somebody_else_is_refused_in_words(member, services, code):
    services.scan(identifier(code), taken=True)
    text = member.page(code).text
    assert "该账号已绑定其他人员" in text
    assert "是我，绑定" not in text


def test_a_code_that_ran_out_offers_another(member, services, code):
    services.codes[identifier(code)] |= {"state": "expired", "address": ""}
    page = member.page(code)
    assert "二维码已过期" in page.text
    assert page.all("form", action="/account/channels/wechat")


def test_the_code_of_another_person_is_not_there(as_person, code):
    assert as_person("manager-labs").get(code).status_code == 404
    assert as_person("manager-labs").post(f"{code}/confirm").status_code == 404


def test_untying(member, services):
    services.bind("member01")
    assert member.post("/account/channels/wechat/drop").location == "/account/channels"
    assert "尚未绑定" in member.page("/account/channels").text
    assert member.post("/account/channels/wechat/drop").status_code == 404


def test_a_suspended_account_says_why_and_how_to_get_it_back(member, services):
    services.bind("member01", state="suspended", reason="unfollowed", suspended_at="2026-11-20T01:00:00+00:00")
    page = member.page("/account/channels")
    assert "您已取消关注服务号" in page.text
    assert page.all("form", action="/account/channels/wechat")


def test_inside_wechat_nothing_is_scanned(member, services):
    member.headers = WECHAT
    answer = member.post("/account/channels/wechat")
    assert answer.location.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?")
    [code] = services.codes
    state = answer.location.partition("state=")[2].partition("#")[0]
    back = member.get("/wechat/return", query_string={"code": "proof", "state": state})
    assert back.location == f"/account/channels/codes/{code}"
    assert not services.bound, "coming back binds nothing"
    assert "是我，绑定" in member.page(back.location).text


def test_a_colleague_binds_inside_wecom(manager, services):
    manager.headers = WECOM
    assert "绑定当前企业微信" in manager.page("/account/channels").text
    answer = manager.post("/account/channels/wecom")
    assert "appid=ww-demo-corp" in answer.location
    state = answer.location.partition("state=")[2].partition("&")[0]
    back = manager.get("/wechat/return", query_string={"code": "proof", "state": state})
    assert "当前企业微信账号为 …hone" in manager.page(back.location).text
    assert manager.post(f"{back.location}/confirm").status_code == 303
    assert services.bound["manager-labs", "wecom"]["state"] == "active"


def test_a_base_without_an_account_offers_none(member, app, monkeypatch):
    monkeypatch.setitem(app.config, "WECHAT_APP_ID", "")
    page = member.page("/account/channels")
    assert "尚未开通微信服务号" in page.text
    assert not page.all("form", action="/account/channels/wechat")


def test_an_address_from_which_mails_come_back_says_so_and_how_to_lift_it(member, services):
    assert "不再向该地址发送邮件" not in member.page("/account/channels").text
    services.suppressed["member01"] = {"reason": "550 5.1.1 <b>unknown</b>", "since": "2026-11-20T01:00:00+00:00"}
    page = member.page("/account/channels")
    assert "不再向该地址发送邮件" in page.text
    assert "550 5.1.1 <b>unknown</b>" in page.text
    assert page.all("form", action="/account/channels/email/confirm")
    assert member.post("/account/channels/email/confirm").status_code == 303
    assert "不再向该地址发送邮件" not in member.page("/account/channels").text
    assert member.post("/account/channels/email/confirm").status_code == 404


# for administrators ----------------------------------------------------------------------


@pytest.fixture
def admin(as_person):
    return as_person("admin")


def test_an_administrator_enters_the_wecom_ids_of_the_staff(admin, services):
    assert "人员的消息接收方式" in admin.page("/manage").text
    page = admin.page("/manage/reach")
    assert page.all("form", action="/manage/reach/manager-labs/wecom")
    assert admin.post("/manage/reach/manager-labs/wecom", {"external_id": " wang.jianguo "}).status_code == 303
    assert services.bound["manager-labs", "wecom"]["hint"] == "…nguo"
    assert "…nguo" in admin.page("/manage/reach").text
    assert admin.post("/manage/reach/manager-labs/wecom").status_code == 303
    assert ("manager-labs", "wecom") not in services.bound


def test_a_taken_id_is_refused_beside_its_field_and_kept(admin):
    answer = admin.post("/manage/reach/manager-labs/wecom", {"external_id": "taken"})
    assert answer.status_code == 422
    assert "已被其他人员占用" in answer.text
    assert 'value="taken"' in answer.text


def test_people_are_found_by_name(admin):
    assert "王建国" in admin.page("/manage/reach").text
    text = admin.page("/manage/reach?q=李").text
    assert "李薇" in text
    assert "王建国" not in text
    assert "没有符合条件的人员" in admin.page("/manage/reach?q=zzz").text


@pytest.mark.parametrize("person", ["member01", "manager-labs"])
def test_nobody_else_looks_after_it(as_person, person):
    assert as_person(person).get("/manage/reach").status_code == 403
