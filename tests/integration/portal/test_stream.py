"""The live stream over HTTP, fed through Redis."""

import json
import threading
import time
from contextlib import ExitStack

import httpx
import pytest

from services.portal import session_record
from services.portal.live import BOARD_CHANNEL
from services.portal.sessions import Sessions
from tests.waiting import until


class Board:
    """A browser's open board: collects what it hears until the stream ends."""

    def __init__(self, stream, session_id, **headers):
        self.heard = []
        self.ended = threading.Event()
        self.response = None
        cookie = {"Cookie": f"language=en; session={session_id}"}
        self.thread = threading.Thread(target=self.listen, args=(f"{stream.address}/live", cookie | headers))
        self.thread.start()
        until(lambda: self.response is not None)

    def listen(self, address, headers):
        try:
            with httpx.stream("GET", address, headers=headers, timeout=20) as self.response:
                for line in self.response.iter_lines():
                    if line.startswith("data: "):
                        self.heard.append(json.loads(line.removeprefix("data: ")))
        finally:
            self.ended.set()


@pytest.fixture
def sessions(redis):
    return Sessions(redis)


@pytest.fixture
def watch(stream, sessions):
    """watch() opens a board; all are closed at the end."""
    with ExitStack() as stack:

        def watching(session_id=None, **headers):
            session_id = session_id or sessions.begin("lead01")
            board = Board(stream, session_id, **headers)
            stack.callback(board.thread.join, 5)
            stack.callback(sessions.end, session_id)
            return board

        yield watching


def publish(redis, facility):
    redis.publish(BOARD_CHANNEL, json.dumps({"facility": facility}))


def test_a_board_hears_which_row_changed_and_nothing_else(watch, redis):
    board = watch()
    publish(redis, "LAB-1")
    assert until(lambda: board.heard) == [{"facility": "LAB-1"}]


def test_all_boards_hear_it_soon(watch, redis):
    boards = [watch() for _ in range(20)]
    began = time.monotonic()
    publish(redis, "LAB-1")
    until(lambda: all(board.heard for board in boards))
    assert time.monotonic() - began < 2


def test_a_burst_is_told_in_few_messages(watch, redis):
    board = watch()
    for _ in range(500):
        publish(redis, "LAB-1")
    publish(redis, "LAB-2")
    until(lambda: {"facility": "LAB-2"} in board.heard)
    assert len(board.heard) < 50


def test_signing_out_closes_the_board(watch, sessions):
    session_id = sessions.begin("lead01")
    board, other = watch(session_id), watch()
    sessions.end(session_id)
    assert board.ended.wait(3)
    assert not other.ended.is_set()


@pytest.mark.parametrize("cookie", ["", "session=", "session=x", "session={}", "other=1"])
def test_a_stranger_hears_nothing(stream, redis, cookie):
    cookie = cookie.format(session_record.new_id())
    assert httpx.get(f"{stream.address}/live", headers={"Cookie": cookie}).status_code == 401


def test_a_day_old_session_is_over(stream, redis):
    old = Sessions(redis, lambda: time.time() - session_record.LONGEST_SECONDS).begin("lead01")
    assert httpx.get(f"{stream.address}/live", headers={"Cookie": f"session={old}"}).status_code == 401


def test_watching_does_not_make_a_session_live_longer(watch, sessions, redis):
    session_id = sessions.begin("lead01")
    redis.expire(session_record.key_of(session_id), 10)
    watch(session_id)
    assert redis.ttl(session_record.key_of(session_id)) <= 10


def test_only_our_own_pages_may_read_it(watch):
    ours = watch(Origin="http://127.0.0.1:8000").response.headers
    assert ours["Access-Control-Allow-Origin"] == "http://127.0.0.1:8000"
    assert ours["Access-Control-Allow-Credentials"] == "true"
    assert "Access-Control-Allow-Origin" not in watch(Origin="http://evil.example").response.headers


def test_a_session_opens_so_many_boards_and_no_more(watch, stream, sessions):
    session_id = sessions.begin("lead01")
    for _ in range(20):
        watch(session_id)
    assert httpx.get(f"{stream.address}/live", headers={"Cookie": f"session={session_id}"}).status_code == 429


def test_every_answer_is_guarded(stream):
    for path in ("/live", "/nothing", "/healthz"):
        headers = httpx.get(f"{stream.address}{path}").headers
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "Referrer-Policy" in headers


def test_other_addresses_are_not_there(stream):
    assert httpx.get(f"{stream.address}/").status_code == 404
    assert httpx.post(f"{stream.address}/live").status_code == 404


def test_when_redis_lost_the_stream_all_rows_are_fetched_again(watch, redis):
    board = watch()
    redis.client_kill_filter(_type="pubsub")
    assert until(lambda: board.heard, seconds=5) == [{"facility": "*"}]
    publish(redis, "LAB-1")
    until(lambda: {"facility": "LAB-1"} in board.heard)
