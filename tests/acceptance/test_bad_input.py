"""Bad input: a clear 4xx with its code, nothing stored, nothing passed on."""

from datetime import datetime, timedelta

import httpx
import pytest

START = datetime.now().astimezone().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=5)
GOOD = {
    "facility": "LAB-3",
    "team": "team-21",
    "purpose": "盐雾对比",
    "starts_at": START.isoformat(),
    "ends_at": (START + timedelta(hours=2)).isoformat(),
}


@pytest.fixture
def member(api):
    return api("member21")


@pytest.fixture
def nothing_stored(verify):
    count = "SELECT (SELECT count(*) FROM verify.occupancy WHERE team = 'team-21') AS stored"
    before = verify("booking", count)
    yield
    assert verify("booking", count) == before


@pytest.mark.parametrize(
    ("change", "status", "code", "where"),
    [
        ({"starts_at": "2026-12-01T10:00"}, 422, "invalid_input", "starts_at"),
        ({"starts_at": "soon"}, 422, "invalid_input", "starts_at"),
        ({"starts_at": 12345}, 422, "invalid_input", "starts_at"),
        ({"starts_at": None}, 422, "invalid_input", "starts_at"),
        ({"ends_at": GOOD["starts_at"]}, 422, "invalid_input", "ends_at"),
        ({"ends_at": (START - timedelta(hours=1)).isoformat()}, 422, "invalid_input", "ends_at"),
        ({"facility": "LAB-99"}, 422, "invalid_input", "facility"),
        ({"facility": "'; DROP TABLE units; --"}, 422, "invalid_input", "facility"),
        ({"team": "team-99"}, 422, "invalid_input", "team"),
        ({"team": "team-22"}, 422, "invalid_input", "team"),
        ({"project": "none-such"}, 422, "invalid_input", "project"),
        ({"purpose": ""}, 422, "invalid_input", "purpose"),
        ({"purpose": "x" * 10_000}, 422, "invalid_input", "purpose"),
        ({"purpose": "line\r\nBcc: all@example.com\x00"}, 422, "invalid_input", "purpose"),
        ({"purpose": ["a"]}, 422, "invalid_input", "purpose"),
        ({"state": "approved"}, 422, "invalid_input", "state"),
        ({"starts_at": (START + timedelta(minutes=7)).isoformat()}, 422, "rule_broken", "not_whole_grid"),
        (
            {
                "starts_at": (START - timedelta(days=9)).isoformat(),
                "ends_at": (START - timedelta(days=9, hours=-2)).isoformat(),
            },
            422,
            "rule_broken",
            "in_the_past",
        ),
        (
            {
                "starts_at": (START + timedelta(days=900)).isoformat(),
                "ends_at": (START + timedelta(days=900, hours=2)).isoformat(),
            },
            422,
            "rule_broken",
            "beyond_horizon",
        ),
        ({"ends_at": (START + timedelta(days=366)).isoformat()}, 422, "rule_broken", "too_long"),
    ],
)
def test_a_wrong_request_is_named_and_not_stored(member, nothing_stored, change, status, code, where):
    response = member.post("reservations", json=GOOD | change)
    assert (response.status_code, response.json()["code"]) == (status, code), response.text
    named = response.json().get("errors") or [violation["rule"] for violation in response.json()["violations"]]
    assert where in named


@pytest.mark.parametrize(
    ("body", "kind", "statuses"),
    [
        (b"{not json", "application/json", {400, 422}),
        (b"", "application/json", {400, 422}),
        (b"\xff\xfe", "application/json", {400, 422}),
        (b"[]", "application/json", {400, 422}),
        (b"null", "application/json", {400, 422}),
        (b"a=b", "application/x-www-form-urlencoded", {400, 415, 422}),
        (b'{"purpose": "' + b"x" * 5_000_000 + b'"}', "application/json", {413}),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "application/json", {400, 422}),
    ],
)
def test_a_body_that_is_none(member, nothing_stored, body, kind, statuses):
    response = member.post("reservations", content=body, headers={"Content-Type": kind})
    assert response.status_code in statuses, response.text[:300]
    assert response.json()["code"]


@pytest.mark.parametrize("purpose", ["<script>alert(1)</script>", "🔥 emoji 测试", "{{ 7 * 7 }}", "' OR 1=1 --"])
def test_texts_that_only_look_dangerous_are_kept_and_shown_escaped(member, api, slots, purpose):
    made = member.reserve("LAB-3", slots("LAB-3"), team="team-21", purpose=purpose)
    assert made.status_code == 201, made.text
    assert member.get(f"reservations/{made.json()['id']}").json()["purpose"] == purpose
    member.step(made.json()["id"], "withdraw")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "reservations/not-a-uuid", 404),
        ("GET", "reservations/00000000-0000-4000-8000-000000000000", 404),
        ("GET", "facilities/LAB-99", 404),
        ("GET", "nothing-here", 404),
        ("PUT", "reservations", 405),
        ("GET", "board?from=yesterday&to=tomorrow", 422),
        ("GET", "board", 422),
        ("GET", "board?from=2026-11-01T00:00:00%2B08:00&to=2036-11-01T00:00:00%2B08:00", 422),
        ("GET", "free-slots?facility=LAB-3&minutes=-5&from=2026-12-01T00:00:00Z&to=2026-12-02T00:00:00Z", 422),
        ("GET", "reservations?state=daydreaming", 422),
        ("GET", "reservations?cursor=%00%ff", 422),
    ],
)
def test_a_wrong_address(member, method, path, status):
    response = member.request(method, path)
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.json()["code"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer pbb_" + "a" * 32 + "000000"},
    ],
)
def test_who_is_not_known_is_refused(stack, headers):
    for path in (
        "me",
        "board?from=2026-12-01T00:00:00Z&to=2026-12-02T00:00:00Z",
        "reservations",
        "deliveries?reservation=x",
    ):
        response = httpx.get(f"{stack.portal}/api/v1/{path}", headers=headers)
        assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")


def test_a_revoked_token_is_dead_within_five_seconds(stack, api):
    from tests.acceptance.stack import Api
    from tests.waiting import until

    made = api("lead21").post("tokens", json={"name": "试验", "scopes": ["read"]})
    assert made.status_code == 201, made.text
    client = Api(stack.portal, made.json()["secret"])
    assert client.get("me").status_code == 200
    assert client.reserve("LAB-3", (START, START + timedelta(hours=2)), team="team-21").status_code == 403
    assert api("lead21").delete(f"tokens/{made.json()['token']}").status_code in (200, 204)
    until(lambda: client.get("me").status_code == 401, 5)
