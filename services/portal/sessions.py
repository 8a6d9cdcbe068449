"""Who is signed in.

For the pages:

    sign_in(name, password)    begins a session and returns the identity; raises Unauthenticated, TooManyRequests
    enter(identity)            begins one for a person who was recognised otherwise
    sign_out()                 ends it
    current_identity()         {person, name, email, language, active, roles, manages, teams}, or None
    signed_in                  decorator of a view: raises Unauthenticated for a visitor

The cookie is set and cleared when the answer leaves. Every visitor has an id in it, signed
in or not, so that forms can be told from forged ones (security.py); the id changes whenever
somebody signs in or out. Redis holds the records, and when it is gone nobody is known:
Unavailable is raised, while callers with a token work on.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from time import time
from typing import Any

from flask import Flask, Response, current_app, g, request
from redis import Redis, RedisError

from services.contracts.errors import Unauthenticated, Unavailable
from services.portal import session_record
from services.portal.gateway import gateway
from services.portal.identities import identities
from services.portal.session_record import Session


class Sessions:
    """The records in Redis. Every method raises Unavailable when Redis does not answer."""

    def __init__(self, redis: Redis, clock: Callable[[], float] = time):
        self.redis = redis
        self.clock = clock

    def begin(self, person: str) -> str:
        session_id = session_record.new_id()
        record, own = Session(person, self.clock()).to_text(), session_record.sessions_of(person)
        with reachable():
            self.redis.sadd(own, session_record.hash_of(session_id))
            self.redis.expire(own, session_record.LONGEST_SECONDS)
            self.redis.set(session_record.key_of(session_id), record, ex=session_record.IDLE_SECONDS)
        return session_id

    def find(self, session_id: str) -> Session | None:
        """The session of this id, which lives on for another hour."""
        with reachable():
            record = self.redis.getex(session_record.key_of(session_id), ex=session_record.IDLE_SECONDS)
        if record is None:
            return None
        session = Session.from_text(record)
        if session.is_over(self.clock()):
            self.end(session_id)
            return None
        return session

    def end(self, session_id: str) -> None:
        """Forget the session, and have its live streams closed."""
        with reachable():
            self.redis.delete(session_record.key_of(session_id))
            self.redis.publish(session_record.ENDED_CHANNEL, session_record.hash_of(session_id))


class reachable:
    """Turns a silent Redis into Unavailable."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: Any, error: BaseException | None, _traceback: Any) -> None:
        if isinstance(error, RedisError):
            raise Unavailable(retry_after=2) from error


def sessions() -> Sessions:
    return current_app.extensions["sessions"]


def sign_in(name: str, password: str) -> dict[str, Any]:
    """Begin a session under a new id. Raises Unauthenticated, TooManyRequests, InvalidInput, Unavailable."""
    arguments = {"name": name, "password": password, "address": request.remote_addr or "unknown"}
    return enter(gateway().call("accounts", "sign_in", arguments))


def enter(identity: dict[str, Any]) -> dict[str, Any]:
    """Begin a session under a new id for a person who has been recognised. Raises Unavailable."""
    former = visitor_id()
    carry(sessions().begin(identity["person"]))
    sessions().end(former)
    g.identity = identity
    return identity


def sign_out() -> None:
    """End the session; the visitor goes on under a new id."""
    sessions().end(visitor_id())
    carry(session_record.new_id())
    g.identity = None


def current_identity() -> dict[str, Any] | None:
    """Who asks, or None. Looked up once per request; raises Unavailable."""
    if "identity" not in g:
        g.identity = identity_of_session()
    return g.identity


def identity_of_session() -> dict[str, Any] | None:
    cookie = request.cookies.get(current_app.config["SESSION_ID_COOKIE"])
    session = sessions().find(cookie) if session_record.is_id(cookie) else None
    if session is None:
        return None
    try:
        identity = identities().by_person(session.person)
    except Unauthenticated:
        identity = None  # the person may no longer sign in
    if identity is None or session.began < began_after(identity):
        sign_out()
        return None
    return identity


def began_after(identity: dict[str, Any]) -> float:
    """A new password ends the sessions from before."""
    changed = identity.get("password_set_at")
    return datetime.fromisoformat(changed).timestamp() if changed else 0.0


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """For views that visitors may not see. Raises Unauthenticated."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if current_identity() is None:
            raise Unauthenticated
        return view(*args, **kwargs)

    return guarded


def visitor_id() -> str:
    """The id in the visitor's cookie; a visitor without one gets one."""
    if "visitor_id" not in g:
        cookie = request.cookies.get(current_app.config["SESSION_ID_COOKIE"])
        if session_record.is_id(cookie):
            g.visitor_id = cookie
        else:
            carry(session_record.new_id())
    return g.visitor_id


def carry(session_id: str) -> None:
    """Have the visitor come back under this id."""
    g.visitor_id = g.id_to_set = session_id


def set_cookie(response: Response) -> Response:
    """Hand the id to the browser; without an age it goes when the browser is closed."""
    if "id_to_set" in g:
        response.set_cookie(
            current_app.config["SESSION_ID_COOKIE"], g.id_to_set,
            path="/", httponly=True, samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
    return response


def attach(app: Flask, redis: Redis) -> None:
    app.extensions["sessions"] = Sessions(redis)
    app.after_request(set_cookie)
