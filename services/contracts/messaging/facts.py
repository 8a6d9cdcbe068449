"""The entrypoint for facts: ``@facts`` on the one method of a service that takes them.

A fact is acknowledged when it is handled, waiting or parked in the service's database, and
not before. What cannot be read as a fact is rejected to the dead letters with its raw body.
"""

import logging
from functools import partial
from typing import Any

import eventlet
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from services.contracts.events import Event
from services.contracts.messaging.consumer import Listener
from services.contracts.messaging.envelope import Envelope, Undecodable
from services.contracts.messaging.metrics import FACTS_TAKEN
from services.contracts.messaging.topology import facts_exchange, facts_queues

log = logging.getLogger(__name__)


class Facts(Entrypoint):
    """Calls the method with each envelope of the service's facts queue."""

    listener = Listener()
    prefetch_count = 4

    def setup(self):
        self.queue = facts_queues(self.container.service_name)[0]
        self.listener.register_provider(self)

    def stop(self):
        self.listener.unregister_provider(self)

    def handle_message(self, _body, message):
        try:
            envelope = Envelope.from_bytes(bytes_of(message.body))
            check_source(envelope.event(), message.delivery_info["exchange"])
        except Undecodable as error:
            self.bury(message, error)
            return
        try:
            self.container.spawn_worker(
                self,
                (envelope,),
                {},
                context_data={"correlation_id": envelope.correlation_id},
                handle_result=partial(self.finish, message),
            )
        except ContainerBeingKilled:
            self.listener.requeue_message(message)

    def finish(self, message, _worker, result, exc_info):
        if exc_info is None:
            self.listener.ack_message(message)
        elif isinstance(exc_info[1], Undecodable):
            self.bury(message, exc_info[1])
        else:
            # Our own mistake, or we are stopping. The queue counts its returns and buries it in the
            # end; the pause keeps a failing process from spinning.
            log.error("a fact goes back to its queue", exc_info=exc_info)
            eventlet.sleep(1)
            self.listener.requeue_message(message)
        return result, exc_info

    def bury(self, message, error: Exception):
        log.error("a message goes to the dead letters", extra={"error": str(error)[:500]})
        FACTS_TAKEN.labels("dead").inc()
        self.listener.reject_message(message)


def check_source(event: Event, exchange: str) -> None:
    """Only its owner may say a fact, on the owner's exchange; an operator's redrive comes straight to the queue.

    Raises Undecodable.
    """
    if exchange not in (facts_exchange(event.source).name, ""):
        raise Undecodable(f"{type(event).__name__} came by {exchange}")


def bytes_of(body: Any) -> bytes:
    return body if isinstance(body, bytes) else str(body).encode()


facts = Facts.decorator
