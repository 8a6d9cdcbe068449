"""Sessions. The rules in this file run on the fake Redis here and on a real one in the integration ring."""

import re
from types import SimpleNamespace

import pytest

from services.portal import session_record
from services.portal.sessions import Sessions


@pytest.fixture
def clock():
    """A clock that tests set."""
    return SimpleNamespace(now=1_800_000_000.0)


@pytest.fixture
def sessions(redis, clock):
    return Sessions(redis, lambda: clock.now)


def test_a_session_is_found_again(sessions, clock):
    session_id = sessions.begin("lead01")
    assert sessions.find(session_id) == session_record.Session("lead01", clock.now)


def test_an_id_has_256_random_bits_and_is_kept_as_a_hash_only(sessions, redis):
    ids = {sessions.begin("lead01") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", each) for each in ids)
    session_id = ids.pop()
    assert redis.getex(f"session:{session_id}", ex=10) is None
    assert redis.getex(session_record.key_of(session_id), ex=10) is not None


def test_an_ended_session_is_gone(sessions):
    session_id = sessions.begin("lead01")
    sessions.end(session_id)
    assert sessions.find(session_id) is None


def test_a_session_ends_after_a_day_however_busy(sessions, clock):
    session_id = sessions.begin("lead01")
    clock.now += session_record.LONGEST_SECONDS - 1
    assert sessions.find(session_id)
    clock.now += 1
    assert sessions.find(session_id) is None
    clock.now -= 2
    assert sessions.find(session_id) is None


def test_an_unknown_id_is_nobody(sessions):
    assert sessions.find(session_record.new_id()) is None
