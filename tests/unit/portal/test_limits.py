"""How often one may ask. The rules in this file run on a real Redis too, in the integration ring."""

from types import SimpleNamespace

import pytest

from services.contracts.errors import TooManyRequests
from services.portal.limits import Limits


@pytest.fixture
def clock():
    return SimpleNamespace(now=1_800_000_000.0)


@pytest.fixture
def limits(redis, clock):
    return Limits(redis, per_minute=20, clock=lambda: clock.now)


def allowed(limits, times, address="10.0.0.1", credential="token"):
    """How many of so many requests pass."""
    passed = 0
    for _ in range(times):
        try:
            limits.check(address, credential)
            passed += 1
        except TooManyRequests:
            pass
    return passed


def test_a_credential_has_its_share(limits):
    assert allowed(limits, 30) == 20


def test_others_have_their_own(limits):
    allowed(limits, 30)
    assert allowed(limits, 1, credential="another") == 1


def test_an_address_has_the_share_of_five(limits):
    assert sum(allowed(limits, 20, credential=f"token {number}") for number in range(10)) == 100


def test_an_address_without_credential_counts_too(limits):
    assert allowed(limits, 200, credential=None) == 100


def test_the_next_minute_is_a_new_one(limits, clock):
    allowed(limits, 30)
    clock.now += 60
    assert allowed(limits, 30) == 20


def test_who_must_wait_learns_how_long(limits, clock):
    clock.now += 60 - clock.now % 60 + 13
    allowed(limits, 20)
    with pytest.raises(TooManyRequests) as refusal:
        limits.check("10.0.0.1", "token")
    assert refusal.value.facts == {"retry_after": 47}


def test_two_workers_count_together(redis, clock):
    workers = [Limits(redis, 20, lambda: clock.now) for _ in range(2)]
    assert sum(allowed(worker, 20) for worker in workers) == 20
