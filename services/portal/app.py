"""Puts the portal together: ``services.portal.app:create_app()`` for gunicorn."""

import os
from typing import Any

from flask import Flask, request
from flask.json.provider import JSONProvider
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from services.contracts.messaging import encoding
from services.contracts.messaging.client import RpcClient
from services.portal import (
    api,
    errors,
    health,
    identities,
    language,
    limits,
    metrics,
    pages,
    requests_log,
    security,
    sessions,
    wechat,
)
from services.portal.api import answers
from services.portal.config import Settings
from services.portal.gateway import Client, Gateway

LARGEST_BODY = 1024 * 1024
REDIS_SECONDS = 0.5


class Orjson(JSONProvider):
    """Times as UTC with an offset, and a thousand rows in a millisecond."""

    def dumps(self, obj: Any, **_options: Any) -> str:
        return encoding.dumps(obj).decode()

    def loads(self, s: str | bytes, **_options: Any) -> Any:
        return encoding.loads(s)


def create_app(
    settings: Settings | None = None, client: Client | None = None, redis: Redis | None = None
) -> Flask:
    """The portal; without arguments as the environment says. Raises MissingSettings."""
    settings = settings or Settings.from_environment(os.environ)
    redis = redis or connect(settings.redis_url)
    gateway = Gateway(client or RpcClient(settings.amqp_url))
    app = Flask(__name__)
    configure(app, settings)
    app.extensions["gateway"] = gateway
    # The order is that of the doors: each request is named, measured and counted before it is served,
    # and what is attached first sees an answer last.
    requests_log.attach(app)
    metrics.attach(app)
    app.before_request(read_body)
    security.attach(app, settings)
    limits.attach(app, redis, settings)
    identities.attach(app, gateway)
    sessions.attach(app, redis)
    answers.attach(app)
    language.attach(app)
    errors.attach(app)
    health.attach(app, gateway, redis)
    api.attach(app)
    app.register_blueprint(pages.blueprint)
    wechat.attach(app, redis, settings)
    return app


def configure(app: Flask, settings: Settings) -> None:
    app.json = Orjson(app)
    app.url_map.strict_slashes = False
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        LIVE_URL=settings.live_url,
        SESSION_ID_COOKIE=settings.session_cookie,
        # Flask's own signed cookie carries one-time notices between two pages, nothing else.
        SESSION_COOKIE_NAME="notices",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    if settings.trusted_proxies:
        proxies = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)


def connect(redis_url: str) -> Redis:
    """A client that gives up soon, since what Redis holds can be done without.

    One more try heals a connection that died while idle.
    """
    return Redis.from_url(
        redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 1), decode_responses=True,
    )


def read_body() -> None:
    """Read it here, once, so that a body too large or broken off is refused as such wherever it is used."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise RequestEntityTooLarge
    try:
        body = request.get_data()
    except OSError as error:  # chunks that are none, or a sender who went away
        raise errors.Malformed from error
    if request.content_length is None and len(body) >= LARGEST_BODY:
        raise RequestEntityTooLarge  # it came in chunks, and was cut off there
