"""The rules of limits, on a real Redis."""

from services.portal.app import connect
from services.portal.limits import Limits
from tests.integration.processes import free_port
from tests.unit.portal.test_limits import *  # noqa: F403
from tests.unit.portal.test_limits import allowed


def test_counters_go_by_themselves(limits, redis):
    allowed(limits, 3)
    assert redis.keys("limit:*")
    assert all(0 < redis.ttl(key) <= 120 for key in redis.keys("limit:*"))


def test_without_redis_a_tenth_is_allowed():
    assert allowed(Limits(connect(f"redis://127.0.0.1:{free_port()}/0"), per_minute=100), 50) == 10
