"""Signing in and out through a browser, and what a session may not survive."""

import pytest

from services.portal import session_record
from tests.unit.portal.fakes import FakeRedis


def cookie(client):
    found = client.get_cookie("session")
    return found and found.value


def person(client):
    response = client.get("/api/v1/me")
    return response.json["person"] if response.status_code == 200 else response.status_code


@pytest.fixture
def clock():
    class Clock:
        passed = 0.0

    return Clock()


@pytest.fixture
def redis(clock):
    return FakeRedis(lambda: clock.passed)


def test_a_visitor_is_nobody(visitor):
    assert person(visitor) == 401


def test_signing_in_gives_a_new_id(app):
    client = app.test_client()
    fixed = session_record.new_id()
    client.set_cookie("session", fixed)
    client.get("/probe/enter")
    assert person(client) == "lead01"
    assert cookie(client) != fixed
    stranger = app.test_client()
    stranger.set_cookie("session", fixed)
    assert person(stranger) == 401


def test_signing_in_again_ends_the_former_session(browser, app):
    former = cookie(browser)
    browser.get("/probe/enter")
    assert cookie(browser) != former
    stranger = app.test_client()
    stranger.set_cookie("session", former)
    assert person(stranger) == 401


def test_the_cookie_is_for_us_alone(visitor):
    header = visitor.get("/probe/enter").headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Path=/" in header
    assert "Domain" not in header
    assert "Secure" not in header


def test_over_https_the_cookie_is_bound_to_the_host(services, redis, settings):
    from dataclasses import replace

    from services.portal.app import create_app
    from tests.unit.portal.conftest import enter

    app = create_app(replace(settings, secure_cookies=True), services, redis)
    app.add_url_rule("/probe/enter", "probe_enter", enter)
    header = app.test_client().get("/probe/enter", base_url="https://localhost").headers["Set-Cookie"]
    assert header.startswith("__Host-session=")
    assert "Secure" in header


def test_signing_out_ends_it_and_closes_its_streams(app, browser, redis):
    former = cookie(browser)
    browser.get("/probe/leave")
    assert person(browser) == 401
    assert (session_record.ENDED_CHANNEL, session_record.hash_of(former)) in redis.published
    stranger = app.test_client()
    stranger.set_cookie("session", former)
    assert person(stranger) == 401


def test_an_hour_without_a_request_ends_it(browser, clock):
    clock.passed = session_record.IDLE_SECONDS - 1
    assert person(browser) == "lead01"
    clock.passed += session_record.IDLE_SECONDS - 1
    assert person(browser) == "lead01"
    clock.passed += session_record.IDLE_SECONDS
    assert person(browser) == 401


def test_a_disabled_person_is_out_when_the_memory_ends(app, browser, services):
    services.people["lead01"]["active"] = False
    app.extensions["identities"].known.clear()
    assert person(browser) == 401
    services.people["lead01"]["active"] = True
    assert person(browser) == 401, "the session itself is gone"


def test_a_new_password_ends_the_sessions_from_before(app, browser, services):
    services.people["lead01"]["password_set_at"] = "2999-01-01T00:00:00+00:00"
    app.extensions["identities"].known.clear()
    assert person(browser) == 401


def test_without_redis_sessions_wait_and_tokens_work(browser, program, redis):
    redis.away = True
    response = browser.get("/api/v1/me")
    assert (response.status_code, response.json["code"]) == (503, "unavailable")
    assert response.headers["Retry-After"]
    assert person(program("read")) == "lead01"


@pytest.mark.parametrize("value", ["", "x", "x" * 3000, "session:*", "../../etc", "ü" * 43])
def test_an_odd_cookie_is_nobody(visitor, value):
    visitor.set_cookie("session", value)
    assert person(visitor) == 401


def test_the_wrong_password_is_refused(app, services):
    services.passwords["lead01"] = "another one"
    assert app.test_client().get("/probe/enter").status_code == 401
