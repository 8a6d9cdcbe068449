"""What a service is given of its database: transactions, the inbox, and a relay at work behind it."""

import itertools
import logging
from contextvars import ContextVar

import eventlet
from eventlet.event import Event
from nameko.extensions import DependencyProvider

from services.contracts.errors import Unavailable
from services.contracts.messaging import outbox, tracing
from services.contracts.messaging.broker import Confirmed
from services.contracts.messaging.database import connect, is_outage
from services.contracts.messaging.inbox import Inbox
from services.contracts.messaging.metrics import FACTS_OLDEST, FACTS_PARKED
from services.contracts.messaging.topology import facts_exchange
from services.contracts.messaging.unit_of_work import Transactions

log = logging.getLogger(__name__)

LONGEST_SECONDS = 10.0
WATCH_SECONDS = 5
FORGET_SECONDS = 3600

seconds: ContextVar[float] = ContextVar("seconds", default=LONGEST_SECONDS)
"""How long the work in hand may still take: a network that swallows packets ends no wait by itself."""

WATCH = """
    SELECT (SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)
              FROM outbox WHERE sent_at IS NULL) AS oldest,
           (SELECT count(*) FROM inbox WHERE parked AND handled_at IS NULL) AS parked"""


class Store(DependencyProvider):
    """``execute`` a command, ``read`` a query, ``run`` due work, ``take`` a fact."""

    def __init__(self, unit_of_work, relays=True):
        self.unit_of_work = unit_of_work
        self.relays = relays
        self.stopping = False
        self.news = Event()

    def setup(self):
        config = self.container.config
        self.engine = connect(config["DATABASE_URL"], self.container.max_workers + 3)
        self.transactions = Transactions(self.engine, self.unit_of_work, after_commit=self.wake)
        self.inbox = Inbox(self.transactions, self.container.service_name, float(config.get("TIME_SCALE", 1)))
        self.time_scale = self.inbox.time_scale

    def start(self):
        if self.relays:
            exchange = facts_exchange(self.container.service_name).name
            relay = outbox.Relay(self.engine, Confirmed(self.container.config["AMQP_URI"]), exchange)
            self.container.spawn_managed_thread(lambda: relay.work(self.wait, lambda: self.stopping))
        self.container.spawn_managed_thread(self.watch)

    def stop(self):
        self.stopping = True
        self.wake()

    def get_dependency(self, worker_ctx):
        tracing.begin(worker_ctx.data.get("correlation_id"))
        seconds.set(worker_ctx.data.get("seconds", LONGEST_SECONDS))
        return self

    def execute(self, handler, message):
        """Run a command's handler once; the caller's deadline ends it here too."""
        with eventlet.Timeout(seconds.get(), Unavailable(retry_after=1)):
            return self.transactions.execute(handler, message)

    def read(self, query, **arguments):
        """Run ``query(connection, **arguments)`` within the caller's deadline."""
        with eventlet.Timeout(seconds.get(), Unavailable(retry_after=1)):
            return self.transactions.read(query, **arguments)

    def run(self, handler):
        """Due work: ``handler(uow, now)``. It stays due while the database is away, so nothing is raised then."""
        return self.when_there(self.transactions.run, handler)

    def redrive(self, handler):
        """Try parked and waiting facts again whose time has come."""
        return self.when_there(self.inbox.redrive, handler)

    def when_there(self, work, *arguments):
        try:
            return work(*arguments)
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("database away", extra={"error": type(error).__name__})
            return None

    def take(self, envelope, handler):
        """Handle a fact once and in order; waits while the database is away."""
        self.inbox.take_patiently(envelope, handler, lambda: self.stopping)

    def wake(self):
        """Tell the relay that there is something to send."""
        if not self.news.ready():
            self.news.send()

    def wait(self, seconds):
        with eventlet.Timeout(seconds, False):
            self.news.wait()
        self.news = Event()

    def watch(self):
        """Keep the gauges true, and forget once an hour what has grown old."""
        rounds = itertools.cycle(range(FORGET_SECONDS // WATCH_SECONDS))
        while not self.stopping:
            try:
                self.read(gauge)
                if next(rounds) == 0:
                    self.transactions.forget()
            except Exception as error:  # looking must not end the service
                log.warning("the database could not be watched", extra={"error": type(error).__name__})
            eventlet.sleep(WATCH_SECONDS)

    def ready(self):
        """Raises when the database does not answer."""
        self.read(lambda connection: connection.exec_driver_sql("SELECT 1"))


def gauge(connection):
    outbox.unsent(connection)
    row = connection.exec_driver_sql(WATCH).one()
    FACTS_OLDEST.set(row.oldest)
    FACTS_PARKED.set(row.parked)
