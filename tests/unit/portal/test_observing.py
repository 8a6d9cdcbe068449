"""Health, readiness and figures."""

import sys

import pytest

from services.contracts.errors import Unavailable
from services.portal.health import SERVICES

FROM_OUTSIDE = {"REMOTE_ADDR": "8.8.8.8"}


@pytest.fixture
def services(services):
    services.answers |= {(name, "ping"): {"service": name, "ready": True} for name in SERVICES}
    return services


def test_ready_when_everything_answers(visitor):
    response = visitor.get("/readyz")
    assert (response.status_code, response.json) == (200, {"ready": True, "missing": []})


def test_what_is_missing_is_named(visitor, services, redis):
    services.answers["booking", "ping"] = Unavailable()
    redis.away = True
    response = visitor.get("/readyz")
    assert (response.status_code, response.json) == (503, {"ready": False, "missing": ["redis", "booking"]})
    assert visitor.get("/healthz").status_code == 200


def test_asking_often_does_not_ask_the_services_often(visitor, services):
    for _ in range(5):
        visitor.get("/readyz")
    assert len(services.calls) == len(SERVICES)


def test_requests_and_calls_are_counted(program, visitor):
    program("read").get("/api/v1/facilities/LAB-1")
    text = visitor.get("/metrics").text
    route = "/api/v1/facilities/<code:facility>"
    assert f'http_requests_total{{method="GET",route="{route}",status="200"}}' in text
    assert f'http_request_seconds_bucket{{le="0.5",method="GET",route="{route}"}}' in text
    assert 'portal_calls_seconds_count{outcome="ok",service="facilities"}' in text
    assert "LAB-1" not in text


def test_figures_are_not_for_the_public(visitor):
    assert visitor.get("/metrics", environ_base=FROM_OUTSIDE).status_code == 404
    assert visitor.get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 404


def test_the_web_process_has_no_eventlet():
    """Asked in a fresh interpreter, since other tests may have loaded it here."""
    import subprocess

    program = (
        "import sys, services.portal.app; "
        "print([name for name in ('eventlet', 'nameko', 'sqlalchemy') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("", "/live"), ("http://127.0.0.1:8001", "http://127.0.0.1:8001/live"), ("/news", "/news"),
        ("https://base.example/", "https://base.example/live"), ("https://a.example/live", "https://a.example/live"),
    ],
)
def test_where_the_live_stream_is(given, address):
    from services.portal.config import Settings

    needed = {"PORTAL_AMQP_URL": "a", "REDIS_URL": "r", "SECRET_KEY": "s", "PUBLIC_URL": "p"}
    assert Settings.from_environment(needed | {"LIVE_URL": given}).live_url == address


def test_missing_settings_are_all_named():
    from services.portal.config import MissingSettings, Settings

    with pytest.raises(MissingSettings, match="PORTAL_AMQP_URL, SECRET_KEY, PUBLIC_URL"):
        Settings.from_environment({"REDIS_URL": "redis://x"})
