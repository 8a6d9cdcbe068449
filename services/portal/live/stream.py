"""The live stream: GET /live as server-sent events, in a process of its own (granian, ASGI).

A viewer shows the session cookie and then hears

    data: {"facility": "LAB-1"}     this row changed
    data: {"facility": "*"}         news may have been missed: fetch all rows again

and a comment every fifteen seconds. One Redis subscription serves all viewers: one each
would end at the client's hundred connections.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from time import time
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.contracts.messaging import encoding
from services.portal.config import is_on, origin_of, session_cookie
from services.portal.live import BOARD_CHANNEL, EVERYTHING
from services.portal.live.viewer import Viewer
from services.portal.session_record import ENDED_CHANNEL, Session, hash_of, is_id, key_of

BEAT_SECONDS = 15
PATIENCE_SECONDS = 1
MOST_PER_SESSION = 20

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class Stream:
    """The ASGI application. Settings: REDIS_URL, PUBLIC_URL, SECURE_COOKIES."""

    def __init__(self, environment: Mapping[str, str], beat_seconds: float = BEAT_SECONDS):
        self.environment = environment
        self.beat_seconds = beat_seconds
        self.viewers: set[Viewer] = set()
        self.tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        elif scope["type"] == "http":
            await self.answer(scope, receive, send)

    async def live(self, receive: Receive, send: Send) -> None:
        """Start and stop with the server."""
        await receive()
        self.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    def start(self) -> None:
        self.cookie = session_cookie(is_on(self.environment.get("SECURE_COOKIES")))
        self.origin = origin_of(self.environment["PUBLIC_URL"])
        self.redis = Redis.from_url(
            self.environment["REDIS_URL"], decode_responses=True, socket_connect_timeout=1, health_check_interval=10
        )
        self.tasks = [asyncio.create_task(self.listen()), asyncio.create_task(self.beat())]

    async def stop(self) -> None:
        for viewer in self.viewers:
            viewer.end()
        for task in self.tasks:
            task.cancel()
        await self.redis.aclose()

    async def listen(self) -> None:
        """Hand each piece of news to its viewers; when Redis was away, tell them to start anew."""
        while True:
            with suppress(RedisError, OSError):
                async with self.redis.pubsub() as subscription:
                    await subscription.subscribe(BOARD_CHANNEL, ENDED_CHANNEL)
                    self.tell_all(EVERYTHING)
                    async for message in subscription.listen():
                        self.take(message)
            await asyncio.sleep(PATIENCE_SECONDS)

    def take(self, message: Mapping[str, Any]) -> None:
        if message["type"] != "message":
            return
        if message["channel"] == BOARD_CHANNEL:
            self.tell_all(encoding.loads(message["data"])["facility"])
            return
        for viewer in self.viewers:
            if viewer.session == message["data"]:
                viewer.end()

    def tell_all(self, facility: str) -> None:
        for viewer in self.viewers:
            viewer.tell(facility)

    async def beat(self) -> None:
        """Keep connections open, and close those whose session ended by itself."""
        while True:
            await asyncio.sleep(self.beat_seconds)
            with suppress(RedisError, OSError):
                await self.end_outlived(list(self.viewers))
            for viewer in self.viewers:
                viewer.woken.set()

    async def end_outlived(self, viewers: list[Viewer]) -> None:
        records = await self.redis.mget([viewer.key for viewer in viewers]) if viewers else []
        for viewer, record in zip(viewers, records, strict=True):
            if not is_alive(record):
                viewer.end()

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["path"] == "/healthz":
            await self.close(send, 200)
        elif scope["path"] != "/live" or scope["method"] != "GET":
            await self.close(send, 404)
        else:
            status, session_id = await self.admitted(headers)
            if status == 200:
                await self.follow(Viewer(session_id), receive, send, headers)
            else:
                await self.close(send, status, headers)

    async def admitted(self, headers: Mapping[str, str]) -> tuple[int, str]:
        """200 and the session's id, or why not. Looking does not make a session live longer."""
        session_id = cookie_of(headers.get("cookie", ""), self.cookie)
        if not is_id(session_id):
            return 401, ""
        try:
            record = await self.redis.get(key_of(session_id))
        except (RedisError, OSError):
            return 503, ""
        if not is_alive(record):
            return 401, ""
        crowd = sum(viewer.session == hash_of(session_id) for viewer in self.viewers)
        return (200, session_id) if crowd < MOST_PER_SESSION else (429, "")

    async def follow(self, viewer: Viewer, receive: Receive, send: Send, headers: Mapping[str, str]) -> None:
        """Send until either side ends."""
        self.viewers.add(viewer)
        leaving = asyncio.create_task(departure(receive))
        leaving.add_done_callback(lambda _task: viewer.end())
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.headers(headers)})
            await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
            while not viewer.ended:
                text = await viewer.text()
                await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            self.viewers.discard(viewer)
            leaving.cancel()

    async def close(self, send: Send, status: int, headers: Mapping[str, str] | None = None) -> None:
        await send({"type": "http.response.start", "status": status, "headers": self.headers(headers or {})})
        await send({"type": "http.response.body", "body": b""})

    def headers(self, asked: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
        found = {
            "content-type": "text/event-stream",
            "cache-control": "no-store",
            "x-accel-buffering": "no",
            "x-content-type-options": "nosniff",
            "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
            "strict-transport-security": "max-age=63072000; includeSubDomains",
            "referrer-policy": "no-referrer",
            "vary": "Origin",
        }
        if asked.get("origin") == self.origin:  # the portal's pages may come from another port
            found |= {"access-control-allow-origin": self.origin, "access-control-allow-credentials": "true"}
        return [(name.encode(), value.encode()) for name, value in found.items()]


def cookie_of(header: str, name: str) -> str | None:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value for found, _, value in pairs if found == name), None)


def is_alive(record: str | None) -> bool:
    return record is not None and not Session.from_text(record).is_over(time())


async def departure(receive: Receive) -> None:
    """Wait until the browser is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


app = Stream(os.environ)
