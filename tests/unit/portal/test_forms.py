"""Forms of our own pages are taken, forged ones are not."""

import pytest


def test_a_form_with_its_token_is_taken(browser):
    assert browser.post("/probe", data={"csrf_token": browser.token}).text == "seen"


def test_a_script_sends_the_token_as_a_header(browser):
    assert browser.post("/probe", headers={"X-CSRF-Token": browser.token}).text == "seen"


@pytest.mark.parametrize("token", ["", "0" * 64, "x", "ü"])
def test_a_form_without_it_is_not(browser, token):
    assert browser.post("/probe", data={"csrf_token": token}).status_code == 403


def test_the_token_of_another_session_does_not_fit(app, browser):
    other = app.test_client().get("/probe/enter").text
    assert browser.post("/probe", data={"csrf_token": other}).status_code == 403


def test_a_visitor_s_form_has_one_too(app):
    visitor = app.test_client()
    token = visitor.get("/probe/form").text
    assert visitor.post("/probe", data={"csrf_token": token}).text == "seen"
    assert app.test_client().post("/probe", data={"csrf_token": token}).status_code == 403


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://localhost", 200), ("http://evil.example", 403), ("null", 403), ("http://localhost.evil.example", 403)],
)
def test_where_a_form_comes_from(browser, origin, status):
    response = browser.post("/probe", data={"csrf_token": browser.token}, headers={"Origin": origin})
    assert response.status_code == status


def test_the_header_names_the_reason(browser):
    response = browser.post("/probe", headers={"Accept-Language": "en"})
    assert "Reload it" in response.text or "重新" in response.text
