"""Sending a command under the caller's key, and answering with what the service said."""

import re
from typing import Any
from uuid import uuid4

from flask import Flask, Response, g, request

from services.contracts.commands import Command
from services.contracts.messaging import encoding
from services.portal.errors import Malformed
from services.portal.gateway import gateway

KEY_HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,255}")


def actor() -> str:
    return g.identity["person"]


def check_request_key() -> None:
    """The caller's key, or a new one. Raises Malformed."""
    key = request.headers.get(KEY_HEADER)
    if key is not None and not KEY.fullmatch(key):
        raise Malformed(errors={KEY_HEADER: ["not_visible_ascii"]})
    g.request_key = key or str(uuid4())


def ask(service: str, query: str, /, **arguments: Any) -> Any:
    """A query's answer to the caller."""
    return gateway().call(service, query, {"actor": actor(), **arguments})


def send(kind: type[Command], /, **fields: Any) -> Any:
    """Send a command as the caller; what it came to."""
    answer = gateway().send(kind(actor=actor(), request_key=g.request_key, **fields))
    g.replayed = answer.replayed
    return answer.value


def answered(value: Any, status: int = 200) -> Response:
    """What a service said, handed on as it is: no schema walks through a week's board again."""
    return Response(encoding.dumps(value), status, mimetype="application/json")


def listed(value: dict[str, Any]) -> Response:
    return answered({"next_cursor": None} | value)


def created(value: dict[str, Any], address: str) -> Response:
    response = answered(value, 201)
    response.headers["Location"] = address
    return response


def tell_key(response: Response) -> Response:
    """Give the key back, so that a caller who sent none can repeat safely, and say when it was a repeat."""
    if "request_key" in g:
        response.headers[KEY_HEADER] = g.request_key
    if g.get("replayed"):
        response.headers["Idempotency-Replayed"] = "true"
    return response


def attach(app: Flask) -> None:
    app.after_request(tell_key)
