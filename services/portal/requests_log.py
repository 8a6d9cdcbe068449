"""The thread of a request, from its id to its line in the log."""

import logging
from time import monotonic

from flask import Flask, Response, g, request

from services.contracts.messaging.tracing import begin, correlation_id

HEADER = "X-Request-Id"

log = logging.getLogger("portal.requests")


def start() -> None:
    g.began = monotonic()
    begin(request.headers.get(HEADER))


def finish(response: Response) -> Response:
    """Echo the request's id, and write the line. The query is left out: it may tell what somebody looks for."""
    response.headers[HEADER] = correlation_id.get()
    log.info("request", extra={
        "method": request.method, "path": request.path, "status": response.status_code,
        "milliseconds": round((monotonic() - g.began) * 1000, 1),
        "person": (g.get("identity") or {}).get("person", ""), "address": request.remote_addr,
    })
    return response


def attach(app: Flask) -> None:
    app.before_request(start)
    app.after_request(finish)
