"""The rules of sessions, on a real Redis."""

import time

import pytest

from services.contracts.errors import Unavailable
from services.portal import session_record
from services.portal.app import connect
from services.portal.sessions import Sessions
from tests.integration.processes import free_port
from tests.unit.portal.test_sessions import *  # noqa: F403


def test_the_record_lives_for_an_idle_hour(sessions, redis):
    key = session_record.key_of(sessions.begin("lead01"))
    assert session_record.IDLE_SECONDS - 5 <= redis.ttl(key) <= session_record.IDLE_SECONDS
    redis.expire(key, 10)
    sessions.find(sessions.begin("lead01"))
    assert redis.ttl(key) <= 10


def test_a_request_makes_it_live_longer(sessions, redis):
    session_id = sessions.begin("lead01")
    redis.expire(session_record.key_of(session_id), 10)
    sessions.find(session_id)
    assert redis.ttl(session_record.key_of(session_id)) > 10


def test_without_redis_the_refusal_comes_at_once():
    sessions = Sessions(connect(f"redis://127.0.0.1:{free_port()}/0"))
    began = time.monotonic()
    with pytest.raises(Unavailable):
        sessions.find(session_record.new_id())
    assert time.monotonic() - began < 1
