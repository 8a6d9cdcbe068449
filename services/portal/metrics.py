"""What Prometheus reads of the portal (text at /metrics), all workers together."""

import os
from ipaddress import ip_address
from time import monotonic

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from werkzeug.exceptions import NotFound

SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

REQUESTS = Counter("http_requests_total", "Answered requests.", ["method", "route", "status"])
LENGTH = Histogram("http_request_seconds", "Time to answer a request.", ["method", "route"], buckets=SECONDS)
CALLS = Histogram(
    "portal_calls_seconds", "Calls to services, by outcome (ok, a refusal's code, failed).",
    ["service", "outcome"], buckets=SECONDS,
)

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def metrics() -> Response:
    """For a collector in the same network; whoever comes through the front door finds nothing."""
    if "X-Forwarded-For" in request.headers or not ip_address(request.remote_addr or "0.0.0.0").is_private:
        raise NotFound
    return Response(generate_latest(everything()), content_type=CONTENT_TYPE_LATEST)


def everything() -> CollectorRegistry:
    """The sum over all workers where they share a folder (gunicorn.py sets it up), else this process."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


def count(response: Response) -> Response:
    """Routes are counted by their template: addresses as they come would be without end."""
    route = request.url_rule.rule if request.url_rule else "unknown"
    REQUESTS.labels(request.method, route, response.status_code).inc()
    LENGTH.labels(request.method, route).observe(monotonic() - g.began)
    return response


def attach(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.after_request(count)
