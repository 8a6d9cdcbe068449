"""What every service tells about itself: GET /healthz, /readyz and /metrics, and the query ``ping``."""

from nameko.web.handlers import http
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.wrappers import Response

from services.contracts.messaging.rpc import query


class Watched:
    """A mixin; the service has a ``store``."""

    @http("GET", "/healthz")
    def healthz(self, request):
        """Alive: says nothing about the servers it depends on, so that a restart cures what it can."""
        return Response("ok\n")

    @http("GET", "/readyz")
    def readyz(self, request):
        """Ready: its database answers."""
        try:
            self.store.ready()
        except Exception:  # whatever it is, the service cannot work now
            return Response("database\n", status=503)
        return Response("ready\n")

    @http("GET", "/metrics")
    def metrics(self, request):
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


class Observed(Watched):
    """For a service that takes calls."""

    @query
    def ping(self):
        """Answers over the broker, so that the whole road is tried."""
        self.store.ready()
        return {"service": self.name, "ready": True}
