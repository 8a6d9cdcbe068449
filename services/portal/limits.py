"""How often one may ask: so many requests in each minute, per credential and per address.

The counters live in Redis, shared by all workers. While Redis is away each worker counts
for itself and allows a tenth: somebody at work does not notice, a flood does not get far.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from threading import Lock
from time import time

from flask import Flask, current_app, request
from redis import Redis, RedisError

from services.contracts.errors import TooManyRequests
from services.portal.config import Settings

WINDOW_SECONDS = 60
PEOPLE_PER_ADDRESS = 5
STRICTER = 10
REST_SECONDS = 5
FREE = ("/static/", "/healthz", "/readyz", "/metrics")


class Limits:
    """Counts in fixed windows."""

    def __init__(self, redis: Redis, per_minute: int, clock: Callable[[], float] = time):
        self.redis = redis
        self.per_minute = per_minute
        self.clock = clock
        self.rests_until = 0.0
        self.window = 0
        self.local: Counter[str] = Counter()
        self.turn = Lock()

    def check(self, address: str, credential: str | None = None) -> None:
        """Count one request. Raises TooManyRequests with ``retry_after``, the seconds left of the window."""
        allowed = {f"address:{address}": self.per_minute * PEOPLE_PER_ADDRESS}
        if credential:
            allowed[f"credential:{hashlib.sha256(credential.encode()).hexdigest()}"] = self.per_minute
        now = self.clock()
        window, passed = divmod(int(now), WINDOW_SECONDS)
        counts, part = self.counted(list(allowed), window, now)
        if any(count > limit // part for count, limit in zip(counts, allowed.values(), strict=True)):
            raise TooManyRequests(retry_after=WINDOW_SECONDS - passed)

    def counted(self, names: list[str], window: int, now: float) -> tuple[list[int], int]:
        """The counts of this window, and by how much the limits shrink."""
        if now >= self.rests_until:
            try:
                return self.counted_together([f"limit:{name}:{window}" for name in names]), 1
            except RedisError:
                # Not asked again for a while: every request would wait for it.
                self.rests_until = now + REST_SECONDS
        return self.counted_alone(names, window), STRICTER

    def counted_together(self, keys: list[str]) -> list[int]:
        with self.redis.pipeline(transaction=False) as pipeline:
            for key in keys:
                pipeline.incr(key)
            counts = pipeline.execute()
            fresh = [key for key, count in zip(keys, counts, strict=True) if count == 1]
            for key in fresh:
                pipeline.expire(key, 2 * WINDOW_SECONDS)
            if fresh:
                pipeline.execute()
        return counts

    def counted_alone(self, names: list[str], window: int) -> list[int]:
        with self.turn:
            if window != self.window:
                self.window, self.local = window, Counter()
            self.local.update(names)
            return [self.local[name] for name in names]


def check() -> None:
    """Count the present request."""
    if request.path.startswith(FREE):
        return
    credential = request.headers.get("Authorization") or request.cookies.get(current_app.config["SESSION_ID_COOKIE"])
    current_app.extensions["limits"].check(request.remote_addr or "unknown", credential)


def attach(app: Flask, redis: Redis, settings: Settings) -> None:
    app.extensions["limits"] = Limits(redis, settings.requests_per_minute)
    app.before_request(check)
