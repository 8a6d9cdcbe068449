"""Scanning, following and allowing, and what the stand-in reports of them."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from deploy.standins.web import Request
from deploy.standins.wechat import inside
from deploy.standins.wechat.page import wechat_page
from deploy.standins.wechat.texts import TEXTS

SCENE = "f" * 32
OAUTH = {"appid": "wx-demo-app", "secret": "demo-app-secret", "grant_type": "authorization_code"}


@pytest.fixture
def reports(wechat, monkeypatch):
    """What would have been reported: (person, event, fields)."""
    found = []
    monkeypatch.setattr(
        wechat.provider.callbacks, "report", lambda person, event, **fields: found.append((person, event, fields))
    )
    return found


@pytest.fixture
def ticket(wechat):
    body = {"action_name": "QR_STR_SCENE", "expire_seconds": 300, "action_info": {"scene": {"scene_str": SCENE}}}
    return wechat.call("POST", "qrcode/create", {"access_token": wechat.token()}, body)["ticket"]


@pytest.mark.parametrize(("person", "event", "prefix"), [("demo-a", "SCAN", ""), ("new", "subscribe", "qrscene_")])
def test_a_scan_is_reported_as_the_platform_does(wechat, reports, ticket, person, event, prefix):
    assert inside.scan(wechat.provider, person, ticket) is None
    assert [(who, what, fields["EventKey"]) for who, what, fields in reports] == [(person, event, prefix + SCENE)]
    assert wechat.provider.people.state(person) == "following"


def test_a_code_that_is_unknown_or_over_reports_nothing(wechat, reports, ticket):
    assert inside.scan(wechat.provider, "demo-a", "guessed") == "unknown"
    wechat.clock.ahead += 301
    assert inside.scan(wechat.provider, "demo-a", ticket) == "expired"
    assert reports == []
    assert inside.open_tickets(wechat.provider) == []


def test_unfollowing_and_following_again_are_reported_once_each(wechat, reports):
    for state in ("unfollowed", "unfollowed", "following", "following", "blocked"):
        inside.set_state(wechat.provider, "demo-a", state)
    assert [event for _, event, _ in reports] == ["unsubscribe", "subscribe"]


def test_the_fate_of_each_card_is_reported(wechat, reports):
    wechat.provider.people.set_state("demo-b", "blocked")
    token = wechat.token()
    sent = wechat.send(token, "demo-a", client_msg_id="d-1")
    wechat.send(token, "demo-a", client_msg_id="d-1")
    wechat.send(token, "demo-b")
    assert [(who, fields["Status"]) for who, _, fields in reports] == [
        ("demo-a", "success"),
        ("demo-b", "failed:user block"),
    ]
    assert reports[0][2]["MsgID"] == sent["msgid"]


def test_a_code_from_inside_works_once_and_not_for_long(wechat):
    def exchange(code):
        return wechat.conversation.answer(Request("GET", "/sns/oauth2/access_token", OAUTH | {"code": code}, {}))

    back = inside.allowed(wechat.provider, "demo-a", {"redirect_uri": "http://localhost/back?x=1", "state": "s"})
    asked = parse_qs(urlsplit(back).query)
    assert (asked["x"], asked["state"]) == (["1"], ["s"])
    [code] = asked["code"]
    assert json.loads(exchange(code).body)["openid"] == "demo-a"
    assert json.loads(exchange(code).body)["errcode"] == 40163
    assert json.loads(exchange("guessed").body)["errcode"] == 40029


def test_the_page_shows_a_button_for_each_open_code(wechat, ticket):
    html = wechat_page("zh", wechat.conversation, "")
    assert ticket in html
    assert TEXTS["zh"]["scan_as"] in html
