"""The page on which all messages are looked at before they go live."""

import pytest

from services.notify import previews
from services.portal.pages.message_words import SAMPLES


@pytest.fixture
def admin(as_person):
    return as_person("admin")


def test_every_message_is_listed_under_its_name(admin):
    page = admin.page("/message-samples")
    linked = {tag["href"] for tag in page.all("a") if tag["href"].startswith("/message-samples/")}
    assert linked == {f"/message-samples/{name}" for name in (*previews.STEPS, *previews.NOTICES)}
    assert set(SAMPLES) == {*previews.STEPS, *previews.NOTICES}
    assert "所有消息都符合各渠道的规则" in page.text


def test_a_message_is_shown_in_both_languages_on_every_channel(admin):
    page = admin.page("/message-samples/moved_and_waiting")
    assert len(page.all("iframe")) == 4
    assert "改期待批" in page.text
    assert "Please decide again" in page.text
    assert "已缩短" in page.text, "with the longest names"


def test_what_would_be_refused_is_marked(admin, services):
    items = services.message_samples("admin")["items"]
    items[0]["broken"] = ["phrase4"]
    services.answers["notify", "message_samples"] = {"items": items}
    page = admin.page("/message-samples")
    assert "会被拒绝: phrase4" in page.text
    assert "1 条消息会被拒绝" in page.text


def test_a_mail_in_its_frame_may_do_nothing_but_look_as_it_does(admin):
    answer = admin.get("/message-samples/approved/mail?part=team&language=zh-Hans")
    assert "高低温老化" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script" not in policy
    assert "unsafe-inline" not in admin.get("/message-samples/approved").headers["Content-Security-Policy"]


@pytest.mark.parametrize("query", ["", "?part=team", "?part=nobody&language=en"])
def test_a_mail_that_is_none_is_not_found(admin, query):
    answer = admin.get(f"/message-samples/approved/mail{query}")
    assert answer.status_code == 404
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/message-samples", "/message-samples/approved", "/message-samples/approved/mail"])
def test_others_do_not_see_them(member, manager, address):
    assert member.get(address).status_code == 403
    assert manager.get(address).status_code == 403


def test_it_is_reached_from_the_managers_page(admin):
    assert admin.page("/manage").all("a", href="/message-samples")
