"""E06 to E09: who comes in, for how long, and what every answer says about itself."""

import json
import random
import re
import statistics
import time
import uuid

import httpx
import pytest

from services.contracts.commands import SavePerson
from services.contracts.messaging.client import RpcClient
from tests.acceptance.browser import Browser
from tests.acceptance.stack import Api
from tests.waiting import until

TOKEN = {"name": "door", "scopes": ["read"]}


@pytest.fixture
def member(stack):
    """member24 in a browser, signed in."""
    browser = Browser(stack)
    assert browser.sign_in("member24").status_code == 303
    yield browser
    browser.close()


# Headers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200), ("GET", "/sign-in", 302), ("GET", "/nothing", 404), ("GET", "/static/nothing", 404),
        ("GET", "/reservations", 200), ("GET", "/api/v1/me", 200), ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/openapi.json", 200), ("GET", "/api/docs", 200), ("GET", "/healthz", 200), ("GET", "/readyz", 200),
        ("POST", "/sign-out", 403), ("POST", "/api/v1/tokens", 403), ("TRACE", "/", 405), ("TRACE", "/api/v1/me", 405),
        ("OPTIONS", "/api/v1/me", 200), ("PUT", "/", 405),
    ],
)  # fmt: skip
def test_every_answer_is_guarded(member, method, path, status):
    response = member.request(method, path)
    assert response.status_code == status
    policy = dict(part.partition(" ")[::2] for part in response.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] in ("same-origin", "no-referrer")
    assert response.headers["cache-control"] == "no-store"
    assert "max-age=63072000" in response.headers["strict-transport-security"]
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_pages_have_nothing_inline(member):
    for path in ("/", "/board", "/reservations", "/reservations/new", "/tokens", "/api/docs"):
        page = member.get(path, follow_redirects=True).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|javascript:|<style|\sstyle=", page), path


# Forged requests -------------------------------------------------------------------------


def test_a_change_by_cookie_needs_our_own_page(member):
    token = member.csrf_token()
    body = json.dumps(TOKEN)
    asked = {"Content-Type": "application/json", "X-CSRF-Token": token}
    forged = (
        {"Content-Type": "application/json"},
        {"Content-Type": "text/plain"},
        asked | {"X-CSRF-Token": "0" * 64},
        asked | {"X-CSRF-Token": "\u00e9".encode()},
        asked | {"Origin": "http://evil.example"},
        asked | {"Origin": "null"},
    )
    assert {member.post("/api/v1/tokens", content=body, headers=each).status_code for each in forged} == {403}
    assert (
        member.post("/api/v1/tokens", content=body, headers=asked | {"Content-Type": "text/plain"}).status_code == 415
    )
    assert member.post("/api/v1/tokens", content=body, headers=asked).status_code == 201
    assert member.post("/sign-out", data={"csrf_token": "0" * 64}).status_code == 403
    assert member.get("/sign-out").status_code == 405
    assert member.with_session(member.session()).status_code == 200


def test_another_visitors_form_is_no_use(stack, member):
    stranger = Browser(stack)
    assert member.post("/sign-out", data={"csrf_token": stranger.csrf_token("/sign-in")}).status_code == 403


# Sessions --------------------------------------------------------------------------------


def test_the_id_changes_at_the_door_and_is_dead_after_it(stack):
    browser = Browser(stack)
    browser.csrf_token("/sign-in")
    before = browser.session()
    came = browser.sign_in("member25")
    inside = browser.session()
    cookie = next(each for each in came.headers.get_list("set-cookie") if each.startswith("session="))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert len(inside) == 43
    assert browser.with_session(before).status_code == 401
    assert browser.with_session(inside).status_code == 200
    assert browser.post("/sign-out", data={"csrf_token": browser.csrf_token()}).status_code == 303
    assert browser.with_session(inside).status_code == 401
    assert browser.session() not in (before, inside)


def test_a_chosen_id_is_not_taken_over(stack):
    browser = Browser(stack)
    chosen = "A" * 43
    browser.cookies.set("session", chosen, domain="127.0.0.1")
    browser.sign_in("member25")
    assert browser.with_session(chosen).status_code == 401


