"""In which language a reader is answered."""

import pytest

SIGN_IN = {"zh-Hans": "请先登录。", "en": "Please sign in."}


def detail(client, accept=None, **options):
    headers = {"Accept-Language": accept} if accept else {}
    return client.get("/api/v1/nothing", headers=headers, **options).json["detail"]


def language(client, accept=None):
    headers = {"Accept-Language": accept} if accept else {}
    return client.get("/api/v1/reservations?state=x", headers=headers).headers["Content-Language"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "zh-Hans"), ("en", "en"), ("en-GB,en;q=0.9", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-TW", "zh-Hans"), ("de,en;q=0.5", "en"), ("de", "zh-Hans"), ("*", "zh-Hans"), ("%%%", "zh-Hans"),
    ],
)
def test_a_visitor_s_browser_decides(visitor, accept, expected):
    response = visitor.get("/api/v1/me", headers={"Accept-Language": accept} if accept else {})
    assert response.json["detail"] == SIGN_IN[expected]
    assert response.headers["Content-Language"] == expected


def test_the_person_s_language_goes_before_the_browser_s(browser):
    assert language(browser, "en") == "zh-Hans"


def test_the_cookie_goes_before_both(browser):
    browser.set_cookie("language", "en")
    assert language(browser, "zh-CN") == "en"


def test_an_unknown_cookie_counts_for_nothing(browser):
    browser.set_cookie("language", "xx")
    assert language(browser) == "zh-Hans"


def test_a_program_says_what_it_wants(program):
    assert language(program("read", "en")) == "en"
    assert language(program("read", "zh-CN")) == "zh-Hans"
    assert language(program("read", "")) == "zh-Hans"
