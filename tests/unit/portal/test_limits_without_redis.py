"""While Redis is away each worker counts for itself, and allows less."""

from types import SimpleNamespace

import pytest

from services.portal.limits import REST_SECONDS, Limits
from tests.unit.portal.test_limits import allowed


@pytest.fixture
def clock():
    return SimpleNamespace(now=1_800_000_000.0)


@pytest.fixture
def limits(redis, clock):
    redis.away = True
    return Limits(redis, per_minute=200, clock=lambda: clock.now)


def test_a_tenth_is_allowed(limits):
    assert allowed(limits, 20) == 20
    assert allowed(limits, 20) == 0


def test_so_it_is_for_an_address(limits):
    assert sum(allowed(limits, 20, credential=f"token {number}") for number in range(10)) == 100


def test_redis_is_left_alone_for_a_while_and_then_asked_again(limits, redis, clock):
    allowed(limits, 1)
    redis.away = False
    allowed(limits, 1)
    assert redis.values == {}
    clock.now += REST_SECONDS
    allowed(limits, 1)
    assert len(redis.values) == 2


def test_each_minute_is_a_new_one(limits, clock):
    assert allowed(limits, 100) == 20
    clock.now += 60
    assert allowed(limits, 100) == 20


def test_the_portal_says_429_with_a_time(services, redis, settings):
    from dataclasses import replace

    from services.portal.app import create_app

    client = create_app(replace(settings, requests_per_minute=3), services, redis).test_client()
    answers = [client.get("/api/v1/me", headers={"Authorization": "Bearer pbb_read"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].json["code"] == "too_many_requests"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert client.get("/healthz").status_code == 200


def test_a_forged_address_counts_as_the_real_one(services, redis, settings):
    from dataclasses import replace

    from services.portal.app import create_app

    client = create_app(replace(settings, requests_per_minute=1), services, redis).test_client()
    statuses = [client.get("/api/v1/me", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(7)]
    assert statuses == [401] * 5 + [429] * 2
