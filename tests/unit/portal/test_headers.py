"""What every answer carries, whatever it is."""

import logging

import pytest

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ADDRESSES = [
    "/probe", "/healthz", "/readyz", "/api/v1/me", "/api/docs", "/api/openapi.json", "/no", "/api/no", "/static/no",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_guarded(visitor, address):
    headers = visitor.get(address).headers
    assert FIXED.items() <= dict(headers).items()
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "max-age=63072000; includeSubDomains" in headers["Strict-Transport-Security"]
    assert headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in headers


def test_the_live_stream_s_host_may_be_connected_to(services, redis, settings):
    from dataclasses import replace

    from services.portal.app import create_app

    app = create_app(replace(settings, live_url="http://127.0.0.1:8001/live"), services, redis)
    policy = app.test_client().get("/healthz").headers["Content-Security-Policy"]
    assert "connect-src 'self' http://127.0.0.1:8001;" in policy
    assert app.config["LIVE_URL"] == "http://127.0.0.1:8001/live"


def test_a_foreign_origin_is_not_reflected(visitor):
    headers = visitor.get("/api/v1/me", headers={"Origin": "http://evil.example"}).headers
    assert "evil" not in str(headers)


def test_the_docs_page_has_nothing_inline(visitor):
    text = visitor.get("/api/docs").text
    assert "<style" not in text
    assert "style=" not in text
    assert all("src=" in tag for tag in text.split("<script")[1:])


@pytest.mark.parametrize("given", ["abc-123", "A" * 80, "trace:1.2_3"])
def test_a_request_id_is_echoed_and_travels(visitor, given):
    assert visitor.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "A" * 81, "a b", "<script>", "ü", "a\x7f"])
def test_an_odd_request_id_is_replaced(visitor, given):
    made = visitor.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert len(made) == 32
    assert made != given


def test_each_request_writes_one_line(program, caplog):
    with caplog.at_level(logging.INFO, "portal.requests"):
        program("read").get("/api/v1/reservations?team=team-01", headers={"X-Request-Id": "abc"})
    (line,) = [record for record in caplog.records if record.name == "portal.requests"]
    told = (line.method, line.path, line.status, line.person)
    assert told == ("GET", "/api/v1/reservations", 200, "lead01")
    assert "pbb_" not in str(line.__dict__)
