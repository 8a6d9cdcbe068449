"""Whether the portal lives, and whether it can work."""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import monotonic
from typing import Any

from cachetools import TTLCache
from flask import Blueprint, Flask, Response, current_app
from redis import Redis, RedisError

from services.contracts.errors import Refusal
from services.contracts.messaging import encoding
from services.portal.gateway import Gateway

SERVICES = ("accounts", "facilities", "booking", "notify")
SECONDS = 1.0

blueprint = Blueprint("health", __name__)


class Readiness:
    """Asks everything the portal needs at once. The answer holds for a second, whoever asks."""

    def __init__(self, gateway: Gateway, redis: Redis):
        self.gateway = gateway
        self.redis = redis
        self.pool = ThreadPoolExecutor(len(SERVICES), thread_name_prefix="ready")
        self.known: TTLCache[str, list[str]] = TTLCache(1, SECONDS, timer=monotonic)
        self.turn = Lock()

    def missing(self) -> list[str]:
        with self.turn:
            if "missing" not in self.known:
                self.known["missing"] = self.asked()
            return self.known["missing"]

    def asked(self) -> list[str]:
        answers = self.pool.map(self.answers, SERVICES)
        found = [name for name, answered in zip(SERVICES, answers, strict=True) if not answered]
        return found if self.redis_answers() else ["redis", *found]

    def answers(self, service: str) -> bool:
        try:
            return bool(self.gateway.call(service, "ping", deadline=SECONDS)["ready"])
        except Refusal:
            return False

    def redis_answers(self) -> bool:
        try:
            return bool(self.redis.ping())
        except RedisError:
            return False


@blueprint.get("/healthz")
def healthz() -> Response:
    """Alive. Says nothing about others, so that a restart cures what it can."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    missing = current_app.extensions["readiness"].missing()
    body: dict[str, Any] = {"ready": not missing, "missing": missing}
    return Response(encoding.dumps(body), 503 if missing else 200, mimetype="application/json")


def attach(app: Flask, gateway: Gateway, redis: Redis) -> None:
    app.extensions["readiness"] = Readiness(gateway, redis)
    app.register_blueprint(blueprint)
