"""Who may call a route: ``@reads`` for questions, ``@changes(scope, ...)`` for commands.

A session may do whatever its person may; a token only what one of its scopes allows. What
the person may do is decided by the service that owns the data, not here.
"""

from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import wraps
from typing import Any

from flask import g, request

from services.contracts.errors import NotAllowed, Unauthenticated
from services.portal.api.answers import check_request_key
from services.portal.identities import identities
from services.portal.security import check_csrf
from services.portal.sessions import current_identity

SCOPES = ("read", "reserve", "manage")

REFUSALS = (401, 403, 429, 503)
UNREADABLE = (400, 413, 415)

View = Callable[..., Any]


def reads(view: View) -> View:
    """For a question: a session, or a token of any scope."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        authenticate(SCOPES)
        return view(*args, **kwargs)

    return described(guarded, REFUSALS, security=[{"token": []}, {"session": []}])


def changes(*scopes: str) -> Callable[[View], View]:
    """For a command: a session with its CSRF token, or a token with one of these scopes. Takes an Idempotency-Key."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            authenticate(scopes)
            check_request_key()
            return view(*args, **kwargs)

        return described(
            guarded,
            (*REFUSALS, *UNREADABLE),
            security=[{"token": []}, {"session": [], "csrf": []}],
            parameters=["IdempotencyKey"],
            **{"x-token-scopes": scopes},
        )

    return decorate


def authenticate(scopes: Iterable[str]) -> None:
    """Find out who asks. Raises Unauthenticated, NotAllowed (forged, or the scope is missing), Unavailable."""
    header = request.headers.get("Authorization")
    if header is None:
        if current_identity() is None:
            raise Unauthenticated
        check_csrf()
        return
    g.scopes = frozenset()  # from here on the caller is known to be a program
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    g.identity = identities().by_token(token.strip())
    g.scopes = frozenset(g.identity["scopes"])
    if g.scopes.isdisjoint(scopes):
        raise NotAllowed(reason="scope")


def described(view: View, refusals: Iterable[int], **documentation: Any) -> View:
    """Add to what the API's description says of a route."""
    problems = {str(status): str(status) for status in refusals}
    view._apidoc = deepcopy(getattr(view, "_apidoc", {}))
    view._apidoc["manual_doc"] = {"operationId": view.__name__, "responses": problems, **documentation}
    return view