def test_who_is_switched_off_is_out_within_five_seconds(stack, api):
    """Session, token and live stream alike; afterwards the door says no more than to anybody."""
    person, calls = "member50", RpcClient(stack.description["amqp"])
    browser, program = Browser(stack), api(person)
    browser.sign_in(person)
    assert program.get("me").status_code == 200
    known = calls.call("accounts", "identity", {"person": person})
    kept = {name: known[name] for name in ("person", "name", "email", "language", "roles", "manages")}
    cookie = {"session": browser.session()}
    with httpx.stream("GET", f"{stack.description['live']}/live", cookies=cookie, timeout=6) as live:
        assert live.status_code == 200
        began = time.monotonic()
        calls.send(SavePerson(actor="admin", request_key=uuid.uuid4().hex, active=False, **kept))
        try:
            list(live.iter_text())
            assert time.monotonic() - began < 5
            until(lambda: program.get("me").status_code == 401, 5)
            until(lambda: browser.with_session(cookie["session"]).status_code == 401, 5)
            assert httpx.get(f"{stack.description['live']}/live", cookies=cookie).status_code == 401
            assert Browser(stack).sign_in(person).status_code == 401
        finally:
            calls.send(SavePerson(actor="admin", request_key=uuid.uuid4().hex, **kept))


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:1", "\r\n/x"]
)
def test_the_way_back_stays_here(stack, wanted):
    assert Browser(stack).sign_in("member25", next=wanted).headers["location"] == "/"


# Guessing --------------------------------------------------------------------------------


def tries(stack, name):
    """(status, seconds, page) of eleven wrong passwords."""
    found = []
    for _ in range(11):
        browser = Browser(stack)
        token = browser.csrf_token("/sign-in")
        began = time.monotonic()
        response = browser.post("/sign-in", data={"name": name, "password": "wrong", "csrf_token": token})
        page = re.sub(r'"[0-9a-f]{64}"|value="[^"]*"', "", response.text)
        found.append((response.status_code, time.monotonic() - began, page))
    assert int(response.headers["retry-after"]) > 0
    return found


def test_a_name_that_exists_is_treated_like_one_that_does_not(stack):
    name = f"lead{random.randint(26, 50)}"
    known = tries(stack, name)
    assert Browser(stack, **{"X-Forwarded-For": "9.9.9.9"}).sign_in(name).status_code == 429
    unknown = tries(stack, f"nobody-{uuid.uuid4().hex[:8]}")
    assert [each[0] for each in known] == [each[0] for each in unknown] == [401] * 10 + [429]
    assert known[0][2] == unknown[0][2]
    medians = [statistics.median(each[1] for each in found[:10]) for found in (known, unknown)]
    assert max(medians) < 3 * min(medians)


# Tokens ----------------------------------------------------------------------------------


def test_a_token_is_no_part_of_an_address(stack):
    token = stack.token("member24")
    for query in (f"token={token}", f"access_token={token}", f"authorization=Bearer%20{token}"):
        assert httpx.get(f"{stack.portal}/api/v1/me?{query}").status_code == 401


def test_a_token_does_what_it_is_for_and_makes_no_stronger_one(stack, api):
    made = api("lead24").post("tokens", json={"name": "door", "scopes": ["reserve"]}).json()
    program = Api(stack.portal, made["secret"])
    assert program.post("tokens", json={"name": "door", "scopes": ["manage"]}).status_code == 403
    assert program.post("reservations/00000000-0000-4000-8000-000000000000/approve", json={}).status_code == 403
    listed = program.get("tokens").json()["items"]
    assert made["secret"] not in json.dumps(listed)
    assert [each["last_used_at"] for each in listed if each["token"] == made["token"]] != [None]


def test_a_bearer_beside_a_cookie_is_what_counts(stack, member):
    for header in ("Bearer nonsense", "Bearer", "", "Basic YTpi"):
        assert member.get("/api/v1/me", headers={"Authorization": header}).status_code == 401
