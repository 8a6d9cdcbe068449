"""Every exchange, queue and right on the broker.

    portal ──calls──► <service>.calls          (classic: nobody waits for a stored call)
    <service> ──replies──► reply.<id>          (one per portal thread, gone with it)
    <service> ──facts.<service>──► <reader>.facts   (quorum, each fact until it is handled)
                                     └─ after the delivery limit, or undecodable ─► <reader>.dead

An operator's account declares all of it before the first message; the services may only
read and write what is theirs. The arguments are spelled out because RabbitMQ 3.10 has no
delivery limit of its own and 4.x has another default.
"""

import argparse
import os
import sys
from dataclasses import dataclass

from kombu import Connection, Exchange, Queue

SERVICES = ("accounts", "facilities", "booking", "notify")

READERS: dict[str, tuple[str, ...]] = {
    "facilities": ("accounts",),
    "booking": ("accounts", "facilities"),
    "notify": ("accounts", "facilities", "booking"),
    "live": ("accounts", "facilities", "booking"),
}
"""Who reads whose facts. A fact without a reader would be returned to its sender."""

DELIVERY_LIMIT = 5

CALLS = Exchange("calls", type="topic", durable=True)
REPLIES = Exchange("replies", type="direct", durable=True)
DEAD = Exchange("dead", type="direct", durable=True)


@dataclass(frozen=True)
class Rights:
    """Regular expressions over the names a user may configure, write to and read from."""

    configure: str
    write: str
    read: str


def facts_exchange(source: str) -> Exchange:
    return Exchange(f"facts.{source}", type="topic", durable=True)


def calls_queue(service: str) -> Queue:
    return Queue(f"{service}.calls", CALLS, routing_key=f"{service}.*", durable=True)


def facts_queues(reader: str) -> list[Queue]:
    """One queue, bound once to each source; kombu describes a binding as a queue of the same name."""
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD.name,
        "x-dead-letter-routing-key": reader,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    if reader == "live":
        # An open board wants the news of the last minute and refetches the rest.
        arguments = {"x-queue-type": "quorum", "x-delivery-limit": DELIVERY_LIMIT, "x-message-ttl": 60_000}
    return [
        Queue(f"{reader}.facts", facts_exchange(source), routing_key="#", durable=True, queue_arguments=arguments)
        for source in READERS[reader]
    ]


def dead_queue(reader: str) -> Queue:
    # Looking at a dead letter counts as a delivery: 4.x would drop it after twenty looks.
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": 1_000_000}
    return Queue(f"{reader}.dead", DEAD, routing_key=reader, durable=True, queue_arguments=arguments)


def entities() -> list[Exchange | Queue]:
    """Everything, in an order in which it can be declared."""
    exchanges = [CALLS, REPLIES, DEAD, *(facts_exchange(service) for service in SERVICES if service != "notify")]
    queues = [calls_queue(service) for service in SERVICES]
    for reader in READERS:
        queues += [*facts_queues(reader)] if reader == "live" else [dead_queue(reader), *facts_queues(reader)]
    return [*exchanges, *queues]


def service_rights(service: str) -> Rights:
    return Rights(
        configure="^$",
        write=rf"^(replies|facts\.{service})$",
        read=rf"^{service}\.(calls|facts)$",
    )


PERMISSIONS: dict[str, Rights] = {
    **{service: service_rights(service) for service in SERVICES},
    "live": Rights(configure="^$", write="^$", read=r"^live\.facts$"),
    # Binding its reply queue needs the right to write to the queue and to read the exchange.
    "portal": Rights(configure=r"^reply\.", write=r"^(calls|reply\..*)$", read=r"^(replies|reply\..*)$"),
}


def apply(amqp_url: str) -> int:
    """Declare all of it as an operator; repeating changes nothing. Returns how many there are."""
    with Connection(amqp_url, connect_timeout=5) as connection:
        channel = connection.channel()
        for entity in entities():
            entity.bind(channel).declare()
    return len(entities())


def main() -> int:
    parser = argparse.ArgumentParser(description="Declare the broker's exchanges and queues.")
    parser.add_argument("verb", choices=["apply"])
    parser.parse_args()
    print(f"{apply(os.environ['AMQP_URL'])} exchanges and queues are in place")
    return 0


if __name__ == "__main__":
    sys.exit(main())
