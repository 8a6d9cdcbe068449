"""Who a person or a token is, as accounts says, remembered for a moment.

A right that was taken away must end within five seconds; three leave room for the call.
"""

import hashlib
from threading import Lock
from typing import Any

from cachetools import TTLCache
from flask import Flask, current_app

from services.contracts.errors import NotFound, Unauthenticated
from services.portal.gateway import Gateway

SECONDS = 3
LONGEST_TOKEN = 200


class Identities:
    """Identities by person and by token. Raises Unauthenticated, Unavailable."""

    def __init__(self, gateway: Gateway, seconds: float = SECONDS):
        self.gateway = gateway
        self.known: TTLCache[tuple[str, str], dict[str, Any]] = TTLCache(10_000, seconds)
        self.turn = Lock()

    def by_person(self, person: str) -> dict[str, Any]:
        return self.found(("person", person), "identity", {"person": person})

    def by_token(self, token: str) -> dict[str, Any]:
        """An identity with ``scopes``. Tokens are kept as hashes only."""
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated
        return self.found(("token", hashlib.sha256(token.encode()).hexdigest()), "identity_by_token", {"token": token})

    def by_device(self, secret: str) -> dict[str, Any]:
        """A screen that was paired, with its ``device`` and ``facility``. Secrets are kept as hashes only."""
        if len(secret) > LONGEST_TOKEN:
            raise Unauthenticated
        key = ("device", hashlib.sha256(secret.encode()).hexdigest())
        return self.found(key, "identity_by_device", {"secret": secret})

    def found(self, key: tuple[str, str], method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        with self.turn:
            identity = self.known.get(key)
        if identity is None:
            identity = self.asked(method, arguments)
            with self.turn:
                self.known[key] = identity
        return identity

    def asked(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            identity = self.gateway.call("accounts", method, arguments)
        except NotFound as error:
            raise Unauthenticated from error
        if not identity["active"]:
            raise Unauthenticated
        return identity

    def forget(self, person: str) -> None:
        """After a change of one's own, such as the language."""
        with self.turn:
            for key in [key for key, identity in self.known.items() if identity["person"] == person]:
                self.known.pop(key, None)


def identities() -> Identities:
    return current_app.extensions["identities"]


def attach(app: Flask, gateway: Gateway) -> None:
    app.extensions["identities"] = Identities(gateway)
