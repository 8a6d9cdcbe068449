"""Takes facts, tells the streams which facility's row changed, and ends the sessions of who may no longer sign in."""

import logging

from nameko.extensions import DependencyProvider
from nameko.web.handlers import http
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis import Redis, RedisError
from werkzeug.wrappers import Response

from services.contracts.events import Event, InterruptionChanged, PersonChanged, ReservationsHit, SiteChanged
from services.contracts.messaging import encoding
from services.contracts.messaging.facts import facts
from services.portal.live import BOARD_CHANNEL, EVERYTHING
from services.portal.session_record import ENDED_CHANNEL, key_of_hash, sessions_of

log = logging.getLogger(__name__)


class Board(DependencyProvider):
    """Publishes on Redis."""

    def setup(self):
        self.redis = Redis.from_url(self.container.config["REDIS_URL"], socket_timeout=2, socket_connect_timeout=2)

    def get_dependency(self, worker_ctx):
        return self

    def changed(self, facility: str) -> None:
        """Tell all streams. While Redis is away they hear nothing, and start anew when it is back."""
        try:
            self.redis.publish(BOARD_CHANNEL, encoding.dumps({"facility": facility}))
        except RedisError as error:
            log.warning("nobody hears that %s changed: %s", facility, error)

    def leave(self, person: str) -> None:
        """End the person's sessions and streams. Raises RedisError: the fact then comes again."""
        for hashed in self.redis.smembers(sessions_of(person)):
            self.redis.delete(key_of_hash(hashed.decode()))
            self.redis.publish(ENDED_CHANNEL, hashed)

    def answers(self) -> bool:
        try:
            return bool(self.redis.ping())
        except RedisError:
            return False


class LiveService:
    name = "live"
    board = Board()

    @facts
    def take_fact(self, envelope):
        event = envelope.event()
        for facility in facilities_of(event):
            self.board.changed(facility)
        if isinstance(event, PersonChanged) and not event.active:
            self.board.leave(event.person)

    @http("GET", "/healthz")
    def healthz(self, request):
        return Response("ok\n")

    @http("GET", "/readyz")
    def readyz(self, request):
        return Response("ready\n") if self.board.answers() else Response("redis\n", status=503)

    @http("GET", "/metrics")
    def metrics(self, request):
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def facilities_of(event: Event) -> set[str]:
    """The rows that a fact changes; a move changes two, a base's calendar and its closing all.

    Of an interruption booking tells when its copy shows it.
    """
    if isinstance(event, InterruptionChanged):
        return set()
    if isinstance(event, SiteChanged) or (isinstance(event, ReservationsHit) and event.facility is None):
        return {EVERYTHING}
    return {getattr(event, name, None) for name in ("facility", "former_facility")} - {None}
